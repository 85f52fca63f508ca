const MOST_CODE_POINTS = 8_000;
const MOST_BYTES = 16_384;

const FORBIDDEN = /[^\t\n\P{Cc}]|\p{Cs}|\p{Noncharacter_Code_Point}/u;
const NOTHING = /[\p{White_Space}\p{Z}\p{Cc}\p{Default_Ignorable_Code_Point}\u2800\ufff0-\ufff8]/u;
// Of the category Cf, but seen: signs of numbers and verses.
const SIGN = /[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}]/u;

/** The rules of docs/protocol.md for texts, written without a look at the client's. */
export function textFault(
  text: string,
  mostCodePoints = MOST_CODE_POINTS,
  mostBytes = MOST_BYTES,
): 'too_long' | 'invalid_text' | null {
  const characters = [...text];
  const bytes = new TextEncoder().encode(text).length;
  if (characters.length > mostCodePoints || bytes > mostBytes) return 'too_long';
  if (FORBIDDEN.test(text)) return 'invalid_text';
  return characters.some(isVisible) ? null : 'invalid_text';
}

/** One grapheme cluster, with something to see in it. */
export function isEmoji(text: string): boolean {
  const clusters = [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)];
  return clusters.length === 1 && text.length <= 64 && textFault(text, 32, 128) === null;
}

function isVisible(character: string): boolean {
  return !NOTHING.test(character) && (SIGN.test(character) || !/\p{Cf}/u.test(character));
}
