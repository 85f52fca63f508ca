import { retryDelay } from '../connection/backoff';
import type { Clock, Random, Tables, Transaction } from '../ports';
import type { Event } from '../protocol/frames.gen';
import { CANCELLED, EXPIRED, EXPIRES_AFTER, type Item, type QueueRow } from './item';
import { type Answer, Lane, type Outcome, type Sending } from './lane';
import * as records from './records';

/** What a queue needs of the rest of the client. */
export interface QueuePorts {
  readonly tables: Tables;
  readonly clock: Clock;
  readonly random: Random;
  /** The epoch of the session that lives; null while there is none. */
  epoch(): string | null;
  /** How many unanswered operations a conversation may have. */
  window(): number;
  /** False when there is no session; its answers come later, and not after the session's end. */
  send(conversation: string, sending: Sending, answered: (answer: Answer) => void): boolean;
  /** A new outbox of this person's, and of nobody else's. */
  mint(): Promise<number>;
  /** Something is to be shown otherwise. */
  changed(conversation: string): void;
  /** What stands on the disk has changed, for the other tabs to know. */
  written(queue: string): void;
  /** The operation has its place in the log. */
  stored(item: Item, seq: number): void;
  /** An answer is overdue: is the server still there? */
  doubt(): void;
  log(line: string): void;
}

const ANSWER_EXPECTED = 5_000;
/** The server answers everything within 20 s. */
const ANSWER_OVERDUE = 25_000;
/** Sessions in a row that ended as a protocol error over the same operation. */
const MOST_STRIKES = 2;

/**
 * One queue, run by the tab that holds its lock: writes down what is wanted, gives numbers, sends,
 * and takes off what is settled. Everything that it must not forget is on the disk before it is
 * sent; what is on the disk may be sent again for ever.
 */
export class Queue {
  private row: QueueRow;
  private readonly lanes = new Map<string, Lane>();
  private readonly failures = new Map<number, Item>();
  private readonly strikes = new Map<number, number>();
  private readonly caughtUp = new Set<string>();
  private writes: Promise<unknown> = Promise.resolve();
  private alarm: (() => void) | null = null;
  private minting = false;
  private readonly numbering = new Set<string>();
  private mintFailures = 0;
  private mintAt = 0;
  private retiring = false;
  private retireFailures = 0;
  private retireAt = 0;
  private closed = false;

  private constructor(
    row: QueueRow,
    items: readonly Item[],
    private readonly ports: QueuePorts,
  ) {
    this.row = row;
    for (const item of items) {
      if (item.failure === null) {
        this.lane(item.conversation).restore(item);
      } else {
        this.failures.set(item.order, item);
      }
    }
  }

  /** Of what stands on the disk; whoever calls it holds the lock. */
  static async load(id: string, ports: QueuePorts): Promise<Queue> {
    const [row, items] = await ports.tables.transact(
      records.QUEUE_TABLES,
      'readonly',
      async (t) => [await records.readQueue(t, id), await records.itemsOf(t, id)] as const,
    );
    return new Queue(row, items, ports);
  }

  get id(): string {
    return this.row.id;
  }

  /** Nothing waits; failed ones may be left. */
  get isDrained(): boolean {
    return [...this.lanes.values()].every((lane) => lane.isEmpty);
  }

  /** Conversations in which something waits. */
  waitingIn(): string[] {
    return [...this.lanes].filter(([, lane]) => !lane.isEmpty).map(([id]) => id);
  }

  /** Conversations in which something waits or failed. */
  concerned(): Set<string> {
    return new Set([...this.all()].map((item) => item.conversation));
  }

  /** What waits and what failed, in the order in which it was written. */
  items(conversation: string): Item[] {
    const waiting = this.lanes.get(conversation)?.waiting ?? [];
    const failed = [...this.failures.values()].filter((item) => item.conversation === conversation);
    return [...waiting, ...failed].sort((a, b) => a.order - b.order);
  }

  isUnderWay(item: Item): boolean {
    return this.lanes.get(item.conversation)?.isUnderWay(item) ?? false;
  }

  find(key: string): Item | null {
    for (const item of this.all()) {
      if (item.key === key) {
        return item;
      }
    }
    return null;
  }

  /** Resolves when it is on the disk; from then on it goes out by itself. */
  async enqueue(wanted: records.NewItem): Promise<void> {
    const item = await this.write((t) =>
      records.enqueue(t, this.id, wanted, (row) => this.mayNumber(row, wanted.conversation)),
    );
    this.row = item.row;
    this.lane(wanted.conversation).put(item.item);
    this.ports.changed(wanted.conversation);
    this.pump();
  }

  /** A session lives, in this life of the database. */
  began(): void {
    this.retireFailures = 0;
    this.retireAt = 0;
    this.expire();
    this.pump();
  }

  /** What was stored in this conversation before the session began has been told by now. */
  caughtUpIn(conversation: string): void {
    this.caughtUp.add(conversation);
    this.lanes.get(conversation)?.begin();
    this.pump();
  }

  /** The session is over; `protocolError` if the server took something for one. */
  lost(protocolError: boolean): void {
    this.caughtUp.clear();
    for (const lane of this.lanes.values()) {
      for (const item of lane.lost()) {
        this.strike(item, protocolError);
      }
    }
    for (const conversation of this.lanes.keys()) {
      this.ports.changed(conversation);
    }
    this.setAlarm();
  }

  /** An event of mine is in the log: whatever it was, it needs no answer any more. */
  told(conversation: string, event: Event): void {
    const lane = this.lanes.get(conversation);
    if (lane === undefined || !('outbox' in event) || event.outbox === undefined) {
      return;
    }
    const item = lane.waiting.find(
      (one) => one.number?.outbox === event.outbox && one.number?.n === event.n,
    );
    if (item !== undefined) {
      this.apply(lane, { type: 'stored', item, seq: event.seq, at: event.at });
      this.pump();
    }
  }

  /** Calls it back, or lets it fail with this code unless it turns out to be stored. */
  async withdraw(item: Item, code: string): Promise<void> {
    const lane = this.lane(item.conversation);
    if (item.number === null) {
      lane.remove(item);
      await this.settle(item, code === CANCELLED ? null : code, 'neither');
      return;
    }
    const withdrawn = { ...item, withdrawn: code };
    lane.put(withdrawn);
    this.ports.changed(item.conversation);
    await this.write((t) => records.change(t, item, (row) => ({ ...row, withdrawn: code })));
    this.pump();
  }

  /** Takes a failed one off; it may be of another queue, that nobody runs. */
  async forget(item: Item): Promise<void> {
    if (item.queue === this.id) {
      this.failures.delete(item.order);
    }
    this.ports.changed(item.conversation);
    await this.write(async (t) => t.delete('items', [item.queue, item.order]));
  }

  /** Sends a failed one, of whichever queue, again: as the newest of this, under the same key. */
  async again(item: Item): Promise<void> {
    const { key, conversation, peer, op } = item;
    const wanted = { key, conversation, peer, op, at: this.ports.clock.now() };
    const added = await this.write(async (t) => {
      t.delete('items', [item.queue, item.order]);
      return records.enqueue(t, this.id, wanted, (row) => this.mayNumber(row, conversation));
    });
    if (item.queue === this.id) {
      this.failures.delete(item.order);
    }
    this.row = added.row;
    this.lane(conversation).put(added.item);
    this.ports.changed(conversation);
    this.pump();
  }

  /** Another tab may have called something back, or decided on something that failed. */
  async reread(): Promise<void> {
    const items = await this.ports.tables.transact(records.QUEUE_TABLES, 'readonly', (t) =>
      records.itemsOf(t, this.id),
    );
    const kept = new Map(items.map((item) => [item.order, item]));
    for (const failed of [...this.failures.values()].filter((one) => !kept.has(one.order))) {
      this.failures.delete(failed.order);
      this.ports.changed(failed.conversation);
    }
    for (const lane of this.lanes.values()) {
      for (const item of [...lane.waiting]) {
        const code = kept.get(item.order)?.withdrawn ?? null;
        if (code !== null && item.withdrawn === null) {
          await this.withdraw(item, code);
        }
      }
    }
  }

  close(): void {
    this.closed = true;
    this.alarm?.();
    this.alarm = null;
  }

  /** When everything asked of the disk so far is done. */
  idle(): Promise<void> {
    return this.writes.then(() => {});
  }

  /** Sends what can go now. Called whenever that may have changed. */
  pump(): void {
    if (this.closed || this.retiring || this.ports.epoch() === null) {
      return;
    }
    const now = this.ports.clock.now();
    if (this.isOfAnotherLife()) {
      this.retireIfDue(now);
      this.setAlarm();
      return;
    }
    for (const [conversation, lane] of this.lanes) {
      this.numberIfDue(conversation, lane);
      this.checkAnswers(lane, now);
      for (let next = lane.next(now, this.ports.window()); next !== null; ) {
        if (!this.send(conversation, lane, next)) {
          return;
        }
        next = lane.next(now, this.ports.window());
      }
    }
    this.setAlarm();
  }

  private send(conversation: string, lane: Lane, sending: Sending): boolean {
    const sent = this.ports.send(conversation, sending, (answer) => {
      const outcome = lane.answered(sending.number, answer, this.ports.clock.now());
      if (outcome !== null) {
        this.apply(lane, outcome);
      }
      this.pump();
    });
    if (sent) {
      this.ports.changed(conversation);
    }
    return sent;
  }

  private apply(lane: Lane, outcome: Outcome): void {
    switch (outcome.type) {
      case 'stored':
        lane.remove(outcome.item);
        this.ports.stored(outcome.item, outcome.seq);
        this.keep(this.settle(outcome.item, null, 'stored'));
        break;
      case 'failed':
        lane.remove(outcome.item);
        this.keep(this.settle(outcome.item, outcome.code, outcome.spent ? 'spent' : 'neither'));
        break;
      case 'dropped':
        lane.remove(outcome.item);
        this.keep(this.settle(outcome.item, null, outcome.spent ? 'spent' : 'neither'));
        break;
      case 'unstored': {
        const free: Item = { ...outcome.item, ...records.UNNUMBERED };
        lane.remove(outcome.item);
        lane.put(free);
        this.keep(
          this.write((t) =>
            records.change(t, outcome.item, (row) => ({ ...row, ...records.UNNUMBERED })),
          ),
        );
        break;
      }
      case 'retire':
        this.keep(this.retire('same'));
        break;
    }
  }

  private async settle(
    item: Item,
    failure: string | null,
    use: 'stored' | 'spent' | 'neither',
  ): Promise<void> {
    if (failure !== null) {
      this.failures.set(item.order, { ...item, ...records.UNNUMBERED, failure });
    }
    this.remember(item, use);
    this.ports.changed(item.conversation);
    const { row } = await this.write((t) => records.settle(t, item, { failure, use }));
    this.row = row;
    this.ports.written(this.id);
  }

  /** At once, too: the server may ask for the number before the disk has written it. */
  private remember(item: Item, use: 'stored' | 'spent' | 'neither'): void {
    if (use === 'spent' && item.number !== null && item.number.outbox === this.row.outbox) {
      const { conversation, number } = item;
      const before = this.row.spent[conversation] ?? [];
      const spent = { ...this.row.spent, [conversation]: [...before, number.n] };
      this.row = { ...this.row, spent };
    }
  }

  private async retire(how: 'skip' | 'same'): Promise<void> {
    if (this.retiring) {
      return;
    }
    this.retiring = true;
    try {
      const inDoubt = (item: Item) => this.lane(item.conversation).isInDoubt(item);
      const { row, items } = await this.write((t) => records.retire(t, this.id, how, inDoubt));
      this.ports.log(`outbox ${this.row.outbox} retires: ${how}`);
      this.row = row;
      for (const item of items) {
        const lane = this.lane(item.conversation);
        // What was settled while the disk was busy isn't there any more.
        if (lane.waiting.some((one) => one.order === item.order)) {
          lane.put(item);
        }
      }
    } finally {
      this.retiring = false;
    }
    this.pump();
  }

  /** Its outbox was minted before a restore: not a number of it may be sent as if nothing were. */
  private isOfAnotherLife(): boolean {
    return this.row.epoch !== null && this.row.epoch !== this.ports.epoch();
  }

  private retireIfDue(now: number): void {
    if (now >= this.retireAt) {
      this.retire('skip').catch((failure: unknown) => {
        this.ports.log(`outbox not retired: ${String(failure)}`);
        const delay = retryDelay(this.retireFailures++, this.ports.random.fraction());
        this.retireAt = this.ports.clock.now() + delay;
        this.setAlarm();
      });
    }
  }

  private mayNumber(row: QueueRow, conversation: string): boolean {
    const lane = this.lane(conversation);
    const epoch = this.ports.epoch();
    return (
      row.outbox !== null &&
      !this.retiring &&
      (epoch === null || epoch === row.epoch) &&
      lane.waiting.every((item) => item.number !== null && item.settle === null)
    );
  }

  private numberIfDue(conversation: string, lane: Lane): void {
    const none = lane.waiting.every((item) => item.number !== null);
    if (none || lane.isSettlingOld || this.numbering.has(conversation)) {
      return;
    }
    if (this.row.outbox === null) {
      this.mint();
      return;
    }
    this.numbering.add(conversation);
    this.keep(
      this.write((t) => records.number(t, this.id, conversation))
        .then(({ row, items }) => {
          this.row = row;
          for (const item of items) {
            lane.put(item);
          }
        })
        .finally(() => this.numbering.delete(conversation))
        .then(() => this.pump()),
    );
  }

  private mint(): void {
    const epoch = this.ports.epoch();
    if (this.minting || epoch === null || this.ports.clock.now() < this.mintAt) {
      return;
    }
    this.minting = true;
    this.ports
      .mint()
      .then(async (outbox) => {
        // Of another life of the database, it would be nobody's.
        if (this.ports.epoch() === epoch) {
          this.row = await this.write((t) => records.adoptOutbox(t, this.id, outbox, epoch));
        }
        this.mintFailures = 0;
      })
      .catch(() => {
        this.mintAt =
          this.ports.clock.now() + retryDelay(this.mintFailures++, this.ports.random.fraction());
      })
      .finally(() => {
        this.minting = false;
        this.pump();
      });
  }

  private checkAnswers(lane: Lane, now: number): void {
    const oldest = lane.oldestUnderWay;
    if (oldest === null) {
      return;
    }
    if (now - oldest >= ANSWER_OVERDUE) {
      lane.overdue(now);
    } else if (now - oldest >= ANSWER_EXPECTED) {
      this.ports.doubt();
    }
  }

  private setAlarm(): void {
    this.alarm?.();
    this.alarm = null;
    const now = this.ports.clock.now();
    let due = Number.POSITIVE_INFINITY;
    for (const lane of this.lanes.values()) {
      due = Math.min(due, lane.due() ?? due, answerDue(lane, now) ?? due);
      if (this.row.outbox === null && !lane.isEmpty && this.mintAt > now) {
        due = Math.min(due, this.mintAt);
      }
    }
    if (this.retireAt > now) {
      due = Math.min(due, this.retireAt);
    }
    if (!this.closed && this.ports.epoch() !== null && due < Number.POSITIVE_INFINITY) {
      this.alarm = this.ports.clock.after(Math.max(1, due - now), () => this.pump());
    }
  }

  private strike(item: Item, protocolError: boolean): void {
    const strikes = protocolError ? (this.strikes.get(item.order) ?? 0) + 1 : 0;
    this.strikes.set(item.order, strikes);
    if (strikes >= MOST_STRIKES && item.withdrawn === null) {
      this.keep(this.withdraw(item, 'bad_frame'));
    }
  }

  private expire(): void {
    const oldest = this.ports.clock.now() - EXPIRES_AFTER;
    for (const lane of this.lanes.values()) {
      for (const item of [...lane.waiting]) {
        if (item.at < oldest && item.withdrawn === null) {
          this.keep(this.withdraw(item, EXPIRED));
        }
      }
    }
  }

  private *all(): Iterable<Item> {
    for (const lane of this.lanes.values()) {
      yield* lane.waiting;
    }
    yield* this.failures.values();
  }

  private lane(conversation: string): Lane {
    let lane = this.lanes.get(conversation);
    if (lane === undefined) {
      lane = new Lane(
        () => this.row.spent[conversation] ?? [],
        () => this.ports.random.fraction(),
      );
      this.lanes.set(conversation, lane);
      if (this.caughtUp.has(conversation)) {
        lane.begin();
      }
    }
    return lane;
  }

  /** One after the other, so that the disk and what is held here change in the same order. */
  private write<T>(work: (t: Transaction) => Promise<T>): Promise<T> {
    const done = this.writes.then(() =>
      this.ports.tables.transact(records.QUEUE_TABLES, 'readwrite', work),
    );
    this.writes = done.catch(() => {});
    return done;
  }

  /** What can't be written now is met again at the next start: sending again is always right. */
  private keep(work: Promise<unknown>): void {
    work.catch((failure: unknown) => this.ports.log(`queue not written: ${String(failure)}`));
  }
}

/** When to wonder why there is no answer. */
function answerDue(lane: Lane, now: number): number | null {
  const oldest = lane.oldestUnderWay;
  if (oldest === null) {
    return null;
  }
  return now - oldest < ANSWER_EXPECTED ? oldest + ANSWER_EXPECTED : oldest + ANSWER_OVERDUE;
}
