import { describe, expect, test } from 'vitest';
import { compareKeys } from '../../src/sdk/storage/keys';
import { memoryStorage } from '../../src/sdk/storage/memory';
import { tablesKeepTheirContract } from '../contract/tables';

describe('tables in memory', () => {
  tablesKeepTheirContract(() => memoryStorage(true));

  test('say that they don’t last', async () => {
    const tables = await memoryStorage(false).open('u_1', () => undefined);
    expect(tables.durable).toBe(false);
  });
});

test('keys are compared as IndexedDB does', () => {
  const sorted = [-1, 0, 2, 10, Infinity, '', '10', '2', 'a', [], [1], [1, 0], [1, 'a'], ['a']];
  for (let i = 0; i < sorted.length; i++) {
    for (let j = 0; j < sorted.length; j++) {
      expect(Math.sign(compareKeys(sorted[i] as string, sorted[j] as string))).toBe(
        Math.sign(i - j),
      );
    }
  }
});
