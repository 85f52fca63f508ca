import type { Event, Operation, Person } from '../protocol/frames.gen';

/** What a person may want done; `skip` is the outbox's own. */
export type Wanted = Exclude<Operation, { kind: 'skip' }>;

/** An operation that waits to be stored, or failed and waits for a decision. A row of `items`. */
export interface Item {
  readonly queue: string;
  /** Its place in the queue; rises. */
  readonly order: number;
  /** Names it to the view, for ever. */
  readonly key: string;
  readonly conversation: string;
  /** With whom, for it to be shown even when the conversation went with a restore. */
  readonly peer: Person | null;
  readonly op: Wanted;
  /** When it was written. */
  readonly at: number;
  /** The life of the database whose places the operation names; absent if it may name any. */
  readonly epoch?: string;
  /**
   * The number it was given, and in which outbox. From then on this number means this operation: it
   * may have been sent, and may be stored.
   */
  readonly number: Numbered | null;
  /**
   * The number is of an outbox that isn't used any more: what became of it must be known before the
   * operation gets another. `skip` gives the number up, which tells; `same` sends it as it was.
   */
  readonly settle: 'skip' | 'same' | null;
  /** Called back (`cancelled`), or to fail with this code unless it turns out to be stored. */
  readonly withdrawn: string | null;
  /** Refused for good, with this code. It has no number any more. */
  readonly failure: string | null;
}

export interface Numbered {
  readonly outbox: number;
  readonly n: number;
}

/** One queue of operations: a tab's, or one that a tab left behind. A row of `queues`. */
export interface QueueRow {
  readonly id: string;
  /** The ordinal that the server gave out for it; null until there is one. */
  readonly outbox: number | null;
  /** The life of the database in which that was. */
  readonly epoch: string | null;
  /** The next number by conversation; absent is 1. */
  readonly next: Readonly<Record<string, number>>;
  /**
   * Numbers that were spent without being stored, by conversation, since the last one that was
   * stored: a server that crashes may forget them and ask for them again.
   */
  readonly spent: Readonly<Record<string, readonly number[]>>;
  /** The next item's order. */
  readonly nextOrder: number;
}

/**
 * Whether an own event is what became of an item. A disk that lost its last writes with the power
 * may have given a number twice: so the number alone doesn't tell. The text of an event may have
 * been erased since.
 */
export function isOf(event: Event, { number, op }: Item): boolean {
  if (!('outbox' in event) || event.outbox !== number?.outbox || event.n !== number?.n) {
    return false;
  }
  switch (op.kind) {
    case 'message':
      return event.kind === 'message' && ('erased' in event || event.text === op.text);
    case 'edit':
      return (
        event.kind === 'edit' && event.of === op.of && ('erased' in event || event.text === op.text)
      );
    case 'delete':
      return event.kind === 'delete' && event.of === op.of;
    case 'react':
      return (
        event.kind === 'react' &&
        event.of === op.of &&
        event.emoji === op.emoji &&
        event.on === op.on
      );
  }
}

/**
 * The same as it may be sent in this life of the database. In another one than it was written in,
 * the place that it names is another message: an answer goes without its quote, and what changes a
 * message can't be sent at all.
 */
export function within<T extends Pick<Item, 'op' | 'epoch'>>(epoch: string, item: T): T | null {
  const { op } = item;
  if (item.epoch === undefined || item.epoch === epoch) {
    return item;
  }
  return op.kind === 'message' ? { ...item, epoch, op: { ...op, replyTo: null } } : null;
}

export const CANCELLED = 'cancelled';

/** What waited longer is only sent when the person says so again. */
export const EXPIRES_AFTER = 24 * 60 * 60 * 1000;
export const EXPIRED = 'expired';

export function emptyQueue(id: string): QueueRow {
  return { id, outbox: null, epoch: null, next: {}, spent: {}, nextOrder: 1 };
}
