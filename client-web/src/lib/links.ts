import { LinkifyIt } from 'linkify-it';

/** A stretch of a text; with `href` where it is a link that is safe to follow. */
export interface Piece {
  readonly text: string;
  readonly href: string | null;
}

const SAFE = new Set(['http:', 'https:', 'mailto:']);

const finder = new LinkifyIt({ fuzzyLink: true, fuzzyEmail: true })
  .add('ftp:', null)
  .add('//', null);

/** Cuts a text at its links. Nothing is lost: the pieces joined are the text. */
export function pieces(text: string): Piece[] {
  // Most texts have none, and neither a dot, an @ nor a colon: those cost nothing.
  if (!/[.:@]/.test(text)) return [{ text, href: null }];
  const found: Piece[] = [];
  let end = 0;
  for (const match of finder.match(text) ?? []) {
    if (!isSafe(match.url)) continue;
    if (match.index > end) found.push({ text: text.slice(end, match.index), href: null });
    found.push({ text: text.slice(match.index, match.lastIndex), href: match.url });
    end = match.lastIndex;
  }
  if (end < text.length || found.length === 0) found.push({ text: text.slice(end), href: null });
  return found;
}

/** Asked of the parsed address, which is what the browser would follow. */
function isSafe(url: string): boolean {
  try {
    return SAFE.has(new URL(url).protocol);
  } catch {
    return false;
  }
}
