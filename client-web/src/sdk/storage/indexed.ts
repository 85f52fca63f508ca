import { deleteDB, type IDBPDatabase, type IDBPTransaction, openDB } from 'idb';
import type { Clock, Key, Range, Storage, Tables, Transaction } from '../ports';
import { isEmpty } from './keys';
import { memoryStorage } from './memory';
import { pathOf, TABLES, VERSION } from './schema';

/** Some browsers never answer; a person waits in front of an empty page meanwhile. */
const OPEN_WITHIN_MILLIS = 5_000;
/** How long another tab may take to let go, before its deletion is left to the browser. */
const BLOCKED_FOR_MILLIS = 3_000;

type Database = IDBPDatabase<unknown>;
type Running = IDBPTransaction<unknown, string[], 'readwrite'>;

/** A person's tables in IndexedDB, each person in a database of their own. */
export function indexedStorage(clock: Clock): Storage {
  const fallback = memoryStorage(false);
  return {
    async open(user, lost) {
      try {
        return await openTables(user, lost, clock);
      } catch {
        return fallback.open(user, lost);
      }
    },
    async wipe(user) {
      await fallback.wipe(user);
      await wipe(user, clock);
    },
  };
}

function nameOf(user: string): string {
  return `parley-${user}`;
}

async function openTables(user: string, lost: () => void, clock: Clock): Promise<Tables> {
  let isOpen = true;
  let database: Database | null = null;
  function close(): void {
    isOpen = false;
    database?.close();
  }
  function lose(): void {
    if (!isOpen) return;
    close();
    lost();
  }
  const opening = openDatabase(user, lose);
  database = await within(OPEN_WITHIN_MILLIS, clock, opening).catch((fault: unknown) => {
    // If it comes after all, it must not stand in the way of a wipe.
    void opening.then((late) => late.close()).catch(() => undefined);
    throw fault;
  });
  const held = database;
  return {
    durable: true,
    close,
    transact: (names, mode, work) => transact(held, names, mode, work),
  };
}

function openDatabase(user: string, lose: () => void): Promise<Database> {
  return openDB(nameOf(user), VERSION, {
    upgrade(database) {
      for (const table of TABLES) {
        const path = pathOf(table);
        database.createObjectStore(table, {
          keyPath: typeof path === 'string' ? path : [...path],
        });
      }
    },
    // Another tab wipes them, or brings a newer version: staying would make it wait for us.
    blocking: lose,
    terminated: lose,
  });
}

/** The rows go first, for the deletion waits for tabs that may be frozen. */
async function wipe(user: string, clock: Clock): Promise<void> {
  await clear(user).catch(() => undefined);
  let blocked = (): void => undefined;
  const isBlocked = new Promise<void>((resolve) => {
    blocked = resolve;
  });
  const deleted = remove(user, () => blocked());
  const patience = isBlocked.then(
    () =>
      new Promise<void>((resolve) => {
        clock.after(BLOCKED_FOR_MILLIS, resolve);
      }),
  );
  await Promise.race([deleted, patience]);
}

async function remove(user: string, blocked: () => void): Promise<void> {
  try {
    await deleteDB(nameOf(user), { blocked });
  } catch (fault) {
    // A browser without IndexedDB, or one that has it forbidden, has nothing of ours either.
    const isRefused = fault instanceof TypeError || (fault as Error).name === 'SecurityError';
    if (!isRefused) throw fault;
  }
}

async function clear(user: string): Promise<void> {
  const database = await openDatabase(user, () => database.close());
  try {
    await transact(database, TABLES, 'readwrite', async (transaction) => {
      for (const table of TABLES) transaction.deleteRange(table, {});
    });
  } finally {
    database.close();
  }
}

async function transact<T>(
  database: Database,
  names: readonly string[],
  mode: 'readonly' | 'readwrite',
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  // Relaxed: the operating system has it. A power cut may cost the last moment; a flush at each
  // keystroke's draft would cost the battery.
  const running = database.transaction([...names], mode, {
    durability: 'relaxed',
  }) as Running;
  // It may fail while `work` still runs, and is asked for only afterwards.
  running.done.catch(() => undefined);
  let result: T;
  try {
    result = await work(new IndexedTransaction(running));
  } catch (fault) {
    abort(running);
    await running.done.catch(() => undefined);
    // What the browser has against it (QuotaExceededError) tells more than what came of that.
    throw running.error ?? fault;
  }
  await running.done;
  return result;
}

function abort(running: Running): void {
  try {
    running.abort();
  } catch {
    // It is over already: that is why `work` failed.
  }
}

class IndexedTransaction implements Transaction {
  constructor(private readonly running: Running) {}

  async get<T>(table: string, key: Key): Promise<T | undefined> {
    return (await this.store(table).get(key as IDBValidKey)) as T | undefined;
  }

  async range<T>(table: string, range: Range): Promise<T[]> {
    if (isEmpty(range)) return [];
    const store = this.store(table);
    if (!range.reverse) return (await store.getAll(bounds(range), range.limit)) as T[];
    if (range.limit === undefined) return ((await store.getAll(bounds(range))) as T[]).reverse();
    // Two steps instead of one a row: where the last `limit` rows begin, then all of them.
    const last = await store.openKeyCursor(bounds(range), 'prev');
    if (!last) return [];
    const begin = range.limit > 1 ? await last.advance(range.limit - 1) : last;
    const from = begin ? { from: begin.key as Key } : range;
    return ((await store.getAll(bounds({ ...range, ...from }))) as T[]).reverse();
  }

  put(table: string, row: object): void {
    settled(this.store(table).put(row));
  }

  delete(table: string, key: Key): void {
    settled(this.store(table).delete(key as IDBValidKey));
  }

  deleteRange(table: string, range: Pick<Range, 'from' | 'to'>): void {
    if (isEmpty(range)) return;
    const within = bounds(range);
    settled(within ? this.store(table).delete(within) : this.store(table).clear());
  }

  private store(table: string) {
    return this.running.objectStore(table);
  }
}

/** A request that fails takes the transaction with it, and is told of there. */
function settled(request: Promise<unknown>): void {
  request.catch(() => undefined);
}

function bounds({ from, to }: Pick<Range, 'from' | 'to'>): IDBKeyRange | null {
  if (from !== undefined && to !== undefined) return IDBKeyRange.bound(from, to);
  if (from !== undefined) return IDBKeyRange.lowerBound(from);
  return to !== undefined ? IDBKeyRange.upperBound(to) : null;
}

function within<T>(millis: number, clock: Clock, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = clock.after(millis, () => reject(new Error('No answer')));
    promise.then(resolve, reject).finally(stop);
  });
}
