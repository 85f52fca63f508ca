import { openDB } from 'idb';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Clock } from '../../src/sdk/ports';
import { indexedStorage } from '../../src/sdk/storage/indexed';
import { tablesKeepTheirContract } from '../contract/tables';

/** Time stands still: only what waits for nothing passes. */
const still: Clock = { now: () => 0, after: () => () => undefined };
/** Patience ends at once. */
const hasty: Clock = {
  now: () => 0,
  after: (_, run) => {
    queueMicrotask(run);
    return () => undefined;
  },
};

describe('tables in IndexedDB', () => {
  tablesKeepTheirContract(() => indexedStorage(still));
});

describe('a browser that refuses', () => {
  afterEach(() => vi.unstubAllGlobals());

  test('without IndexedDB, tables are in memory and say so', async () => {
    vi.stubGlobal('indexedDB', undefined);
    const storage = indexedStorage(still);
    const tables = await storage.open('u_none', () => undefined);
    expect(tables.durable).toBe(false);
    await tables.transact(['meta'], 'readwrite', async (t) => t.put('meta', { name: 'epoch' }));
    const again = await storage.open('u_none', () => undefined);
    expect(await again.transact(['meta'], 'readonly', (t) => t.range('meta', {}))).toEqual([
      { name: 'epoch' },
    ]);
    await storage.wipe('u_none');
    await expect(again.transact(['meta'], 'readonly', async () => 0)).rejects.toThrow();
  });

  test('one that never answers is given up', async () => {
    const tables = await indexedStorage(hasty).open('u_late', () => undefined);
    expect(tables.durable).toBe(false);
  });

  test('tables of a newer client are left alone', async () => {
    (await openDB('parley-u_newer', 99)).close();
    const tables = await indexedStorage(still).open('u_newer', () => undefined);
    expect(tables.durable).toBe(false);
  });
});

test('a wipe doesn’t wait for ever for a tab that won’t let go', async () => {
  const storage = indexedStorage(hasty);
  const mine = await indexedStorage(still).open('u_stuck', () => undefined);
  await mine.transact(['meta'], 'readwrite', async (t) => t.put('meta', { name: 'epoch' }));
  mine.close();
  const stuck = await openDB('parley-u_stuck');

  await storage.wipe('u_stuck');

  expect(await stuck.getAll('meta')).toEqual([]);
  stuck.close();
});

test('a newer version of the tables takes them, and the old ones are told', async () => {
  let lost = 0;
  const old = await indexedStorage(still).open('u_update', () => {
    lost += 1;
  });
  (await openDB('parley-u_update', 2)).close();
  expect(lost).toBe(1);
  await expect(old.transact(['meta'], 'readonly', async () => 0)).rejects.toThrow();
});
