import type { Item, Numbered, QueueRow } from '../../../src/sdk/outbox/item';
import type { Answer, Sending } from '../../../src/sdk/outbox/lane';
import { Queue } from '../../../src/sdk/outbox/queue';
import type { QueuePorts } from '../../../src/sdk/outbox/queue-ports';
import type { Tables } from '../../../src/sdk/ports';
import type { Operation } from '../../../src/sdk/protocol/frames.gen';
import { memoryStorage } from '../../../src/sdk/storage/memory';
import { FakeClock, settle } from '../fake/clock';
import { SeededRandom } from '../fake/random';

/** What a queue has sent, and what it is to be told of it. */
export interface Sent {
  readonly conversation: string;
  readonly number: Numbered;
  readonly op: Operation;
  answer(answer: Answer): Promise<void>;
}

export const skipped: Answer = { type: 'skipped' };

export function accepted(seq: number): Answer {
  return { type: 'accepted', seq, at: 1 };
}

export function refused(
  code: string,
  more: Partial<Extract<Answer, { type: 'refused' }>> = {},
): Answer {
  const refusal = { retryable: false, expected: null, retryAfterMillis: null };
  return { type: 'refused', code, ...refusal, ...more };
}

/** What a queue needs around it: a disk, a clock, and a server that answers as it is told. */
export class Desk {
  readonly clock = new FakeClock();
  readonly storage = memoryStorage(true);
  readonly random = new SeededRandom(1);
  epoch: string | null = 'e_1';
  isFull = false;
  isMinting = true;
  /** How often an outbox was asked for, and how many were given. */
  asked = 0;
  minted = 0;
  /** Not looked at yet. */
  sent: Sent[] = [];
  readonly stored: string[] = [];
  doubts = 0;

  /** A tab's ports; each has tables of its own over the same disk. */
  async ports(): Promise<QueuePorts> {
    const tables = this.onDisk(await this.storage.open('u_ada', () => {}));
    return {
      tables,
      clock: this.clock,
      random: this.random,
      epoch: () => this.epoch,
      window: () => 8,
      send: (conversation, sending, answered) => this.send(conversation, sending, answered),
      mint: async () => {
        this.asked++;
        if (!this.isMinting) {
          throw new Error('No');
        }
        return ++this.minted;
      },
      changed: () => {},
      written: () => {},
      stored: (item, seq) => this.stored.push(`${textOf(item.op)} ${seq}`),
      doubt: () => {
        this.doubts++;
      },
      log: () => {},
    };
  }

  /** A queue that lives, in a conversation that is caught up. */
  async queue(id = 'q_1', conversations = ['c_1']): Promise<Queue> {
    const queue = await Queue.load(id, await this.ports());
    if (this.epoch !== null) {
      queue.began();
      for (const conversation of conversations) {
        queue.caughtUpIn(conversation);
      }
    }
    await settle();
    return queue;
  }

  /** Takes what was sent since the last time. */
  take(): Sent[] {
    return this.sent.splice(0);
  }

  /** The same, as `text number`. */
  taken(): string[] {
    return this.take().map(({ op, number }) => `${textOf(op)} ${number.outbox}:${number.n}`);
  }

  async onlySent(): Promise<Sent> {
    const [first, ...rest] = this.take();
    if (first === undefined || rest.length > 0) {
      throw new Error(`${rest.length + (first === undefined ? 0 : 1)} were sent`);
    }
    return first;
  }

  async rows(): Promise<{ queues: QueueRow[]; items: Item[] }> {
    const tables = await this.storage.open('u_ada', () => {});
    return tables.transact(['queues', 'items'], 'readonly', async (t) => ({
      queues: await t.range<QueueRow>('queues', {}),
      items: await t.range<Item>('items', {}),
    }));
  }

  private send(
    conversation: string,
    { number, op }: Sending,
    answered: (answer: Answer) => void,
  ): boolean {
    if (this.epoch === null) {
      return false;
    }
    this.sent.push({
      conversation,
      number,
      op,
      answer: (answer) => {
        answered(answer);
        return settle();
      },
    });
    return true;
  }

  private onDisk(tables: Tables): Tables {
    return {
      durable: true,
      close: () => tables.close(),
      transact: (names, mode, work) =>
        this.isFull && mode === 'readwrite'
          ? Promise.reject(new DOMException('The disk is full', 'QuotaExceededError'))
          : tables.transact(names, mode, work),
    };
  }
}

export function textOf(op: Operation): string {
  return op.kind === 'message' ? op.text : op.kind;
}

/** A message of these words, in `c_1` if nothing else is said; its key is the words. */
export function words(text: string, at: number, conversation = 'c_1') {
  return { key: text, conversation, peer: null, op: { kind: 'message', text } as const, at };
}
