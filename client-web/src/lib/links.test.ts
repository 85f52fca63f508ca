import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pieces } from './links';

const hrefs = (text: string) => pieces(text).flatMap(({ href }) => href ?? []);

describe('links', () => {
  it('are found with and without a scheme, and without the full stop behind them', () => {
    expect(hrefs('See https://example.org/a?b=1#c.')).toEqual(['https://example.org/a?b=1#c']);
    expect(hrefs('example.com or bob@example.org')).toEqual([
      'http://example.com',
      'mailto:bob@example.org',
    ]);
    expect(hrefs('(https://en.wikipedia.org/wiki/A_(b))')).toEqual([
      'https://en.wikipedia.org/wiki/A_(b)',
    ]);
  });

  it('lead to nothing that could run or read files', () => {
    for (const text of [
      'javascript:alert(1)',
      'JaVaScRiPt:alert(1)//example.org',
      'data:text/html,<script>alert(1)</script>',
      'file:///etc/passwd',
      'vbscript:x',
      'ftp://example.org',
    ]) {
      for (const href of hrefs(text)) expect(href).toMatch(/^(https?|mailto):/);
    }
  });

  it('lose nothing of the text', () => {
    const likely = fc.array(
      fc.oneof(
        fc.string(),
        fc.constantFrom('https://a.de/ü', ' ', '\n', 'x@y.org', '//', '<b>', '🎉', 'http:'),
      ),
    );
    fc.assert(
      fc.property(likely, (parts) => {
        const text = parts.join('');
        expect(
          pieces(text)
            .map((piece) => piece.text)
            .join(''),
        ).toBe(text);
      }),
    );
  });
});
