import { type IDBPDatabase, openDB } from 'idb';
import type { Clock, Locks, Random } from '../ports';

const DATABASE = 'parley-locks';
const TABLE = 'leases';
const LEASE_MILLIS = 15_000;
const RENEWAL_MILLIS = 5_000;
/** In a tab that nobody sees, a browser may let timers run once a minute only. */
const HIDDEN_LEASE_MILLIS = 90_000;
const ASK_AGAIN_MILLIS = 1_000;

interface Lease {
  readonly name: string;
  readonly owner: string;
  readonly until: number;
}

/**
 * Locks for pages without Web Locks: a row that says who has it and until when, renewed while it is
 * held. A tab that dies keeps its locks for another 15 seconds (90 if it was hidden). One that the
 * browser froze for longer has lost them and doesn't know: the server's numbering is what then
 * keeps two tabs from storing under one number.
 */
export function leases(clock: Clock, random: Random): Locks {
  const opening = openLeases().catch(() => null);
  // Without IndexedDB, tables are each tab's own, and so are locks.
  const local = new Set<string>();

  async function tryTake(name: string): Promise<(() => void) | null> {
    const database = await opening;
    if (!database) return tryLocal(local, name);
    const owner = random.id();
    const isMine = await claim(database, name, owner, clock, false);
    return isMine ? keep(database, name, owner, clock) : null;
  }

  return {
    tryTake,
    async take(name, signal) {
      for (;;) {
        signal.throwIfAborted();
        const release = await tryTake(name);
        if (release && signal.aborted) release();
        else if (release) return release;
        else await pause(clock, signal);
      }
    },
  };
}

async function openLeases(): Promise<IDBPDatabase<unknown>> {
  return openDB(DATABASE, 1, {
    upgrade: (database) => {
      database.createObjectStore(TABLE, { keyPath: 'name' });
    },
  });
}

function tryLocal(local: Set<string>, name: string): (() => void) | null {
  if (local.has(name)) return null;
  local.add(name);
  return () => local.delete(name);
}

/** Takes a lease that is free or has run out; with `renewal`, prolongs it only if it is still ours. */
async function claim(
  database: IDBPDatabase<unknown>,
  name: string,
  owner: string,
  clock: Clock,
  renewal: boolean,
): Promise<boolean> {
  const { store, done } = database.transaction(TABLE, 'readwrite');
  const held = (await store.get(name)) as Lease | undefined;
  const now = clock.now();
  // One that runs for longer than any may was given by a clock that was set back since.
  const isRunning =
    held !== undefined && held.until > now && held.until <= now + HIDDEN_LEASE_MILLIS;
  const isFree = renewal ? held?.owner === owner : !isRunning;
  if (isFree) {
    const lease: Lease = { name, owner, until: now + leaseMillis() };
    await store.put(lease);
  }
  await done;
  return isFree;
}

function leaseMillis(): number {
  return document.visibilityState === 'hidden' ? HIDDEN_LEASE_MILLIS : LEASE_MILLIS;
}

/** Renews it until it is given back. */
function keep(
  database: IDBPDatabase<unknown>,
  name: string,
  owner: string,
  clock: Clock,
): () => void {
  let cancel = clock.after(RENEWAL_MILLIS, renew);
  function renew(): void {
    cancel = clock.after(RENEWAL_MILLIS, renew);
    void claim(database, name, owner, clock, true).catch(() => undefined);
  }
  /** The timers slow down from here on: the lease has to be longer before they do. */
  function prolong(): void {
    void claim(database, name, owner, clock, true).catch(() => undefined);
  }
  function release(): void {
    cancel();
    listening.abort();
    void giveBack(database, name, owner).catch(() => undefined);
  }
  const listening = new AbortController();
  const { signal } = listening;
  document.addEventListener('visibilitychange', prolong, { signal });
  // A page that the browser keeps in its cache may come back, and counts on what it holds.
  const left = ({ persisted }: PageTransitionEvent) => (persisted ? prolong() : release());
  window.addEventListener('pagehide', left, { signal });
  window.addEventListener('pageshow', prolong, { signal });
  return release;
}

async function giveBack(
  database: IDBPDatabase<unknown>,
  name: string,
  owner: string,
): Promise<void> {
  const { store, done } = database.transaction(TABLE, 'readwrite');
  const held = (await store.get(name)) as Lease | undefined;
  if (held?.owner === owner) await store.delete(name);
  await done;
}

/** Some time, or until there is no more waiting. */
function pause(clock: Clock, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const cancel = clock.after(ASK_AGAIN_MILLIS, end);
    function end(): void {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    }
    signal.addEventListener('abort', end);
  });
}
