import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { codePoints, textFault, utf8Length } from '../../src/sdk/outbox/text';

const LIMIT = 8_000;

interface Example {
  readonly text: string;
  readonly times?: number;
  readonly refusal: string | null;
}

/** The server reads the same lines. */
const corpus = fileURLToPath(
  new URL('../../../protocol/examples/text/message.jsonl', import.meta.url),
);

/** A code unit of any kind, most often one that means something. */
const unit = fc.oneof(
  fc.constantFrom(0x61, 0x20, 0x0a, 0x00, 0x200b, 0x2800, 0x600, 0xfffe, 0xfdd0, 0xe9, 0x20ac),
  fc.integer({ min: 0xd800, max: 0xdfff }),
  fc.nat(0xffff),
);
const texts = fc
  .array(unit, { maxLength: 40, size: 'max' })
  .map((units) => String.fromCharCode(...units));

test('both sides refuse the same texts', () => {
  for (const line of readFileSync(corpus, 'utf8').trim().split('\n')) {
    const { text, times, refusal } = JSON.parse(line) as Example;
    const fault = textFault(text.repeat(times ?? 1), LIMIT);
    // That nothing is to be seen is told apart here, for the person isn't told: the button is off.
    expect(fault === 'empty' ? 'invalid_text' : fault, line).toBe(refusal);
  }
});

test.each(['', ' ', '\n\t', '\u200b', '\u2800', '\u3164'])('%j is empty', (text) => {
  expect(textFault(text, LIMIT)).toBe('empty');
});

test('whatever is pasted gets an answer, and half a character is never let through', () => {
  fc.assert(
    fc.property(texts, fc.nat(60), (text, limit) => {
      const fault = textFault(text, limit);
      expect(['empty', 'too_long', 'invalid_text', null]).toContain(fault);
      if (codePoints(text) > limit) {
        expect(fault).toBe('too_long');
      } else if (/\p{Cs}/u.test(text)) {
        expect(fault).toBe('invalid_text');
      }
    }),
    { numRuns: 2_000 },
  );
});

test('what is fine stays so inside of a longer text, with spaces around it', () => {
  fc.assert(
    fc.property(texts, texts, (one, other) => {
      if (textFault(one, LIMIT) === null && textFault(other, LIMIT) === null) {
        expect(textFault(`\n ${one} \n${other}`, LIMIT)).toBeNull();
      }
    }),
    { numRuns: 2_000 },
  );
});

test('lengths are those of the code points, and of their UTF-8', () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(codePoints(text)).toBe([...text].length);
      // An encoder puts U+FFFD, of three bytes, where half a character stands.
      expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length);
    }),
    { numRuns: 2_000 },
  );
});
