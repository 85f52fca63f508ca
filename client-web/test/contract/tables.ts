import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Range, Storage, Tables, Transaction } from '../../src/sdk/ports';

interface Row {
  readonly conversation: string;
  readonly seq: number;
  readonly text?: string;
}

let people = 0;

/** What the SDK relies on, of whichever tables. */
export function tablesKeepTheirContract(make: () => Storage): void {
  let storage: Storage;
  let user: string;
  let tables: Tables;
  let open: Tables[];

  async function opened(lost: () => void = () => undefined): Promise<Tables> {
    const some = await storage.open(user, lost);
    open.push(some);
    return some;
  }

  beforeEach(async () => {
    storage = make();
    people += 1;
    user = `u_${people}`;
    open = [];
    tables = await opened();
  });

  afterEach(async () => {
    for (const some of open) some.close();
    await storage.wipe(user);
  });

  function write(work: (transaction: Transaction) => void): Promise<void> {
    return tables.transact(['events', 'meta', 'queues'], 'readwrite', async (transaction) =>
      work(transaction),
    );
  }

  function read<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return tables.transact(['events', 'meta'], 'readonly', work);
  }

  function store(...places: readonly (readonly [string, number])[]): Promise<void> {
    return write((transaction) => {
      for (const [conversation, seq] of places) transaction.put('events', { conversation, seq });
    });
  }

  async function seqs(range: Range): Promise<readonly string[]> {
    const rows = await read((transaction) => transaction.range<Row>('events', range));
    return rows.map(({ conversation, seq }) => `${conversation}${seq}`);
  }

  describe('ranges over keys of two parts', () => {
    beforeEach(() => store(['b', 2], ['a', 9], ['b', 1], ['a', 10], ['c', 1], ['b', 3]));

    test('everything stands in order of its key', async () => {
      expect(await seqs({})).toEqual(['a9', 'a10', 'b1', 'b2', 'b3', 'c1']);
    });

    test('one conversation, and nothing of its neighbours', async () => {
      expect(await seqs({ from: ['b', 0], to: ['b', Infinity] })).toEqual(['b1', 'b2', 'b3']);
    });

    test('both bounds belong to it', async () => {
      expect(await seqs({ from: ['a', 10], to: ['b', 2] })).toEqual(['a10', 'b1', 'b2']);
    });

    test('with one bound only', async () => {
      expect(await seqs({ from: ['b', 3] })).toEqual(['b3', 'c1']);
      expect(await seqs({ to: ['b', 1] })).toEqual(['a9', 'a10', 'b1']);
    });

    test('a limit takes the first', async () => {
      expect(await seqs({ from: ['b', 0], limit: 2 })).toEqual(['b1', 'b2']);
      expect(await seqs({ limit: 0 })).toEqual([]);
    });

    test.each([
      [undefined, ['b3', 'b2', 'b1']],
      [1, ['b3']],
      [2, ['b3', 'b2']],
      [3, ['b3', 'b2', 'b1']],
      [9, ['b3', 'b2', 'b1']],
    ])('in reverse, a limit of %s takes the last', async (limit, expected) => {
      const range = { from: ['b', 0], to: ['b', Infinity], reverse: true };
      expect(await seqs(limit === undefined ? range : { ...range, limit })).toEqual(expected);
    });

    test('in reverse without a lower bound', async () => {
      expect(await seqs({ to: ['b', 1], reverse: true, limit: 2 })).toEqual(['b1', 'a10']);
    });

    test('bounds the wrong way round hold nothing', async () => {
      expect(await seqs({ from: ['b', 3], to: ['b', 1] })).toEqual([]);
      expect(await seqs({ from: ['x', 0], to: ['x', Infinity], reverse: true, limit: 3 })).toEqual(
        [],
      );
      await write((transaction) => transaction.deleteRange('events', { from: ['b'], to: ['a'] }));
      expect((await seqs({})).length).toBe(6);
    });

    test('a stretch is deleted, and nothing beside it', async () => {
      await write((transaction) =>
        transaction.deleteRange('events', { from: ['b', 0], to: ['b', 2] }),
      );
      expect(await seqs({})).toEqual(['a9', 'a10', 'b3', 'c1']);
    });

    test('without bounds the whole table is deleted', async () => {
      await write((transaction) => transaction.deleteRange('events', {}));
      expect(await seqs({})).toEqual([]);
    });
  });

  describe('rows', () => {
    test('what isn’t there is undefined', async () => {
      expect(await read((transaction) => transaction.get('meta', 'epoch'))).toBeUndefined();
    });

    test('a row put again takes the place of the former', async () => {
      await write((transaction) => {
        transaction.put('meta', { name: 'epoch', value: 1 });
        transaction.put('meta', { name: 'epoch', value: 2 });
      });
      expect(await read((transaction) => transaction.range('meta', {}))).toEqual([
        { name: 'epoch', value: 2 },
      ]);
    });

    test('are not shared with whoever wrote or read them', async () => {
      const row = { name: 'marks', value: { read: 1 } };
      await write((transaction) => {
        transaction.put('meta', row);
        row.value.read = 2;
      });
      type Marks = typeof row;
      const once = await read((transaction) => transaction.get<Marks>('meta', 'marks'));
      if (once) once.value.read = 3;
      expect(await read((transaction) => transaction.get<Marks>('meta', 'marks'))).toEqual({
        name: 'marks',
        value: { read: 1 },
      });
    });

    test('a row is deleted by its key, and one that isn’t there without complaint', async () => {
      await store(['a', 1], ['a', 2]);
      await write((transaction) => {
        transaction.delete('events', ['a', 1]);
        transaction.delete('events', ['a', 7]);
      });
      expect(await seqs({})).toEqual(['a2']);
    });

    test('a transaction reads what it wrote itself', async () => {
      const found = await tables.transact(['events'], 'readwrite', async (transaction) => {
        transaction.put('events', { conversation: 'a', seq: 1 });
        transaction.delete('events', ['a', 1]);
        transaction.put('events', { conversation: 'a', seq: 2 });
        return transaction.range<Row>('events', {});
      });
      expect(found).toEqual([{ conversation: 'a', seq: 2 }]);
    });
  });

  describe('a transaction is all or nothing', () => {
    test('what is thrown inside takes back everything, and comes out', async () => {
      await store(['a', 1], ['a', 2]);
      const failing = tables.transact(['events', 'meta'], 'readwrite', async (transaction) => {
        transaction.put('events', { conversation: 'a', seq: 2, text: 'other' });
        transaction.put('events', { conversation: 'a', seq: 3 });
        transaction.deleteRange('events', { to: ['a', 1] });
        transaction.put('meta', { name: 'epoch' });
        await transaction.get('meta', 'epoch');
        throw new Error('on purpose');
      });
      await expect(failing).rejects.toThrow('on purpose');
      const rows = await read((transaction) => transaction.range<Row>('events', {}));
      expect(rows).toEqual([
        { conversation: 'a', seq: 1 },
        { conversation: 'a', seq: 2 },
      ]);
      expect(await read((transaction) => transaction.get('meta', 'epoch'))).toBeUndefined();
    });

    test('so does a row that can’t be stored', async () => {
      const uncloneable = { name: 'other', value: () => undefined };
      for (const row of [uncloneable, { value: 'without its key' }]) {
        const failing = write((transaction) => {
          transaction.put('meta', { name: 'epoch' });
          transaction.put('meta', row);
        });
        await expect(failing).rejects.toThrow();
      }
      expect(await read((transaction) => transaction.range('meta', {}))).toEqual([]);
    });

    test('a reading one writes nothing', async () => {
      const failing = read(async (transaction) => transaction.put('meta', { name: 'epoch' }));
      await expect(failing).rejects.toThrow();
      expect(await read((transaction) => transaction.range('meta', {}))).toEqual([]);
    });

    test('it reaches the tables that it named, and no others', async () => {
      const failing = tables.transact(['meta'], 'readwrite', async (transaction) =>
        transaction.put('events', { conversation: 'a', seq: 1 }),
      );
      await expect(failing).rejects.toThrow();
    });

    test('it can’t be used after its end', async () => {
      let kept: Transaction | undefined;
      await write((transaction) => {
        kept = transaction;
      });
      // Throws at once or rejects: `async` makes one of both.
      await expect((async () => kept?.get('meta', 'epoch'))()).rejects.toThrow();
    });

    test('two that write go one after the other, also from two tabs', async () => {
      const other = await opened();
      const increment = (some: Tables) =>
        some.transact(['meta'], 'readwrite', async (transaction) => {
          const row = await transaction.get<{ value: number }>('meta', 'count');
          transaction.put('meta', { name: 'count', value: (row?.value ?? 0) + 1 });
        });
      await Promise.all(Array.from({ length: 20 }, (_, i) => increment(i % 2 ? tables : other)));
      expect(await read((transaction) => transaction.get('meta', 'count'))).toEqual({
        name: 'count',
        value: 20,
      });
    });

    test('one that failed doesn’t stand in the way of the next', async () => {
      const failing = write(() => {
        throw new Error('on purpose');
      });
      const next = store(['a', 1]);
      await expect(failing).rejects.toThrow('on purpose');
      await next;
      expect(await seqs({})).toEqual(['a1']);
    });
  });

  describe('opening, closing, wiping', () => {
    test('what one tab stores another reads, and who comes later too', async () => {
      await store(['a', 1]);
      tables.close();
      tables = await opened();
      expect(await seqs({})).toEqual(['a1']);
      expect(tables.durable).toBe(true);
    });

    test('nobody sees another person’s', async () => {
      await store(['a', 1]);
      const other = await storage.open(`${user}x`, () => undefined);
      open.push(other);
      const rows = await other.transact(['events'], 'readonly', (transaction) =>
        transaction.range('events', {}),
      );
      other.close();
      await storage.wipe(`${user}x`);
      expect(rows).toEqual([]);
    });

    test('closed tables store nothing, and nobody is told that they were lost', async () => {
      let lost = 0;
      const other = await opened(() => {
        lost += 1;
      });
      other.close();
      await expect(
        other.transact(['meta'], 'readwrite', async (t) => t.put('meta', { name: 'epoch' })),
      ).rejects.toThrow();
      await storage.wipe(user);
      expect(lost).toBe(0);
    });

    test('a wipe takes the tables from whoever has them open, once', async () => {
      let lost = 0;
      const other = await opened(() => {
        lost += 1;
      });
      await store(['a', 1]);
      await storage.wipe(user);
      expect(lost).toBe(1);
      await expect(other.transact(['events'], 'readonly', async () => 0)).rejects.toThrow();
      await storage.wipe(user);
      expect(lost).toBe(1);

      tables = await opened();
      expect(await seqs({})).toEqual([]);
    });

    test('whoever opens while a wipe is under way begins anew, or is told', async () => {
      await store(['a', 1]);
      const wiping = storage.wipe(user);
      let lost = false;
      const other = await opened(() => {
        lost = true;
      });
      await wiping;
      const reading = other.transact(['events'], 'readonly', (t) => t.range('events', {}));
      if (lost) await expect(reading).rejects.toThrow();
      else expect(await reading).toEqual([]);
    });

    test('a wipe waits for what is being stored', async () => {
      const writing = store(['a', 1]);
      await storage.wipe(user);
      await writing.catch(() => undefined);
      tables = await opened();
      expect(await seqs({})).toEqual([]);
    });
  });
}
