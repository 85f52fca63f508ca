/**
 * What the SDK needs of the world around it, and nothing more: a browser's in `browser.ts`, a
 * test's with a clock that stands still until it is told.
 */

/** Times in milliseconds since 1970; only differences and labels are made of them. */
export interface Clock {
  now(): number;
  /** Calls once after `millis`; the answer takes it back. */
  after(millis: number, run: () => void): () => void;
}

export interface Random {
  /** From 0 up to, but not, 1. */
  fraction(): number;
  /** 128 bits that nobody else draws, as hexadecimal. */
  id(): string;
}

/** One WebSocket's life, from the client's side. Nothing is heard after `closed`. */
export interface Socket {
  /** Text frames only; what can't be sent any more is dropped, `closed` tells. */
  send(text: string): void;
  close(): void;
}

export interface SocketEvents {
  opened(): void;
  message(text: string): void;
  closed(): void;
}

export interface Sockets {
  dial(events: SocketEvents): Socket;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From the root, with the query. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface HttpResponse {
  readonly status: number;
  /** Null when there was none, or it wasn't JSON. */
  readonly body: unknown;
}

export interface Http {
  /** Rejects only when no answer came: within 20 s, too. */
  call(request: HttpRequest): Promise<HttpResponse>;
}

/** Where a table's rows are found: a string, a number, or several of them, compared in turn. */
export type Key = string | number | readonly (string | number)[];

/** Everything between two keys, both included; every bound may be left out. */
export interface Range {
  readonly from?: Key;
  readonly to?: Key;
  /** Highest first. */
  readonly reverse?: boolean;
  readonly limit?: number;
}

/**
 * One transaction: all of it is stored, or nothing. It ends when nothing is asked of it any more,
 * so whoever is inside may await nothing but its answers.
 */
export interface Transaction {
  get<T>(table: string, key: Key): Promise<T | undefined>;
  range<T>(table: string, range: Range): Promise<T[]>;
  /** The row carries its own key. */
  put(table: string, row: object): void;
  delete(table: string, key: Key): void;
  /** Every row between `from` and `to`; with neither, the whole table. */
  deleteRange(table: string, range: Pick<Range, 'from' | 'to'>): void;
}

/** One person's tables on this device. */
export interface Tables {
  /** Rejects when it couldn't be stored; then nothing of it was. */
  transact<T>(
    tables: readonly string[],
    mode: 'readonly' | 'readwrite',
    work: (transaction: Transaction) => Promise<T>,
  ): Promise<T>;
  /** False when it all goes with the tab. */
  readonly durable: boolean;
  close(): void;
}

export interface Storage {
  /**
   * Opens a person's tables, made where there are none; in memory if the browser refuses.
   *
   * @param lost told once when the tables are taken away: another tab wiped them, or the browser closed them
   */
  open(user: string, lost: () => void): Promise<Tables>;
  /** Deletes all tables of this person; other tabs let go of theirs first. */
  wipe(user: string): Promise<void>;
}

/** Locks that the tabs of a browser share, and that a tab's death sets free. */
export interface Locks {
  /** Null when somebody has it; else what gives it back. */
  tryTake(name: string): Promise<(() => void) | null>;
  /** Waits for it. Rejects once `signal` is aborted while it waits. */
  take(name: string, signal: AbortSignal): Promise<() => void>;
}

/** Words to the other tabs of this browser; may be lost, and come in order. */
export interface Channel {
  post(message: unknown): void;
  close(): void;
}

export interface Channels {
  open(name: string, heard: (message: unknown) => void): Channel;
}

/** What the machine tells of itself. */
export interface Surroundings {
  online(): boolean;
  visible(): boolean;
  /**
   * Calls at each change of either, on waking up (`pageshow`, `resume`), and before the page goes
   * away (`pagehide`).
   */
  watch(changed: (what: 'network' | 'visibility' | 'woke' | 'leaving') => void): () => void;
}

export interface Ports {
  readonly clock: Clock;
  readonly random: Random;
  readonly sockets: Sockets;
  readonly http: Http;
  readonly storage: Storage;
  readonly locks: Locks;
  readonly channels: Channels;
  readonly surroundings: Surroundings;
  /** Name and version for the server's log, as `web/0.1.0`. */
  readonly client: string;
  /** What this device is called in the list of sign-ins, as `Chrome on Linux`. */
  readonly device: string;
  /** A line for a ring buffer, never a message's text. */
  log(line: string): void;
}
