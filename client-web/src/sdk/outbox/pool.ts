import type { Channel, Locks, Tables } from '../ports';
import type { Event } from '../protocol/frames.gen';
import { CANCELLED, type Item, type QueueRow } from './item';
import { Queue } from './queue';
import type { QueuePorts } from './queue-ports';
import * as records from './records';

export interface PoolPorts {
  readonly user: string;
  readonly tables: Tables;
  readonly locks: Locks;
  readonly channel: Channel;
  readonly queue: QueuePorts;
  /** Conversations that are caught up in the session that lives. */
  caughtUp(): Iterable<string>;
  /** Something waits there: it must be caught up before it can go. */
  wanted(conversation: string): void;
}

/** What a tab tells the others: something of this queue has changed on the disk. */
export interface QueueChanged {
  readonly type: 'queue';
  readonly queue: string;
}

/**
 * All queues of a person in this browser. Each tab runs one of its own, under a lock that its death
 * sets free; what a dead tab left waiting is run by whichever living one gets its lock. The others'
 * are only shown.
 */
export class Pool {
  private readonly held = new Map<string, { readonly queue: Queue; release(): void }>();
  private readonly foreign = new Map<string, Item[]>();
  /** By queue: how often it was looked at. */
  private readonly looks = new Map<string, number>();
  private readonly awaited = new Map<string, AbortController>();
  private own: Queue | null = null;
  private closed = false;

  constructor(private readonly ports: PoolPorts) {}

  /** Takes a free queue, or begins one, and waits for those that others hold. */
  async start(): Promise<void> {
    const rows = await this.rows();
    for (const row of rows) {
      if (this.own === null) {
        const release = await this.ports.locks.tryTake(this.lockName(row.id));
        if (release !== null) {
          this.own = await this.run(row.id, release);
        }
      }
    }
    if (this.own === null) {
      const id = this.ports.queue.random.id();
      this.own = await this.run(id, await this.ports.locks.take(this.lockName(id), NEVER));
    }
    for (const row of rows) {
      await this.look(row.id);
    }
  }

  /** Resolves when it is on the disk. */
  async enqueue(wanted: records.NewItem): Promise<void> {
    const own = this.running();
    await own.enqueue(wanted);
    this.tell(own.id);
    this.ports.wanted(wanted.conversation);
  }

  async retry(key: string): Promise<void> {
    const item = this.find(key);
    if (item !== null && item.failure !== null) {
      const own = this.running();
      await own.again(item);
      await this.changedOf(item);
      this.tell(own.id);
      this.ports.wanted(item.conversation);
    }
  }

  async discard(key: string): Promise<void> {
    const item = this.find(key);
    if (item === null) {
      return;
    }
    const holder = this.held.get(item.queue)?.queue;
    if (item.failure !== null) {
      await (holder ?? this.running()).forget(item);
    } else if (holder !== undefined) {
      holder.withdraw(item, CANCELLED);
    } else {
      await this.ports.tables.transact(records.QUEUE_TABLES, 'readwrite', (t) =>
        records.callBack(t, item),
      );
    }
    await this.changedOf(item);
  }

  /** Everything that waits or failed in a conversation, whichever tab runs it. */
  items(conversation: string): Item[] {
    const lists = [
      ...[...this.held.values()].map(({ queue }) => queue.items(conversation)),
      ...[...this.foreign.values()].map((items) =>
        items.filter((item) => item.conversation === conversation),
      ),
    ];
    return lists.length === 1 ? (lists[0] ?? []) : inTime(lists);
  }

  isUnderWay(item: Item): boolean {
    return this.held.get(item.queue)?.queue.isUnderWay(item) ?? false;
  }

  /** Conversations with something that waits to be sent by this tab. */
  waitingIn(): Set<string> {
    return new Set([...this.held.values()].flatMap(({ queue }) => queue.waitingIn()));
  }

  began(): void {
    for (const { queue } of this.held.values()) {
      queue.began();
    }
  }

  caughtUpIn(conversation: string): void {
    for (const { queue } of this.held.values()) {
      queue.caughtUpIn(conversation);
    }
  }

  lost(protocolError: boolean): void {
    for (const { queue } of this.held.values()) {
      queue.lost(protocolError);
    }
  }

  told(conversation: string, event: Event): void {
    if (!('outbox' in event) || event.outbox === undefined) {
      return;
    }
    for (const { queue } of this.held.values()) {
      queue.told(conversation, event);
    }
    for (const [id, items] of this.foreign) {
      const left = items.filter(
        (item) =>
          item.conversation !== conversation ||
          item.number?.outbox !== event.outbox ||
          item.number?.n !== event.n,
      );
      if (left.length < items.length) {
        this.foreign.set(id, left);
        this.ports.queue.changed(conversation);
      }
    }
  }

  /** Another tab has changed a queue on the disk. */
  async heard(message: QueueChanged): Promise<void> {
    const holder = this.held.get(message.queue)?.queue;
    await (holder === undefined ? this.look(message.queue) : holder.reread());
  }

  /** After the disk was told: a left queue that has nothing any more is let go. */
  private tidy(): void {
    for (const [id, { queue, release }] of this.held) {
      if (queue !== this.own && queue.isDrained && !queue.isOwing) {
        this.held.delete(id);
        queue.close();
        void queue.idle().then(async () => {
          release();
          await this.look(id);
        });
      }
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const waiting of this.awaited.values()) {
      waiting.abort();
    }
    for (const { queue, release } of this.held.values()) {
      queue.close();
      await queue.idle();
      release();
    }
  }

  private running(): Queue {
    if (this.own === null) {
      throw new Error('The client was not started');
    }
    return this.own;
  }

  private async run(id: string, release: () => void): Promise<Queue> {
    const queue = await this.load(id).catch((failure: unknown) => {
      release();
      throw failure;
    });
    this.held.set(id, { queue, release });
    this.foreign.delete(id);
    if (this.ports.queue.epoch() !== null) {
      queue.began();
      for (const conversation of this.ports.caughtUp()) {
        queue.caughtUpIn(conversation);
      }
    }
    for (const conversation of queue.waitingIn()) {
      this.ports.wanted(conversation);
    }
    for (const conversation of queue.concerned()) {
      this.ports.queue.changed(conversation);
    }
    return queue;
  }

  private async load(id: string): Promise<Queue> {
    const queue = await Queue.load(id, {
      ...this.ports.queue,
      written: (written) => {
        this.ports.queue.written(written);
        this.tidy();
      },
    });
    if (this.closed) {
      throw new Error('The client has stopped');
    }
    return queue;
  }

  /** Shows what is in a queue that another tab holds, and waits for that tab's end. */
  private async look(id: string): Promise<void> {
    if (this.held.has(id) || this.closed) {
      return;
    }
    const look = (this.looks.get(id) ?? 0) + 1;
    this.looks.set(id, look);
    const items = await this.ports.tables.transact(records.QUEUE_TABLES, 'readonly', (t) =>
      records.itemsOf(t, id),
    );
    const before = this.foreign.get(id) ?? [];
    // Whoever has looked later knows better, though the answer may come earlier.
    if (this.held.has(id) || this.looks.get(id) !== look) {
      return;
    }
    this.foreign.set(id, items);
    for (const conversation of new Set([...before, ...items].map((item) => item.conversation))) {
      this.ports.queue.changed(conversation);
    }
    if (items.some((item) => item.failure === null)) {
      this.await(id);
    }
  }

  private await(id: string): void {
    if (this.awaited.has(id) || this.closed) {
      return;
    }
    const abort = new AbortController();
    this.awaited.set(id, abort);
    this.ports.locks
      .take(this.lockName(id), abort.signal)
      .then(async (release) => {
        if (this.closed) {
          release();
          return;
        }
        this.ports.queue.log(`queue ${id} was left: taken over`);
        await this.run(id, release);
        this.tidy();
      })
      .catch(() => {})
      .finally(() => this.awaited.delete(id));
  }

  private find(key: string): Item | null {
    for (const { queue } of this.held.values()) {
      const item = queue.find(key);
      if (item !== null) {
        return item;
      }
    }
    return [...this.foreign.values()].flat().find((item) => item.key === key) ?? null;
  }

  /** Another tab's, or shown here as such. */
  private async changedOf(item: Item): Promise<void> {
    this.tell(item.queue);
    if (!this.held.has(item.queue)) {
      await this.look(item.queue);
    }
  }

  private tell(queue: string): void {
    const message: QueueChanged = { type: 'queue', queue };
    this.ports.channel.post(message);
  }

  private rows(): Promise<QueueRow[]> {
    return this.ports.tables.transact(records.QUEUE_TABLES, 'readonly', (t) =>
      t.range<QueueRow>('queues', {}),
    );
  }

  private lockName(queue: string): string {
    return `parley:${this.ports.user}:${queue}`;
  }
}

const NEVER = new AbortController().signal;

/** One list by time of writing, in which each queue keeps its own order whatever the clock did. */
function inTime(lists: readonly Item[][]): Item[] {
  const timed = lists.flatMap((items) => {
    let latest = 0;
    return items.map((item) => {
      latest = Math.max(latest, item.at);
      return { item, at: latest };
    });
  });
  return timed.sort((a, b) => a.at - b.at).map(({ item }) => item);
}
