import type {
  ClientFrame,
  ConversationSummary,
  Cursor,
  ServerBehind,
  ServerCaughtUp,
  ServerEvents,
  ServerInbox,
} from '../protocol/frames.gen';
import { Log } from './log';
import { type LogEvent, told, unread } from './summary';

/** What following the logs needs of the rest of the client. */
export interface SyncPorts {
  /** Sends a request; its answer is heard unless the session ends before. */
  request(frame: ClientFrame & { id: number }, answered: (ok: boolean) => void): void;
  nextId(): number;
  /** Calls back later, unless the session ends before. */
  later(millis: number, run: () => void): void;
  /** Events that weren't known, in order; the log has them already. */
  received(log: Log, events: readonly LogEvent[]): void;
  /** Its summary or its place has changed by the server's word. */
  told(log: Log): void;
  /** Everything stored before the session began has been told. */
  caughtUp(log: Log): void;
  /** What was shown of it is void, and to be fetched anew. */
  voided(log: Log): void;
  /** Its copy is void. */
  dropped(log: Log): void;
  /** Nothing is known of it any more, and the server doesn't know that: it is to be asked. */
  untold(log: Log): void;
  /** The inbox is complete up to this place. */
  reached(since: string): void;
  /** Something of its operations waits to be sent. */
  isAwaited(conversation: string): boolean;
  log(line: string): void;
}

/** More than that is not replayed: the newest are paged in when they are looked at. */
export const BACKLOG = 500;
/** Of what is new to a device so much is brought at once: less than a backlog, which still grows. */
const MOST_BROUGHT = 300;
const CURSORS_A_FRAME = 100;
/** Named at the start; what else has changed shows itself in the inbox. */
const NAMED_AT_START = 20;
const FRUITLESS = 3;
const AGAIN_MILLIS = 1_000;

/**
 * Brings the logs up to date and keeps them so. Whatever shows that something is missing - a gap,
 * a head past what is held, a waiting operation - leads to the same: a replay from where the log
 * is. Nothing that is lost on the way isn't asked for again.
 */
export class Sync {
  readonly logs = new Map<string, Log>();
  private live = false;
  private flushing = false;

  constructor(private readonly ports: SyncPorts) {}

  log(id: string): Log {
    let log = this.logs.get(id);
    if (log === undefined) {
      log = new Log(id);
      this.logs.set(id, log);
    }
    return log;
  }

  /** The cursors of a hello: what is on the screen, what waits to be sent, what was active last. */
  greet(): Cursor[] {
    const rank = (log: Log) => (log.shown !== null ? 2 : this.ports.isAwaited(log.id) ? 1 : 0);
    const named = [...this.logs.values()]
      .filter((log) => log.high !== null || rank(log) > 0)
      .sort((a, b) => rank(b) - rank(a) || activity(b) - activity(a));
    const most = Math.max(NAMED_AT_START, named.filter((log) => rank(log) > 0).length);
    const cursors = named.slice(0, Math.min(most, CURSORS_A_FRAME));
    for (const log of cursors) {
      log.replay = 'running';
      log.fromHead = log.high === null;
    }
    return cursors.map((log) => log.cursor());
  }

  /** The session lives. In another life of the database every copy is void. */
  begin(sameEpoch: boolean): void {
    this.live = true;
    if (!sameEpoch) {
      for (const log of this.logs.values()) {
        log.forget();
        // Every cursor of the hello is told resync now, and then asked for from the head on.
        log.fromHead = false;
        log.void = log.replay === 'running';
        this.ports.voided(log);
      }
    }
    // Those that wait and didn't fit into the hello, and those that were wanted while nobody could be
    // asked.
    for (const log of this.logs.values()) {
      const isAwaited = log.replay === 'none' && this.ports.isAwaited(log.id);
      if (isAwaited || log.replay === 'wanted') {
        this.resume(log);
      }
    }
  }

  lost(): void {
    this.live = false;
    for (const log of this.logs.values()) {
      log.lost();
    }
  }

  /** This conversation has to be caught up, and kept so. */
  want(id: string): void {
    const log = this.log(id);
    if (this.live && !log.caughtUp && log.replay === 'none') {
      this.resume(log);
    }
  }

  onInbox(frame: ServerInbox): void {
    for (const summary of frame.conversations) {
      this.onTold(summary);
    }
    if (!frame.more && frame.since !== undefined) {
      this.ports.reached(frame.since);
    }
  }

  onTold(summary: ConversationSummary): void {
    const log = this.log(summary.id);
    const early = log.told(told(summary));
    if (early.length > 0) {
      this.ports.received(log, early);
    }
    if (log.replay === 'none') {
      if (log.high === null) {
        this.rebase(log, summary.head);
      } else if (summary.head > log.high) {
        this.resume(log);
      } else {
        this.caughtUp(log);
      }
    }
    this.ports.told(log);
  }

  onEvents(frame: ServerEvents, events: readonly LogEvent[]): void {
    const log = this.log(frame.conversation);
    const received = log.receive(events);
    if (received.type === 'fresh') {
      this.ports.received(log, received.events);
    } else if (received.type === 'gap' && log.replay === 'none') {
      this.ports.log(`gap in ${log.id} after ${log.high}`);
      this.missing(log);
    }
  }

  onCaughtUp(frame: ServerCaughtUp): void {
    const log = this.log(frame.conversation);
    if (log.replay !== 'running') {
      return;
    }
    log.replay = 'none';
    if (log.fromHead) {
      log.fromHead = false;
      this.rebase(log, frame.seq);
    } else if (log.high !== null && frame.seq > log.high) {
      this.missing(log);
    } else {
      this.caughtUp(log);
    }
  }

  onBehind(frame: ServerBehind): void {
    const log = this.log(frame.conversation);
    log.replay = 'none';
    this.ports.log(`behind in ${log.id}: ${frame.head - frame.cursor}`);
    this.rebase(log, frame.head);
    this.ports.voided(log);
  }

  /** The cursor isn't a place in this log: its copy is void. */
  onResync(id: string): void {
    const log = this.log(id);
    const again = log.fromHead && log.replay === 'running';
    const foretold = log.void;
    log.replay = 'none';
    log.void = false;
    if (!foretold) {
      log.forget();
      this.ports.dropped(log);
      this.ports.untold(log);
    }
    if (again) {
      // Even the head isn't ours to have: whatever waits there will be told so.
      log.gone = true;
      log.fromHead = false;
      this.caughtUp(log);
    } else {
      log.fromHead = true;
      this.resume(log);
    }
  }

  /**
   * Nothing is held. What hasn't been delivered to any device of mine yet is brought here, as far
   * as it is replayed at all; so is what the server hasn't summed up, so that it can be counted.
   */
  private rebase(log: Log, head: number): void {
    const { summary } = log;
    const isDelivered = summary === null || unread(summary) === 0;
    const from = isDelivered ? (summary?.asOf ?? head) : summary.mine.delivered;
    log.rebase(Math.max(Math.min(from, head), head - MOST_BROUGHT, 0));
    this.ports.told(log);
    if (log.high !== null && log.high < head) {
      this.resume(log);
    } else {
      this.caughtUp(log);
    }
  }

  private missing(log: Log): void {
    log.fruitless++;
    if (log.fruitless > FRUITLESS) {
      this.ports.log(`${log.id} can't be joined: begun anew`);
      log.forget();
      log.fromHead = true;
      log.fruitless = 0;
      this.ports.dropped(log);
      this.ports.untold(log);
      this.ports.voided(log);
    }
    this.resume(log);
  }

  private caughtUp(log: Log): void {
    log.caughtUp = true;
    this.ports.caughtUp(log);
  }

  private resume(log: Log): void {
    log.replay = 'wanted';
    if (log.high === null) {
      log.fromHead = true;
    }
    if (!this.flushing) {
      // After the frame that is being handled: it may name more of them.
      this.flushing = true;
      queueMicrotask(() => this.flush());
    }
  }

  private flush(): void {
    this.flushing = false;
    if (!this.live) {
      return;
    }
    const wanted = [...this.logs.values()].filter((log) => log.replay === 'wanted');
    for (let from = 0; from < wanted.length; from += CURSORS_A_FRAME) {
      this.request(wanted.slice(from, from + CURSORS_A_FRAME));
    }
  }

  private request(logs: readonly Log[]): void {
    for (const log of logs) {
      log.replay = 'running';
    }
    const cursors = logs.map((log) => log.cursor());
    this.ports.request({ t: 'resume', id: this.ports.nextId(), cursors }, (ok) => {
      if (!ok) {
        this.ports.later(AGAIN_MILLIS, () => {
          for (const log of logs.filter((one) => one.replay === 'running')) {
            this.resume(log);
          }
        });
      }
    });
  }
}

function activity(log: Log): number {
  return log.summary?.last?.at ?? 0;
}
