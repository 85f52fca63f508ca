import type { Key, Range, Storage, Tables, Transaction } from '../ports';
import { compareKeys, isEmpty } from './keys';
import { keyOf, TABLES } from './schema';

interface Entry {
  readonly key: Key;
  readonly row: object;
}

/** One person's rows, and who has them open. */
interface Store {
  readonly tables: Map<string, Entry[]>;
  readonly losers: Set<() => void>;
  /** The end of the last transaction: the next begins there. */
  turn: Promise<unknown>;
}

/**
 * Tables that go with the page, for where a browser keeps nothing, and for tests. Whoever opens
 * the same person's tables of one storage sees the same rows, as tabs do.
 *
 * @param durable what the tables say of themselves
 */
export function memoryStorage(durable: boolean): Storage {
  const stores = new Map<string, Store>();
  return {
    async open(user, lost) {
      let store = stores.get(user);
      if (!store) {
        store = { tables: emptyTables(), losers: new Set(), turn: Promise.resolve() };
        stores.set(user, store);
      }
      return opened(store, lost, durable);
    },
    async wipe(user) {
      const store = stores.get(user);
      if (!store) return;
      // Whoever opens from now on begins anew; what is under way ends first, and goes with the rest.
      stores.delete(user);
      for (const lose of store.losers) lose();
      await store.turn;
    },
  };
}

function emptyTables(): Map<string, Entry[]> {
  return new Map(TABLES.map((table) => [table, []]));
}

function opened(store: Store, lost: () => void, durable: boolean): Tables {
  let isOpen = true;
  function close(): void {
    isOpen = false;
    store.losers.delete(lose);
  }
  function lose(): void {
    close();
    lost();
  }
  store.losers.add(lose);
  return {
    durable,
    close,
    transact(names, mode, work) {
      if (!isOpen) return Promise.reject(new Error('The tables are closed'));
      // One after the other, whatever they touch: in memory there is nothing to wait for.
      const result = store.turn.then(() => run(store, names, mode, work));
      store.turn = result.catch(() => undefined);
      return result;
    },
  };
}

async function run<T>(
  store: Store,
  names: readonly string[],
  mode: 'readonly' | 'readwrite',
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  const transaction = new MemoryTransaction(store.tables, names, mode === 'readwrite');
  try {
    return await work(transaction);
  } catch (fault) {
    transaction.undo();
    throw fault;
  } finally {
    transaction.end();
  }
}

class MemoryTransaction implements Transaction {
  private readonly undoing: (() => void)[] = [];
  private isActive = true;

  constructor(
    private readonly tables: Map<string, Entry[]>,
    private readonly names: readonly string[],
    private readonly writes: boolean,
  ) {}

  async get<T>(table: string, key: Key): Promise<T | undefined> {
    const entries = this.entries(table);
    const i = indexOf(entries, key);
    const entry = entries[i];
    return entry && compareKeys(entry.key, key) === 0 ? copy<T>(entry) : undefined;
  }

  async range<T>(table: string, range: Range): Promise<T[]> {
    const entries = this.entries(table);
    const [start, end] = stretch(entries, range);
    const limit = range.limit ?? entries.length;
    const found = range.reverse
      ? entries.slice(Math.max(start, end - limit), end).reverse()
      : entries.slice(start, Math.min(end, start + limit));
    return found.map((entry) => copy<T>(entry));
  }

  put(table: string, row: object): void {
    const entries = this.entries(table, true);
    const key = keyOf(table, row);
    const entry = { key, row: structuredClone(row) };
    const i = indexOf(entries, key);
    const isThere = entries[i] !== undefined && compareKeys(entries[i].key, key) === 0;
    this.replace(entries, i, isThere ? 1 : 0, [entry]);
  }

  delete(table: string, key: Key): void {
    this.deleteRange(table, { from: key, to: key });
  }

  deleteRange(table: string, range: Pick<Range, 'from' | 'to'>): void {
    const entries = this.entries(table, true);
    const [start, end] = stretch(entries, range);
    this.replace(entries, start, end - start, []);
  }

  undo(): void {
    for (const step of this.undoing.reverse()) step();
  }

  end(): void {
    this.isActive = false;
  }

  private replace(entries: Entry[], at: number, count: number, by: readonly Entry[]): void {
    const removed = entries.splice(at, count, ...by);
    this.undoing.push(() => entries.splice(at, by.length, ...removed));
  }

  private entries(table: string, toWrite = false): Entry[] {
    if (!this.isActive) throw new Error('The transaction is over');
    if (toWrite && !this.writes) throw new Error('The transaction only reads');
    const entries = this.names.includes(table) ? this.tables.get(table) : undefined;
    if (!entries) throw new Error(`The transaction is not over ${table}`);
    return entries;
  }
}

/** Rows are never shared with whoever wrote or reads them, no more than a disk would. */
function copy<T>(entry: Entry): T {
  return structuredClone(entry.row) as T;
}

/** From and up to, but not, which place the range reaches. */
function stretch(entries: readonly Entry[], range: Range): [number, number] {
  if (isEmpty(range)) return [0, 0];
  const start = range.from === undefined ? 0 : indexOf(entries, range.from);
  const end = range.to === undefined ? entries.length : indexOf(entries, range.to, true);
  return [start, end];
}

/** The first place whose key isn't below `key`; with `past`, the first above it. */
function indexOf(entries: readonly Entry[], key: Key, past = false): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const order = compareKeys((entries[middle] as Entry).key, key);
    if (order < 0 || (past && order === 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}
