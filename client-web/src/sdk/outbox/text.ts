/**
 * The server's rules for the text of messages (docs/protocol.md, Text), checked before a number is
 * given: what is refused later would cost one. A text is never changed, only refused.
 */
const MOST_BYTES = 16_384;

/** Neither space nor control, format or default-ignorable: something that a reader would see. */
const VISIBLE =
  /[^\p{White_Space}\p{Cc}\p{Cf}\p{Zs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\u{fff0}-\u{fff8}]/u;

/** Signs of numbers and verses: of the category Format, and seen all the same. */
const PREPENDED_MARK = /[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}]/u;

/** Controls but TAB and LF, lone surrogates, noncharacters. */
const FORBIDDEN = /(?![\t\n])\p{Cc}|\p{Cs}|\p{Noncharacter_Code_Point}/u;

export type TextFault = 'empty' | 'too_long' | 'invalid_text';

/**
 * Why it would be refused, or null.
 *
 * @param limit how many code points the server takes
 */
export function textFault(text: string, limit: number): TextFault | null {
  if (codePoints(text) > limit || utf8Length(text) > MOST_BYTES) {
    return 'too_long';
  }
  if (FORBIDDEN.test(text)) {
    return 'invalid_text';
  }
  return VISIBLE.test(text) || PREPENDED_MARK.test(text) ? null : 'empty';
}

export function codePoints(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; count++) {
    i += (text.codePointAt(i) ?? 0) > 0xffff ? 2 : 1;
  }
  return count;
}

/** Lone surrogates count three, as the replacement would that an encoder makes of them. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; ) {
    const point = text.codePointAt(i) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    i += point > 0xffff ? 2 : 1;
  }
  return bytes;
}
