import type { Clock, Random } from '../ports';
import { Attempt } from './attempt';
import type { Item, QueueRow } from './item';
import type { Lane } from './lane';
import type { Lanes } from './lanes';
import type { QueueDisk } from './queue-disk';
import * as records from './records';

export interface NumberingPorts {
  readonly clock: Clock;
  readonly random: Random;
  /** The epoch of the session that lives; null while there is none. */
  epoch(): string | null;
  /** A new outbox of this person's, and of nobody else's. */
  mint(): Promise<number>;
  /** Something may be sent now that couldn't before. */
  pump(): void;
  log(line: string): void;
}

/**
 * Where a queue's numbers come from: an outbox that the server gave out, in which each conversation
 * counts from 1. An outbox that is of no more use is retired, and another one asked for.
 */
export class Numbering {
  private readonly minting: Attempt;
  private readonly retiring: Attempt;
  /** By conversation: its items are given numbers on the disk. */
  private readonly giving = new Map<string, Attempt>();

  constructor(
    private readonly disk: QueueDisk,
    private readonly lanes: Lanes,
    private readonly ports: NumberingPorts,
  ) {
    this.minting = new Attempt(ports.clock, ports.random, ports.pump);
    this.retiring = new Attempt(ports.clock, ports.random, ports.pump);
  }

  get isRetiring(): boolean {
    return this.retiring.isUnderWay;
  }

  /** Minted before a restore: not a number of it may be sent as if nothing were. */
  get isOfAnotherLife(): boolean {
    const { epoch } = this.disk.row;
    return epoch !== null && epoch !== this.ports.epoch();
  }

  /** When something that failed should be tried again; null when nothing did. */
  due(isDrained: boolean): number | null {
    const attempts = isDrained ? [] : [this.minting, ...this.giving.values()];
    const due = [this.retiring, ...attempts].flatMap((attempt) => attempt.due ?? []);
    return due.length === 0 ? null : Math.min(...due);
  }

  /** Whether items of the conversation may have numbers on the disk that aren't known here yet. */
  isGiving(conversation: string): boolean {
    return this.giving.get(conversation)?.isUnderWay ?? false;
  }

  /** A session begins: earlier failures say nothing. */
  reset(): void {
    this.minting.reset();
    this.retiring.reset();
    this.giving.clear();
  }

  /** Whether a new item of the conversation can have a number at once, by the row on the disk. */
  mayNumber(row: QueueRow, conversation: string): boolean {
    return (
      row.outbox !== null &&
      !this.isRetiring &&
      this.lanes.waiting(conversation).every((item) => item.number !== null && item.settle === null)
    );
  }

  /** Numbers what has no number, once nothing before it is in doubt. */
  numberIfDue(conversation: string, lane: Lane): void {
    const bare = lane.waiting.filter((item) => item.number === null);
    if (bare.length === 0 || lane.isSettlingOld) {
      return;
    }
    if (this.disk.row.outbox === null) {
      this.mint();
      return;
    }
    let giving = this.giving.get(conversation);
    if (giving === undefined) {
      giving = new Attempt(this.ports.clock, this.ports.random, this.ports.pump);
      this.giving.set(conversation, giving);
    }
    giving.run(
      () => this.number(lane, bare),
      (failure) => this.ports.log(`not numbered: ${String(failure)}`),
    );
  }

  /** The outbox is of no more use; what is in doubt under it is settled in this way. */
  retire(how: 'skip' | 'same'): void {
    this.retiring.run(
      async () => {
        const { disk, lanes } = this;
        const { row, items } = await disk.write((t) =>
          records.retire(t, disk.row.id, how, (item) => lanes.isInDoubt(item)),
        );
        this.ports.log(`outbox ${disk.row.outbox} retires: ${how}`);
        disk.row = row;
        for (const item of items) {
          lanes.of(item.conversation).renew(item);
        }
      },
      (failure) => this.ports.log(`outbox not retired: ${String(failure)}`),
    );
  }

  private async number(lane: Lane, bare: readonly Item[]): Promise<void> {
    const { disk } = this;
    const { row, items } = await disk.write((t) => records.number(t, disk.row.id, bare));
    disk.row = row;
    for (const item of bare) {
      const numbered = items.get(item.order);
      // Not on the disk any more: another tab has taken it off.
      if (numbered === undefined) {
        lane.remove(item);
      } else {
        lane.renew(numbered);
      }
    }
  }

  private mint(): void {
    const epoch = this.ports.epoch();
    this.minting.run(
      async () => {
        const { disk } = this;
        const outbox = await this.ports.mint();
        // Should that be an earlier life by now, the row says so: it retires before it is used.
        if (epoch !== null) {
          disk.row = await disk.write((t) => records.adoptOutbox(t, disk.row.id, outbox, epoch));
        }
      },
      (failure) => this.ports.log(`no outbox: ${String(failure)}`),
    );
  }
}
