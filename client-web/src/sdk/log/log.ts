import type { Cursor, WireMarks } from '../protocol/frames.gen';
import type { ConversationRow } from './records';
import { fold, type LogEvent, merge, type Summary } from './summary';
import { Timeline } from './timeline';

/** What of a log is on the screen: a stretch that ends where the log does, as far as is known. */
export interface Shown {
  /** In order and without holes. */
  events: LogEvent[];
  timeline: Timeline;
  /** The first seq held: what comes before must be fetched. */
  first: number;
  loadingOlder: boolean;
  /** The disk was asked. */
  loaded: boolean;
}

/** What came of events that were offered. */
export type Received =
  | { readonly type: 'fresh'; readonly events: readonly LogEvent[] }
  /** All of it was known. */
  | { readonly type: 'known' }
  /** Something before them is missing. */
  | { readonly type: 'gap' };

/**
 * One conversation, as this tab knows it. Its log is followed by one rule: the next event is
 * `high + 1`. What was had before is dropped, what comes too early shows that something is missing.
 */
export class Log {
  summary: Summary | null = null;
  /** The last event received in sequence; null as long as no place in the log is known. */
  high: number | null = null;
  shown: Shown | null = null;
  /** My marks as they shall be. */
  wanted: WireMarks = { delivered: 0, read: 0 };

  /** Of this session: a replay is under way, from the head on if `fromHead`. */
  replay: 'none' | 'wanted' | 'running' = 'none';
  fromHead = false;
  /** Of this session: everything up to now was told. */
  caughtUp = false;
  /** Replays in a row that brought nothing. */
  fruitless = 0;
  /** Of this session: forgotten with all others, which its cursor is yet to be told. */
  void = false;
  /** It was asked for from the head on, and isn't there for us. */
  gone = false;

  /** Received before anybody told what the conversation comes to. */
  private early: LogEvent[] = [];

  constructor(readonly id: string) {}

  /** Offers events as they came, in order; takes what is next. */
  receive(events: readonly LogEvent[]): Received {
    const high = this.high;
    if (high === null) {
      return { type: 'gap' };
    }
    const fresh = events.filter((event) => event.seq > high);
    const [first] = fresh;
    if (first === undefined) {
      return { type: 'known' };
    }
    if (first.seq !== high + 1 || !isDense(fresh)) {
      return { type: 'gap' };
    }
    this.high = high + fresh.length;
    this.fruitless = 0;
    if (this.summary === null) {
      this.early.push(...fresh);
    }
    for (const event of fresh) {
      this.summary = this.summary === null ? null : fold(this.summary, event, this.countUnread);
      this.shown?.events.push(event);
      this.shown?.timeline.add(event);
    }
    return { type: 'fresh', events: fresh };
  }

  /** As it was kept by this device. */
  restore(row: ConversationRow): void {
    this.summary = row.summary;
    this.high = row.high;
    this.wanted = row.wanted;
    if (this.shown !== null) {
      this.shown = nothingShown(row.high + 1);
    }
  }

  /** Its place is known, and not what it comes to, nor with whom it is. */
  get isUntold(): boolean {
    return this.summary === null && this.high !== null && this.high > 0 && !this.gone;
  }

  /**
   * The server has summed it up.
   *
   * @returns what was received before, and is counted only now
   */
  told(summary: Summary): readonly LogEvent[] {
    const { early } = this;
    this.early = [];
    this.gone = false;
    let next = merge(this.summary, summary);
    for (const event of early) {
      next = fold(next, event, this.countUnread);
    }
    this.summary = next;
    return early;
  }

  /** Nothing up to here is held; what comes next is the event after it. */
  rebase(seq: number): void {
    this.early = [];
    this.high = seq;
    this.fruitless = 0;
    if (this.shown !== null) {
      this.shown = nothingShown(seq + 1);
    }
  }

  /** Nothing is known of its log any more. */
  forget(): void {
    this.high = null;
    this.summary = null;
    this.early = [];
    this.wanted = { delivered: 0, read: 0 };
    if (this.shown !== null) {
      this.shown = nothingShown(1);
      this.shown.loaded = false;
    }
  }

  /** The session is over. */
  lost(): void {
    this.replay = 'none';
    this.fromHead = false;
    this.void = false;
    this.caughtUp = false;
  }

  cursor(): Cursor {
    return [this.id, this.fromHead ? null : this.high];
  }

  show(): Shown {
    this.shown ??= nothingShown((this.high ?? 0) + 1);
    return this.shown;
  }

  /**
   * Puts earlier events in front.
   *
   * @return false when they don't join what is shown
   */
  prepend(events: readonly LogEvent[]): boolean {
    const { shown } = this;
    const last = events.at(-1);
    if (shown === null || last === undefined || last.seq !== shown.first - 1 || !isDense(events)) {
      return false;
    }
    shown.events = [...events, ...shown.events];
    shown.first = events[0]?.seq ?? shown.first;
    shown.timeline = Timeline.of(shown.events);
    this.recount(shown.first, shown.timeline);
    return true;
  }

  /**
   * My mark stands below what the server counted up to, and not all between was held when it rose:
   * what is unread there is only known to be so many at most.
   */
  get isUncertain(): boolean {
    const { summary } = this;
    return summary !== null && summary.unreadBelow > 0 && summary.mine.read > summary.readAtBase;
  }

  /** Counts what is unread again, if everything past my mark is held from `first` on. */
  recount(first: number, timeline: Timeline): void {
    const { summary } = this;
    if (summary !== null && this.isUncertain && first <= summary.mine.read + 1) {
      const { mine, base } = summary;
      const unreadBelow = count(timeline, summary.peer.id, mine.read, base);
      this.summary = { ...summary, unreadBelow, readAtBase: mine.read };
    }
  }

  /** The newest message of the peer's that is on the screen or was just received; 0 for none. */
  newestOfPeer(events: readonly LogEvent[]): number {
    const peer = this.summary?.peer.id;
    return events.findLast((event) => event.kind === 'message' && event.by === peer)?.seq ?? 0;
  }

  /** The same up to a place, if it is on the screen; a place that isn't stands for itself. */
  newestUpTo(seq: number): number {
    const { shown, summary } = this;
    if (shown === null || summary === null) {
      return seq;
    }
    let newest = 0;
    for (const message of shown.timeline.all()) {
      newest = message.by === summary.peer.id && message.seq <= seq ? message.seq : newest;
    }
    return newest;
  }

  readonly countUnread = (after: number, upTo: number): number | null => {
    const { shown, summary } = this;
    return shown === null || summary === null || shown.first > after + 1
      ? null
      : count(shown.timeline, summary.peer.id, after, upTo);
  };
}

/** The messages of somebody's between two places that aren't deleted. */
function count(timeline: Timeline, by: string, after: number, upTo: number): number {
  let found = 0;
  for (const message of timeline.all()) {
    const counts = message.by === by && !message.deleted;
    found += counts && message.seq > after && message.seq <= upTo ? 1 : 0;
  }
  return found;
}

function nothingShown(first: number): Shown {
  return { events: [], timeline: Timeline.of([]), first, loadingOlder: false, loaded: false };
}

function isDense(events: readonly LogEvent[]): boolean {
  return events.every((event, i) => event.seq === (events[0]?.seq ?? 0) + i);
}
