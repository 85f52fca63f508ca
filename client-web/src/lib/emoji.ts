/** What a reaction is chosen from without a picker. */
export const QUICK_EMOJI = ['👍', '❤️', '😂', '😮', '😢', '🙏'] as const;

const BIG_LIMIT = 3;
// Browsers know the flag; the compiler, told of an older target, doesn't.
const UNICODE_SETS = 'v';
const EMOJI = new RegExp('^\\p{RGI_Emoji}$', UNICODE_SETS);
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Whether a text is one to three emoji and nothing else; such are shown large. */
export function isBigEmoji(text: string): boolean {
  const trimmed = text.trim();
  // An emoji of a family takes some 25 units; whatever is longer isn't looked at.
  if (trimmed === '' || trimmed.length > BIG_LIMIT * 30) return false;
  let count = 0;
  for (const { segment } of graphemes.segment(trimmed)) {
    if (segment === ' ') continue;
    count += 1;
    if (count > BIG_LIMIT || !EMOJI.test(segment)) return false;
  }
  return count > 0;
}

/** One or two letters that stand for a name. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => {
    for (const { segment } of graphemes.segment(word ?? '')) return segment;
    return '';
  });
  return letters.join('').toLocaleUpperCase();
}

/** A hue that is always the same for the same id; neighbours are far apart. */
export function hueOf(id: string): number {
  let hash = 0;
  for (let i = 0; i < id.length; i += 1) hash = (hash * 31 + id.charCodeAt(i)) | 0;
  return Math.abs(Math.round(hash * 137.508)) % 360;
}
