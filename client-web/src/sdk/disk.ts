import type { Log } from './log/log';
import * as records from './log/records';
import type { LogEvent } from './log/summary';
import type { Tables, Transaction } from './ports';
import type { Draft } from './state';

/**
 * The copies of the logs on the disk, written in the order in which things happened. A write that
 * fails loses a copy and no message: what isn't there is asked of the server.
 */
export class Disk {
  private writes: Promise<void> = Promise.resolve();
  /** The life of the database that the copies are of. */
  private current: string | null = null;
  /** The disk doesn't know of this life yet: it couldn't be written. */
  private unbegun = false;
  /** Something of this life couldn't be written: the next tab is to be told all of it again. */
  private lacking = false;

  constructor(
    private readonly tables: Tables,
    private readonly failed: (failure: unknown) => void,
  ) {}

  get epoch(): string | null {
    return this.current;
  }

  async readAll(): Promise<records.Kept> {
    const kept = await this.tables.transact(
      [...records.LOG_TABLES, 'drafts'],
      'readonly',
      records.readAll,
    );
    this.current = kept.epoch;
    return kept;
  }

  beginEpoch(epoch: string): void {
    this.current = epoch;
    this.unbegun = true;
    void this.ofEpoch(async () => {});
  }

  reached(since: string): void {
    void this.ofEpoch(async (t, epoch) => {
      if (!this.lacking) {
        await records.putSince(t, epoch, since);
      }
    });
  }

  /** Resolves when it is there, or couldn't be. */
  keep(log: Log, stretch: records.Stretch): Promise<void> {
    const { summary, wanted } = log;
    return summary === null
      ? this.writes
      : this.ofEpoch((t, epoch) => records.keep(t, epoch, summary, stretch, wanted));
  }

  /** Keeps its summary, and its place where that joins what is kept. */
  keepSummary(log: Log): void {
    void this.keep(log, { low: (log.high ?? log.summary?.asOf ?? 0) + 1, events: [] });
  }

  drop(conversation: string): void {
    void this.ofEpoch((t, epoch) => records.drop(t, epoch, conversation));
  }

  /** What is kept of one conversation; another tab may have kept it. */
  async readRow(conversation: string): Promise<records.ConversationRow | null> {
    await this.writes;
    const epoch = this.current;
    return epoch === null
      ? null
      : this.tables
          .transact(records.LOG_TABLES, 'readonly', (t) => records.readRow(t, epoch, conversation))
          .catch(() => null);
  }

  /** The events just up to a place, of what was written until now. */
  async readUpTo(conversation: string, upTo: number, limit: number): Promise<LogEvent[]> {
    await this.writes;
    const epoch = this.current;
    if (epoch === null) {
      return [];
    }
    return this.tables
      .transact(records.LOG_TABLES, 'readonly', (t) =>
        records.readUpTo(t, epoch, conversation, upTo, limit),
      )
      .catch((failure: unknown) => {
        this.failed(failure);
        return [];
      });
  }

  async putDraft(conversation: string, draft: Draft | null): Promise<void> {
    await this.write(['drafts'], async (t) => {
      if (draft === null) {
        t.delete('drafts', conversation);
      } else {
        t.put('drafts', { ...draft, conversation } satisfies records.DraftRow);
      }
    });
  }

  /** When everything asked so far is done. */
  idle(): Promise<void> {
    return this.writes;
  }

  private ofEpoch(work: (t: Transaction, epoch: string) => Promise<void>): Promise<void> {
    const epoch = this.current;
    if (epoch === null) {
      return this.writes;
    }
    return this.write(records.LOG_TABLES, async (t) => {
      if (this.unbegun) {
        await records.beginEpoch(t, epoch);
      }
      await work(t, epoch);
    }).then((isWritten) => {
      this.unbegun &&= !isWritten;
      this.lacking ||= !isWritten;
    });
  }

  private write(
    tables: readonly string[],
    work: (t: Transaction) => Promise<void>,
  ): Promise<boolean> {
    const done = this.writes
      .then(() => this.tables.transact(tables, 'readwrite', work))
      .then(
        () => true,
        (failure: unknown) => {
          this.failed(failure);
          return false;
        },
      );
    this.writes = done.then(() => {});
    return done;
  }
}
