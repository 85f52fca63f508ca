import type { Clock, Random, Tables, Transaction } from '../ports';
import { Attempt } from './attempt';
import type { QueueRow } from './item';
import { QUEUE_TABLES } from './records';

export interface QueueDiskPorts {
  readonly tables: Tables;
  readonly clock: Clock;
  readonly random: Random;
  /** What was owed is written, and other tabs may want to know. */
  written(queue: string): void;
  /** There is another time at which something is due. */
  rescheduled(): void;
  log(line: string): void;
}

/**
 * A queue's way to the disk: one write after the other, so that the disk and what is held in memory
 * change in the same order. What has happened and can't be written yet is owed, and goes before
 * whatever is written next.
 */
export class QueueDisk {
  private writes: Promise<unknown> = Promise.resolve();
  private owed: ((t: Transaction) => Promise<unknown>)[] = [];
  private readonly repaying: Attempt;

  constructor(
    /** The queue's own row, as it was written last. */
    public row: QueueRow,
    private readonly ports: QueueDiskPorts,
  ) {
    this.repaying = new Attempt(ports.clock, ports.random, () => {
      this.repay();
      ports.rescheduled();
    });
  }

  get isOwing(): boolean {
    return this.owed.length > 0;
  }

  /** When it should be tried again; null when nothing is owed, or it is being tried. */
  get due(): number | null {
    return this.isOwing ? this.repaying.due : null;
  }

  /** Rejects when it couldn't be written; then nothing of it was. */
  write<T>(work: (t: Transaction) => Promise<T>): Promise<T> {
    const done = this.writes.then(async () => {
      const owed = [...this.owed];
      const result = await this.ports.tables.transact(QUEUE_TABLES, 'readwrite', async (t) => {
        for (const happened of owed) {
          await happened(t);
        }
        return await work(t);
      });
      this.owed = this.owed.slice(owed.length);
      return result;
    });
    this.writes = done.catch(() => {});
    return done;
  }

  /**
   * Writes what has happened, now or when the disk takes it. Lost with the tab it does no harm:
   * what is sent again is answered as it was.
   */
  keep(happened: (t: Transaction) => Promise<unknown>): void {
    this.owed.push(happened);
    this.repay();
  }

  repay(): void {
    if (this.isOwing) {
      this.repaying.run(
        async () => {
          await this.write(async () => {});
          this.ports.written(this.row.id);
        },
        (failure) => this.ports.log(`queue not written: ${String(failure)}`),
      );
    }
  }

  /** When everything asked of the disk so far is done. */
  idle(): Promise<void> {
    return this.writes.then(() => {});
  }
}
