import { describe, expect, it } from 'vitest';
import { hueOf, initials, isBigEmoji } from './emoji';

describe('emoji', () => {
  it('are big when there are up to three and nothing else', () => {
    for (const text of ['🎉', '❤️', '👨‍👩‍👧‍👦👍🏽🇳🇱', ' 😂 😂 '])
      expect(isBigEmoji(text)).toBe(true);
    for (const text of ['', '1', '🎉🎉🎉🎉', 'a🎉', '…', ' ']) expect(isBigEmoji(text)).toBe(false);
  });
});

describe('initials', () => {
  it('are of the first and the last word, in whole letters', () => {
    expect(initials('Ada Lovelace')).toBe('AL');
    expect(initials('  maximiliane von und zu hohenstein ')).toBe('MH');
    expect(initials('Zoë')).toBe('Z');
    expect(initials('👨‍👩‍👧 Müller')).toBe('👨‍👩‍👧M');
    expect(initials('')).toBe('');
  });
});

describe('a hue', () => {
  it('is always the same, and within the circle', () => {
    expect(hueOf('u_1')).toBe(hueOf('u_1'));
    for (let i = 0; i < 100; i += 1) expect(hueOf(`u_${i}`)).toBeLessThan(360);
  });
});
