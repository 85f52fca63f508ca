import type { Disk } from './disk';
import { History } from './history';
import type { Inbox } from './inbox';
import type { Log } from './log/log';
import type { LogEvent } from './log/summary';
import type { Sync } from './log/sync';
import { Timeline } from './log/timeline';

export interface ReadingPorts {
  readonly disk: Disk;
  readonly sync: Sync;
  readonly inbox: Inbox;
  isLive(): boolean;
  /** A page of the log just before a place; null when nobody can tell. */
  page(conversation: string, before: number): Promise<readonly LogEvent[] | null>;
  /** Events of the past are held now. */
  found(log: Log, events: readonly LogEvent[]): void;
  changed(conversation: string): void;
}

/** Of the inbox, for a conversation that was asked for by its address. */
const MOST_PAGES = 20;

/** What is on the screen: found, filled from the disk and the server, and counted. */
export class Reading {
  private readonly history: History;

  constructor(private readonly ports: ReadingPorts) {
    const { disk, page, found, changed } = ports;
    this.history = new History({ disk, page, found, changed: (log) => changed(log.id) });
  }

  /** Has a log on the screen. Resolves when it is filled, or known not to be there. */
  async show(conversation: string): Promise<void> {
    const { sync, changed } = this.ports;
    const log = sync.log(conversation);
    log.show();
    changed(conversation);
    sync.want(conversation);
    if (log.summary === null) {
      await this.find(log);
    }
    await this.history.fill(log);
  }

  hide(conversation: string): void {
    const log = this.ports.sync.logs.get(conversation);
    if (log !== undefined) {
      log.shown = null;
      this.ports.changed(conversation);
    }
  }

  async older(conversation: string): Promise<void> {
    const log = this.ports.sync.logs.get(conversation);
    if (log !== undefined) {
      await this.history.older(log);
    }
  }

  /** If it is on the screen. */
  fill(log: Log): void {
    if (log.shown !== null) {
      void this.history.fill(log);
    }
  }

  fillAll(): void {
    for (const log of this.ports.sync.logs.values()) {
      this.fill(log);
    }
  }

  /** The inbox is told: what is on the screen and wasn't in it is looked for. */
  findAll(): void {
    for (const log of this.ports.sync.logs.values()) {
      if (log.shown !== null && log.summary === null) {
        void this.find(log);
      }
    }
  }

  /** Another device has read some of what isn't on the screen here: the disk may know how many. */
  async recount(log: Log): Promise<void> {
    const { summary, high } = log;
    if (!log.isUncertain || summary === null || high === null) {
      return;
    }
    const past = Math.max(1, high - summary.mine.read);
    const events = await this.ports.disk.readUpTo(log.id, high, past);
    const [first] = events;
    if (first !== undefined && log.high === high) {
      log.recount(first.seq, Timeline.of(events));
      this.ports.changed(log.id);
    }
  }

  /** One that nobody has told this tab of: another may have begun it, or it is an old one. */
  private async find(log: Log): Promise<void> {
    const { disk, sync, inbox, isLive, changed } = this.ports;
    const row = await disk.readRow(log.id);
    if (row !== null && log.summary === null && log.high === null) {
      log.restore(row);
      sync.want(log.id);
      changed(log.id);
    }
    for (let page = 0; page < MOST_PAGES && log.summary === null && isLive(); page++) {
      if (!(await inbox.loadMore().catch(() => false))) {
        break;
      }
    }
  }
}
