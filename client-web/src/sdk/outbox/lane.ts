import { retryDelay } from '../connection/backoff';
import type { Operation } from '../protocol/frames.gen';
import { CANCELLED, type Item, type Numbered } from './item';

/** What the server said of a number. */
export type Answer =
  | { readonly type: 'accepted'; readonly seq: number; readonly at: number }
  | { readonly type: 'skipped' }
  | {
      readonly type: 'refused';
      readonly code: string;
      readonly retryable: boolean;
      readonly expected: number | null;
      readonly retryAfterMillis: number | null;
    };

/** What an answer means for its item, to be written down. */
export type Outcome =
  /** It is in the log. */
  | { readonly type: 'stored'; readonly item: Item; readonly seq: number; readonly at: number }
  /** It isn't, for good. `spent`: the number is used up all the same. */
  | { readonly type: 'failed'; readonly item: Item; readonly code: string; readonly spent: boolean }
  /** It isn't, and was called back. */
  | { readonly type: 'dropped'; readonly item: Item; readonly spent: boolean }
  /** It isn't under its old number: it may have another. */
  | { readonly type: 'unstored'; readonly item: Item }
  /** The outbox is of no more use; its other numbers have to be settled. */
  | { readonly type: 'retire' };

/** A frame to send now. */
export interface Sending {
  readonly number: Numbered;
  readonly op: Operation;
}

/**
 * One conversation's operations in one queue, and the way they go out: go-back-n (docs/protocol.md,
 * "How to run a queue"). It knows no socket, no clock and no disk: it is told what happened and
 * asked what is to be sent.
 *
 *     running ── any answer but accepted or skipped ──► settling ── all answered, or 5 s ──► paused
 *        ▲                                                                                     │
 *        └──────────────────────────── the pause is over ──────────────────────────────────────┘
 *
 * Items stand in the order in which they were written, and that is the order of their numbers.
 */
export class Lane {
  /** Those that wait; failed ones aren't the lane's. */
  private items: Item[] = [];
  /** By outbox and number: sent in this session and not answered. With the time of sending. */
  private readonly underWay = new Map<string, number>();
  /** Copies of a number that were sent, or may have been, and whose outcome nobody has told. */
  private readonly copies = new Map<string, number>();
  /** A spent number that the server asks for again. */
  private fill: Numbered | null = null;
  private flow: 'running' | 'settling' | 'paused' = 'running';
  private settleBy = 0;
  private pausedUntil = 0;
  /** Pauses in a row without anything being settled. */
  private failures = 0;
  private ready = false;

  constructor(
    private readonly spent: () => readonly number[],
    private readonly fraction: () => number,
  ) {}

  /** In order. */
  get waiting(): readonly Item[] {
    return this.items;
  }

  get isEmpty(): boolean {
    return this.items.length === 0;
  }

  isUnderWay(item: Item): boolean {
    return item.number !== null && this.underWay.has(name(item.number));
  }

  /** When it was sent that has waited for its answer the longest; null when nothing is. */
  get oldestUnderWay(): number | null {
    return this.underWay.size === 0 ? null : Math.min(...this.underWay.values());
  }

  /** Adds one that another life of this queue may have sent already. */
  restore(item: Item): void {
    this.put(item);
    if (item.number !== null) {
      this.copies.set(name(item.number), 1);
    }
  }

  /**
   * Whether it may be in the log, for all that is known here. What was settled here already is still
   * in doubt for the disk that has it.
   */
  isInDoubt(item: Item): boolean {
    const isHere = this.items.some((one) => one.order === item.order);
    return item.number !== null && (!isHere || (this.copies.get(name(item.number)) ?? 0) > 0);
  }

  /** Adds one behind all others, or puts a changed one in its place. */
  put(item: Item): void {
    const at = this.items.findIndex((other) => other.order >= item.order);
    if (at < 0) {
      this.items.push(item);
    } else if (this.items[at]?.order === item.order) {
      this.items[at] = item;
    } else {
      this.items.splice(at, 0, item);
    }
  }

  /** As the disk has it now; what was settled or called back meanwhile stays so. */
  renew(item: Item): void {
    const at = this.items.findIndex((one) => one.order === item.order);
    const before = this.items[at];
    if (before !== undefined) {
      this.items[at] = { ...item, withdrawn: item.withdrawn ?? before.withdrawn };
    }
  }

  remove(item: Item): void {
    this.items = this.items.filter((other) => other.order !== item.order);
    if (item.number !== null) {
      this.underWay.delete(name(item.number));
      this.copies.delete(name(item.number));
    }
    this.failures = 0;
  }

  /** The conversation is caught up in this session: what is stored of ours has been told. */
  begin(): void {
    this.ready = true;
  }

  /** The session is over: nothing that was sent in it will be answered. */
  lost(): readonly Item[] {
    const unanswered = this.items.filter((item) => this.isUnderWay(item));
    this.ready = false;
    this.underWay.clear();
    if (this.flow === 'settling') {
      this.flow = 'paused';
    }
    return unanswered;
  }

  /** Whether items wait for the outcome of numbers of an earlier outbox. */
  get isSettlingOld(): boolean {
    return this.items.some((item) => item.settle !== null);
  }

  /** What to send now; null when nothing, for now. What it answers counts as sent. */
  next(now: number, window: number): Sending | null {
    if (!this.ready || !this.isRunning(now) || this.underWay.size >= window) {
      return null;
    }
    if (this.fill !== null) {
      return this.sending(this.fill, { kind: 'skip' }, now);
    }
    const old = this.isSettlingOld;
    const item = this.items.find(
      (candidate) => !this.isUnderWay(candidate) && (!old || candidate.settle !== null),
    );
    return item === undefined || item.number === null
      ? null
      : this.sending(item.number, operation(item), now);
  }

  /** When to ask again, if nothing is heard before; null when only something heard can help. */
  due(): number | null {
    if (!this.ready || (this.items.length === 0 && this.fill === null)) {
      return null;
    }
    return this.flow === 'settling'
      ? this.settleBy
      : this.flow === 'paused'
        ? this.pausedUntil
        : null;
  }

  /** An answer came. What is stored or given up is the caller's to write down. */
  answered(number: Numbered, answer: Answer, now: number): Outcome | null {
    this.underWay.delete(name(number));
    if (answer.type !== 'refused' || answer.code !== 'unavailable') {
      this.copies.set(name(number), Math.max(0, (this.copies.get(name(number)) ?? 0) - 1));
    }
    if (this.fill !== null && name(this.fill) === name(number)) {
      return this.filled(answer, now);
    }
    const item = this.items.find((one) => one.number !== null && name(one.number) === name(number));
    if (item === undefined) {
      return null;
    }
    if (answer.type === 'accepted') {
      return { type: 'stored', item, seq: answer.seq, at: answer.at };
    }
    if (item.settle !== null) {
      return this.settled(item, answer, now);
    }
    if (answer.type === 'skipped') {
      return this.given(item, 'not_stored', true);
    }
    return answer.retryable
      ? this.notNow(answer, now)
      : this.refused(item, answer.code, answer.retryAfterMillis, now);
  }

  /** An answer is long overdue though the session lives: everything goes again. */
  overdue(now: number): void {
    this.underWay.clear();
    this.pause(0, now);
  }

  private isRunning(now: number): boolean {
    if (this.flow === 'settling' && (this.underWay.size === 0 || now >= this.settleBy)) {
      this.underWay.clear();
      this.flow = 'paused';
    }
    if (this.flow === 'paused' && now >= this.pausedUntil) {
      this.flow = 'running';
    }
    return this.flow === 'running';
  }

  private sending(number: Numbered, op: Operation, now: number): Sending | null {
    if (this.underWay.has(name(number))) {
      return null;
    }
    this.underWay.set(name(number), now);
    this.copies.set(name(number), (this.copies.get(name(number)) ?? 0) + 1);
    return { number, op };
  }

  private filled(answer: Answer, now: number): null {
    const { fill } = this;
    this.fill = null;
    if (answer.type === 'refused' && answer.retryable) {
      this.notNow(answer, now);
      // Unless another number is asked for first, it goes again.
      this.fill ??= answer.code === 'out_of_order' ? null : fill;
    }
    return null;
  }

  /** Of a number of an earlier outbox. Anything definite means that it isn't in the log. */
  private settled(
    item: Item,
    answer: Exclude<Answer, { type: 'accepted' }>,
    now: number,
  ): Outcome | null {
    // Out of order behind another that is still in doubt, a late copy of it may come to be stored.
    const isFirst = this.items.find((one) => one.settle !== null)?.order === item.order;
    const definite =
      answer.type === 'skipped' || !answer.retryable || (answer.code === 'out_of_order' && isFirst);
    if (!definite) {
      this.pause(answer.retryAfterMillis ?? 0, now);
      return null;
    }
    if (item.withdrawn !== null) {
      return this.given(item, item.withdrawn, false);
    }
    const ofItself =
      answer.type === 'refused' && item.settle === 'same' && !OF_THE_NUMBER.has(answer.code);
    return ofItself
      ? { type: 'failed', item, code: answer.code, spent: false }
      : { type: 'unstored', item };
  }

  private refused(item: Item, code: string, retryAfterMillis: number | null, now: number): Outcome {
    // Nothing else can be invalid about a message that answers to none.
    const unminted =
      code === 'invalid' && item.op.kind === 'message' && (item.op.replyTo ?? null) === null;
    const retires = code === 'conflict' || code === 'outbox_expired' || unminted;
    // Should the next outbox be of no use either, it takes longer every time.
    this.pause(retryAfterMillis ?? 0, now, retires);
    return retires ? { type: 'retire' } : this.given(item, code, true);
  }

  private given(item: Item, code: string, spent: boolean): Outcome {
    return item.withdrawn === CANCELLED
      ? { type: 'dropped', item, spent }
      : { type: 'failed', item, code: item.withdrawn ?? code, spent };
  }

  private notNow(answer: Extract<Answer, { type: 'refused' }>, now: number): null {
    const { code, expected } = answer;
    if (code === 'out_of_order' && expected !== null && this.spent().includes(expected)) {
      const outbox = this.items.find((item) => item.number !== null)?.number?.outbox;
      this.fill = outbox === undefined ? null : { outbox, n: expected };
      this.pause(0, now, false);
    } else {
      this.pause(answer.retryAfterMillis ?? 0, now);
    }
    return null;
  }

  /** Waits for what is under way, at most 5 s, and then as long as was asked for, or backs off. */
  private pause(millis: number, now: number, backOff = true): void {
    const first = this.flow === 'running';
    if (backOff && first) {
      this.failures++;
    }
    const delay = backOff ? Math.max(millis, this.backoff()) : millis;
    this.pausedUntil = Math.max(this.flow === 'running' ? 0 : this.pausedUntil, now + delay);
    if (first) {
      this.flow = 'settling';
      this.settleBy = now + SETTLE_WITHIN;
    }
  }

  /** The first time at once: most often an earlier number is just ahead of this one. */
  private backoff(): number {
    return this.failures <= 1 ? 0 : retryDelay(this.failures - 2, this.fraction());
  }
}

const SETTLE_WITHIN = 5_000;

/** Refusals of a number rather than of what stands under it. */
const OF_THE_NUMBER: ReadonlySet<string> = new Set([
  'not_stored',
  'conflict',
  'outbox_expired',
  'out_of_order',
  'invalid',
]);

function operation(item: Item): Operation {
  return item.withdrawn !== null || item.settle === 'skip' ? { kind: 'skip' } : item.op;
}

function name(number: Numbered): string {
  return `${number.outbox}:${number.n}`;
}
