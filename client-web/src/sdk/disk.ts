import type { Log } from './log/log';
import * as records from './log/records';
import type { LogEvent } from './log/summary';
import type { Tables } from './ports';
import type { Draft } from './state';

/**
 * The copies of the logs on the disk, written in the order in which things happened. A write that
 * fails loses a copy and no message: what isn't there is asked of the server.
 */
export class Disk {
  private writes: Promise<void> = Promise.resolve();
  /** The life of the database that the copies are of. */
  private current: string | null = null;

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
    void this.write(records.LOG_TABLES, (t) => records.beginEpoch(t, epoch));
  }

  reached(since: string): void {
    void this.ofEpoch((t, epoch) => records.putSince(t, epoch, since));
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

  putDraft(conversation: string, draft: Draft | null): Promise<void> {
    return this.write(['drafts'], async (t) => {
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

  private ofEpoch(
    work: (t: Parameters<typeof records.readAll>[0], epoch: string) => Promise<void>,
  ): Promise<void> {
    const epoch = this.current;
    return epoch === null ? this.writes : this.write(records.LOG_TABLES, (t) => work(t, epoch));
  }

  private write(
    tables: readonly string[],
    work: (t: Parameters<typeof records.readAll>[0]) => Promise<void>,
  ): Promise<void> {
    this.writes = this.writes
      .then(() => this.tables.transact(tables, 'readwrite', work))
      .catch(this.failed);
    return this.writes;
  }
}
