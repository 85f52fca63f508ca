import type { Disk } from './disk';
import { textOf, withoutText } from './log/erasure';
import type { Log, Shown } from './log/log';
import type { LogEvent } from './log/summary';

export interface HistoryPorts {
  readonly disk: Disk;
  /** The page just before a place, by the server; null while there is no session. */
  page(conversation: string, before: number): Promise<readonly LogEvent[] | null>;
  /** Events of the past are held now. */
  found(log: Log, events: readonly LogEvent[]): void;
  changed(log: Log): void;
}

/** Messages that fill a screen, and how many more one look back brings. */
const SCREEN = 40;
const PAGE_EVENTS = 100;
/** Pages of nothing but marks and reactions must not be read for ever. */
const MOST_PAGES = 20;

/** Reads back: from the disk while it is there, then from the server. */
export class History {
  private readonly underWay = new Map<Log, Promise<void>>();

  constructor(private readonly ports: HistoryPorts) {}

  /** Fills the screen. */
  fill(log: Log): Promise<void> {
    return this.once(log, (shown) => SCREEN - shown.timeline.length);
  }

  /** Brings so many more messages, unless the beginning is reached or nobody can tell. */
  older(log: Log): Promise<void> {
    return this.once(log, () => SCREEN);
  }

  private once(log: Log, more: (shown: Shown) => number): Promise<void> {
    const running = this.underWay.get(log);
    if (running !== undefined) {
      return running;
    }
    const run = this.run(log, more).finally(() => this.underWay.delete(log));
    this.underWay.set(log, run);
    return run;
  }

  private async run(log: Log, more: (shown: Shown) => number): Promise<void> {
    const { shown } = log;
    if (shown === null || log.high === null) {
      return;
    }
    const enough = shown.timeline.length + more(shown);
    for (let page = 0; page < MOST_PAGES && shown.timeline.length < enough; page++) {
      if (shown.first <= 1 || !(await this.step(log, shown))) {
        break;
      }
    }
    shown.loaded = true;
    this.ports.changed(log);
    if (log.shown !== null && log.shown !== shown) {
      // It was voided meanwhile, and is to be filled anew.
      await this.run(log, (now) => SCREEN - now.timeline.length);
    }
  }

  /** Whether there may be more. */
  private async step(log: Log, shown: Shown): Promise<boolean> {
    const upTo = shown.first - 1;
    const kept = await this.ports.disk.readUpTo(log.id, upTo, PAGE_EVENTS);
    if (kept.length > 0) {
      return log.shown === shown && this.take(log, kept);
    }
    shown.loaded = true;
    shown.loadingOlder = true;
    this.ports.changed(log);
    const page = await this.ports.page(log.id, shown.first);
    shown.loadingOlder = false;
    if (page === null || log.shown !== shown || !this.take(log, page)) {
      return false;
    }
    await this.ports.disk.keep(log, { low: page[0]?.seq ?? 1, events: erased(page, shown) });
    return true;
  }

  private take(log: Log, events: readonly LogEvent[]): boolean {
    const joined = log.prepend(events);
    if (joined) {
      this.ports.found(log, events);
      this.ports.changed(log);
    }
    return joined;
  }
}

/**
 * The server may not have erased yet what is deleted further on. The disk would not be told again:
 * it holds that deletion already.
 */
function erased(page: readonly LogEvent[], { timeline }: Shown): LogEvent[] {
  return page.map((event) => {
    const of = textOf(event);
    return of !== null && timeline.get(of)?.deleted ? withoutText(event) : event;
  });
}
