import type { Event } from '../protocol/frames.gen';
import { CANCELLED, EXPIRED, EXPIRES_AFTER, type Item, type QueueRow, within } from './item';
import type { Lane, Outcome, Sending } from './lane';
import { Lanes } from './lanes';
import { Numbering } from './numbering';
import { QueueDisk } from './queue-disk';
import type { QueuePorts } from './queue-ports';
import * as records from './records';

/** Sessions in a row that ended as a protocol error over the same operation. */
const MOST_STRIKES = 2;

/**
 * One queue, run by the tab that holds its lock: writes down what is wanted, gives numbers, sends,
 * and takes off what is settled. Everything that it must not forget is on the disk before it is
 * sent; what is on the disk may be sent again for ever.
 */
export class Queue {
  private readonly disk: QueueDisk;
  private readonly lanes: Lanes;
  private readonly numbering: Numbering;
  private readonly failures = new Map<number, Item>();
  private readonly strikes = new Map<number, number>();
  private alarm: (() => void) | null = null;
  private closed = false;

  private constructor(
    row: QueueRow,
    items: readonly Item[],
    private readonly ports: QueuePorts,
  ) {
    const { tables, clock, random, log } = ports;
    this.disk = new QueueDisk(row, {
      tables,
      clock,
      random,
      written: ports.written,
      rescheduled: () => this.setAlarm(),
      log,
    });
    this.lanes = new Lanes(
      (conversation) => this.disk.row.spent[conversation] ?? [],
      () => random.fraction(),
    );
    this.numbering = new Numbering(this.disk, this.lanes, {
      clock,
      random,
      epoch: ports.epoch,
      mint: ports.mint,
      pump: () => this.pump(),
      log,
    });
    for (const item of items) {
      if (item.failure === null) {
        this.lanes.of(item.conversation).restore(item);
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
    return this.disk.row.id;
  }

  /** Nothing waits; failed ones may be left. */
  get isDrained(): boolean {
    return this.lanes.waitingIn().length === 0;
  }

  /** Something has happened that the disk doesn't know yet. */
  get isOwing(): boolean {
    return this.disk.isOwing;
  }

  /** Conversations in which something waits. */
  waitingIn(): string[] {
    return this.lanes.waitingIn();
  }

  /** Conversations in which something waits or failed. */
  concerned(): Set<string> {
    return new Set([...this.all()].map((item) => item.conversation));
  }

  /** What waits and what failed, in the order in which it was written. */
  items(conversation: string): Item[] {
    const failed = [...this.failures.values()].filter((item) => item.conversation === conversation);
    const waiting = this.lanes.waiting(conversation);
    return [...waiting, ...failed].sort((a, b) => a.order - b.order);
  }

  isUnderWay(item: Item): boolean {
    return this.lanes.isUnderWay(item);
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
    this.added(
      await this.disk.write((t) => records.enqueue(t, this.id, wanted, this.mayNumber(wanted))),
    );
  }

  /** A session lives, in this life of the database. */
  began(): void {
    this.numbering.reset();
    this.expire();
    this.pump();
  }

  /** What was stored in this conversation before the session began has been told by now. */
  caughtUpIn(conversation: string): void {
    this.lanes.begin(conversation);
    this.pump();
  }

  /** The session is over; `protocolError` if the server took something for one. */
  lost(protocolError: boolean): void {
    for (const item of this.lanes.lost()) {
      this.strike(item, protocolError);
    }
    for (const [conversation] of this.lanes) {
      this.ports.changed(conversation);
    }
    this.setAlarm();
  }

  /** An event of mine is in the log: whatever it was, it needs no answer any more. */
  told(conversation: string, event: Event): void {
    const item = this.lanes.sentAs(conversation, event);
    if (item !== null) {
      const lane = this.lanes.of(conversation);
      this.apply(lane, { type: 'stored', item, seq: event.seq, at: event.at });
      this.pump();
    }
  }

  /** Calls it back, or lets it fail with this code unless it turns out to be stored. */
  withdraw(item: Item, code: string): void {
    const lane = this.lanes.of(item.conversation);
    // While the disk gives it a number, that number is to be used up.
    if (item.number === null && !this.numbering.isGiving(item.conversation)) {
      lane.remove(item);
      this.settle(item, code === CANCELLED ? null : code, 'neither');
      return;
    }
    const withdrawn = { ...item, withdrawn: code };
    lane.put(withdrawn);
    this.ports.changed(item.conversation);
    this.disk.keep((t) => records.change(t, item, (row) => ({ ...row, withdrawn: code })));
    this.pump();
  }

  /** Takes a failed one off; it may be of another queue, that nobody runs. */
  async forget(item: Item): Promise<void> {
    if (item.queue === this.id) {
      this.failures.delete(item.order);
    }
    this.ports.changed(item.conversation);
    await this.disk.write(async (t) => t.delete('items', [item.queue, item.order]));
  }

  /**
   * Sends a failed one, of whichever queue, again: as the newest of this, under the same key. Once:
   * whoever comes later doesn't find it any more.
   */
  async again(item: Item): Promise<void> {
    const { key, conversation, peer, op } = item;
    const epoch = item.epoch === undefined ? {} : { epoch: item.epoch };
    const wanted = { key, conversation, peer, op, at: this.ports.clock.now(), ...epoch };
    const added = await this.disk.write(async (t) => {
      if ((await t.get('items', [item.queue, item.order])) === undefined) {
        return null;
      }
      t.delete('items', [item.queue, item.order]);
      return records.enqueue(t, this.id, wanted, this.mayNumber(wanted));
    });
    if (item.queue === this.id) {
      this.failures.delete(item.order);
    }
    if (added !== null) {
      this.added(added);
    }
  }

  /** Another tab may have called something back, or decided on something that failed. */
  async reread(): Promise<void> {
    const items = await this.ports.tables.transact(records.QUEUE_TABLES, 'readonly', (t) =>
      records.itemsOf(t, this.id),
    );
    const kept = new Map(items.map((item) => [item.order, item]));
    // What the disk doesn't know yet isn't there for another reason.
    const known = this.disk.isOwing ? [] : [...this.failures.values()];
    for (const failed of known.filter((one) => !kept.has(one.order))) {
      this.failures.delete(failed.order);
      this.ports.changed(failed.conversation);
    }
    for (const item of [...this.lanes.items()]) {
      const code = kept.get(item.order)?.withdrawn ?? null;
      if (code !== null && item.withdrawn === null) {
        this.withdraw(item, code);
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
    return this.disk.idle();
  }

  /** Sends what can go now. Called whenever that may have changed. */
  pump(): void {
    if (!this.closed && !this.numbering.isRetiring && this.ports.epoch() !== null) {
      if (this.numbering.isOfAnotherLife) {
        this.numbering.retire('skip');
      } else {
        this.sendAll();
      }
    }
    this.setAlarm();
  }

  private sendAll(): void {
    const now = this.ports.clock.now();
    if (this.lanes.isLate(now)) {
      this.ports.doubt();
    }
    for (const [conversation, lane] of this.lanes) {
      this.moveOver(conversation, lane);
      this.numbering.numberIfDue(conversation, lane);
      let next = lane.next(now, this.ports.window());
      while (next !== null && this.send(conversation, lane, next)) {
        next = lane.next(now, this.ports.window());
      }
    }
  }

  /** What was written in an earlier life of the database, before it gets a number of this one. */
  private moveOver(conversation: string, lane: Lane): void {
    const epoch = this.ports.epoch();
    if (epoch === null || this.numbering.isGiving(conversation)) {
      return;
    }
    for (const item of lane.waiting.filter(({ number }) => number === null)) {
      const moved = within(epoch, item);
      if (moved === null) {
        this.ports.log(`${item.op.kind} of a message of another life: dropped`);
        lane.remove(item);
        this.settle(item, null, 'neither');
      } else if (moved !== item) {
        lane.put(moved);
        this.disk.keep((t) => records.change(t, item, (row) => within(epoch, row) ?? row));
      }
    }
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
        this.settle(outcome.item, null, 'stored');
        this.ports.stored(outcome.item, outcome.seq);
        break;
      case 'failed':
        lane.remove(outcome.item);
        this.settle(outcome.item, outcome.code, outcome.spent ? 'spent' : 'neither');
        break;
      case 'dropped':
        lane.remove(outcome.item);
        this.settle(outcome.item, null, outcome.spent ? 'spent' : 'neither');
        break;
      case 'unstored': {
        const free: Item = { ...outcome.item, ...records.UNNUMBERED };
        lane.remove(outcome.item);
        lane.put(free);
        break;
      }
      case 'retire':
        this.numbering.retire('same');
        break;
    }
  }

  private settle(item: Item, failure: string | null, use: 'stored' | 'spent' | 'neither'): void {
    if (failure !== null) {
      this.failures.set(item.order, { ...item, ...records.UNNUMBERED, failure });
    }
    this.remember(item, use);
    this.ports.changed(item.conversation);
    this.disk.keep(async (t) => {
      this.disk.row = await records.settle(t, item, { failure, use });
    });
  }

  /** At once, too: the server may ask for the number before the disk has written it. */
  private remember({ conversation, number }: Item, use: 'stored' | 'spent' | 'neither'): void {
    const { disk } = this;
    if (use === 'spent' && number !== null && number.outbox === disk.row.outbox) {
      const before = disk.row.spent[conversation] ?? [];
      const spent = { ...disk.row.spent, [conversation]: [...before, number.n] };
      disk.row = { ...disk.row, spent };
    }
  }

  private mayNumber(wanted: records.NewItem): (row: QueueRow) => boolean {
    return (row) =>
      row.epoch !== null &&
      within(row.epoch, wanted) === wanted &&
      this.numbering.mayNumber(row, wanted.conversation);
  }

  private added({ row, item }: { row: QueueRow; item: Item }): void {
    this.disk.row = row;
    this.lanes.of(item.conversation).put(item);
    this.ports.changed(item.conversation);
    this.pump();
  }

  private setAlarm(): void {
    this.alarm?.();
    this.alarm = null;
    const now = this.ports.clock.now();
    const never = Number.POSITIVE_INFINITY;
    const isLive = this.ports.epoch() !== null;
    const isSending = isLive && !this.numbering.isRetiring && !this.numbering.isOfAnotherLife;
    const due = Math.min(
      this.disk.due ?? never,
      isSending ? this.lanes.due(now) : never,
      isLive ? (this.numbering.due(this.isDrained) ?? never) : never,
    );
    if (!this.closed && due < never) {
      this.alarm = this.ports.clock.after(Math.max(1, due - now), () => {
        this.disk.repay();
        this.pump();
      });
    }
  }

  private strike(item: Item, protocolError: boolean): void {
    const strikes = protocolError ? (this.strikes.get(item.order) ?? 0) + 1 : 0;
    this.strikes.set(item.order, strikes);
    if (strikes >= MOST_STRIKES && item.withdrawn === null) {
      this.withdraw(item, 'bad_frame');
    }
  }

  private expire(): void {
    const oldest = this.ports.clock.now() - EXPIRES_AFTER;
    for (const item of [...this.lanes.items()]) {
      if (item.at < oldest && item.withdrawn === null) {
        this.withdraw(item, EXPIRED);
      }
    }
  }

  private *all(): Iterable<Item> {
    yield* this.lanes.items();
    yield* this.failures.values();
  }
}
