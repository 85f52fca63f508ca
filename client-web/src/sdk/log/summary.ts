import type {
  ConversationSummary,
  Event,
  Person,
  UnknownEvent,
  WireMarks,
} from '../protocol/frames.gen';

/** An event as it is held; of a kind not known it is a place in the log and nothing more. */
export type LogEvent = Event | UnknownEvent;

/** The newest message. `preview` is null when it was deleted. */
export interface Newest {
  readonly seq: number;
  readonly by: string;
  readonly at: number;
  readonly preview: string | null;
}

/**
 * What a conversation comes to, without its events: the server's word as of some event, and every
 * event after it folded in. Immutable.
 */
export interface Summary {
  readonly id: string;
  readonly peer: Person;
  readonly head: number;
  /** The last event that is counted in. */
  readonly asOf: number;
  readonly mine: WireMarks;
  readonly theirs: WireMarks;
  readonly last: Newest | null;
  /** The peer's unread messages up to `base`, as the server counted them. */
  readonly unreadBelow: number;
  readonly base: number;
  /** Where my mark stood when they were counted. */
  readonly readAtBase: number;
  /** Those after it, one by one. */
  readonly unreadAbove: readonly number[];
}

const PREVIEW_CODE_POINTS = 160;

export function unread(summary: Summary): number {
  return summary.unreadBelow + summary.unreadAbove.length;
}

/** Of a conversation before its first message. */
export function nothingSaid(id: string, peer: Person): Summary {
  return {
    id,
    peer,
    head: 0,
    asOf: 0,
    mine: NONE,
    theirs: NONE,
    last: null,
    unreadBelow: 0,
    base: 0,
    readAtBase: 0,
    unreadAbove: [],
  };
}

/** The server's word. */
export function told(wire: ConversationSummary): Summary {
  const { id, peer, head, asOf, last } = wire;
  const theirs = wire.marks[peer.id] ?? NONE;
  const mine = Object.entries(wire.marks).find(([user]) => user !== peer.id)?.[1] ?? NONE;
  return {
    id,
    peer,
    head,
    asOf,
    mine,
    theirs,
    last: last === null ? null : newest(last),
    unreadBelow: wire.unread,
    base: asOf,
    readAtBase: mine.read,
    unreadAbove: [],
  };
}

/** What is held, and what the server says now: whichever counts further, and the newest peer. */
export function merge(held: Summary | null, heard: Summary): Summary {
  if (held === null || heard.asOf >= held.asOf) {
    const head = Math.max(heard.head, held?.head ?? 0);
    return held === null ? heard : { ...heard, head, ...higher(held, heard) };
  }
  return { ...held, peer: heard.peer, head: Math.max(held.head, heard.head) };
}

/** Marks only rise, whoever tells them first. */
function higher(one: Summary, other: Summary): Pick<Summary, 'mine' | 'theirs'> {
  return { mine: raised(one.mine, other.mine), theirs: raised(one.theirs, other.theirs) };
}

/**
 * One event more. One that was counted in changes nothing. Where some before it were never told,
 * because too much was missed, it counts all the same: the next word of the server's is exact again.
 *
 * @param countUnread the peer's messages after the first and up to the second number that aren't
 *   deleted, where all events between are held; else null
 */
export function fold(
  summary: Summary,
  event: LogEvent,
  countUnread: (after: number, upTo: number) => number | null,
): Summary {
  if (event.seq <= summary.asOf) {
    return summary;
  }
  const next = { ...summary, head: Math.max(summary.head, event.seq), asOf: event.seq };
  return withMarks(withContent(next, event), event, countUnread);
}

function withContent(summary: Summary, event: LogEvent): Summary {
  const byPeer = event.by === summary.peer.id;
  switch (event.kind) {
    case 'message': {
      const preview = 'erased' in event ? null : cut(event.text);
      const last = { seq: event.seq, by: event.by, at: event.at, preview };
      const counts = byPeer && preview !== null;
      return {
        ...summary,
        last,
        unreadAbove: counts ? [...summary.unreadAbove, event.seq] : summary.unreadAbove,
      };
    }
    case 'edit':
      return summary.last?.seq === event.of && summary.last.preview !== null && !('erased' in event)
        ? { ...summary, last: { ...summary.last, preview: cut(event.text) } }
        : summary;
    case 'delete':
      return withoutMessage(summary, event.of, byPeer);
    case 'skipped':
      return summary;
    default:
      return summary;
  }
}

function withoutMessage(summary: Summary, of: number, byPeer: boolean): Summary {
  const last = summary.last?.seq === of ? { ...summary.last, preview: null } : summary.last;
  if (!byPeer || of <= summary.mine.read) {
    return { ...summary, last };
  }
  return of > summary.base
    ? { ...summary, last, unreadAbove: summary.unreadAbove.filter((seq) => seq !== of) }
    : { ...summary, last, unreadBelow: Math.max(0, summary.unreadBelow - 1) };
}

function withMarks(
  summary: Summary,
  event: LogEvent,
  countUnread: (after: number, upTo: number) => number | null,
): Summary {
  const marks = marksOf(event);
  if (marks === null) {
    return summary;
  }
  if (event.by === summary.peer.id) {
    return { ...summary, theirs: raised(summary.theirs, marks) };
  }
  return read({ ...summary, mine: raised(summary.mine, marks) }, countUnread);
}

/** What is unread now that my own mark stands where it does. */
function read(
  summary: Summary,
  countUnread: (after: number, upTo: number) => number | null,
): Summary {
  const mark = summary.mine.read;
  const counted = mark >= summary.base ? 0 : countUnread(mark, summary.base);
  const unreadAbove = summary.unreadAbove.filter((seq) => seq > mark);
  return counted === null
    ? { ...summary, unreadAbove }
    : { ...summary, unreadAbove, unreadBelow: counted, readAtBase: mark };
}

/** The marks of its author that an event raises, if it raises any. */
export function marksOf(event: LogEvent): WireMarks | null {
  return 'read' in event && event.read !== undefined && event.delivered !== undefined
    ? { delivered: event.delivered, read: event.read }
    : null;
}

function raised(one: WireMarks, other: WireMarks): WireMarks {
  return {
    delivered: Math.max(one.delivered, other.delivered),
    read: Math.max(one.read, other.read),
  };
}

function newest(last: NonNullable<ConversationSummary['last']>): Newest {
  const { seq, by, at } = last;
  return { seq, by, at, preview: 'preview' in last ? last.preview : null };
}

/** Never through the middle of a surrogate pair. */
export function cut(text: string): string {
  return text.length <= PREVIEW_CODE_POINTS
    ? text
    : [...text.slice(0, 2 * PREVIEW_CODE_POINTS)].slice(0, PREVIEW_CODE_POINTS).join('');
}

const NONE: WireMarks = { delivered: 0, read: 0 };
