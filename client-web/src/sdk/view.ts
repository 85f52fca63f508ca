import type { Log, Shown } from './log/log';
import { cut, type Summary, unread } from './log/summary';
import { type Message, reacted } from './log/timeline';
import { CANCELLED, type Item } from './outbox/item';
import type {
  Change,
  ConversationView,
  Draft,
  LastMessage,
  Marks,
  MessageState,
  MessageView,
  Quote,
  Reaction,
  TimelineView,
} from './state';

/** An operation of mine that isn't in the log that is held here: it waits, failed, or just came. */
export interface Pending {
  readonly item: Item;
  readonly underWay: boolean;
  /** Its place in the log, when the server has told it before its event came. */
  readonly seq: number | null;
}

/** All that a conversation's view is made of. */
export interface Sources {
  readonly me: string;
  readonly log: Log;
  readonly summary: Summary;
  readonly pending: readonly Pending[];
  readonly draft: Draft | null;
  readonly typingUntil: number;
  /** The view's key of an own message, by outbox and number, where it was written in this tab. */
  keyOf(number: string): string | null;
}

interface Made {
  readonly message: Message;
  readonly state: MessageState | null;
  readonly quoted: Message | null;
  readonly view: MessageView;
}

interface MadeWaiting extends Pending {
  readonly quoted: Message | null;
  readonly view: MessageView;
}

/** Makes what is shown out of what is held, and the same objects where nothing changed. */
export class Viewer {
  private readonly made = new Map<string, Made>();
  private madeWaiting = new Map<string, MadeWaiting>();
  private messages: readonly MessageView[] = [];

  view(sources: Sources): ConversationView {
    const { log, summary, pending } = sources;
    const mine = raised(summary.mine, log.wanted);
    const waiting = pending.filter(({ item }) => item.failure === null && !isCancelled(item));
    return {
      id: log.id,
      peer: summary.peer,
      head: summary.head,
      unread: unreadPast(log, summary, mine.read),
      mine,
      theirs: summary.theirs,
      last: last(sources),
      typingUntil: sources.typingUntil,
      draft: sources.draft,
      waiting: waiting.length,
      failed: pending.filter(({ item }) => item.failure !== null).length,
      timeline: log.shown === null ? null : this.timelineOf(sources, log.shown),
    };
  }

  private timelineOf(sources: Sources, shown: Shown): TimelineView {
    const messages: MessageView[] = [];
    const changes = byTarget(sources.pending);
    const madeWaiting = new Map<string, MadeWaiting>();
    for (const message of shown.timeline.all()) {
      messages.push(this.stored(sources, shown, message, changes.get(message.seq) ?? []));
    }
    for (const pending of sources.pending) {
      if (pending.item.op.kind === 'message' && !isCancelled(pending.item)) {
        const made = this.waiting(sources, shown, pending);
        madeWaiting.set(pending.item.key, made);
        messages.push(made.view);
      }
    }
    this.madeWaiting = madeWaiting;
    this.messages = sameOrNew(this.messages, messages);
    return {
      messages: this.messages,
      complete: shown.first <= 1,
      loadingOlder: shown.loadingOlder,
      loaded: shown.loaded,
    };
  }

  private stored(
    sources: Sources,
    shown: Shown,
    message: Message,
    changes: readonly Pending[],
  ): MessageView {
    const { me, summary } = sources;
    const own = message.number === null ? null : sources.keyOf(message.number);
    const key = own ?? `s${message.seq}`;
    const state = message.by === me ? reached(message.seq, summary.theirs) : null;
    const quoted = message.replyTo === null ? null : shown.timeline.get(message.replyTo);
    const before = this.made.get(key);
    const same = before?.message === message && before.state === state && before.quoted === quoted;
    if (same && changes.length === 0 && before.view.changes.length === 0) {
      return before.view;
    }
    const view = viewOf(overlaid(message, changes, me), me, {
      key,
      state,
      replyTo: message.replyTo === null ? null : quote(message.replyTo, quoted),
      changes: changes.map(({ item }) => change(item)),
    });
    this.made.set(key, { message, state, quoted, view });
    return view;
  }

  private waiting(sources: Sources, shown: Shown, pending: Pending): MadeWaiting {
    const { item, seq, underWay } = pending;
    const op = item.op.kind === 'message' ? item.op : { text: '', replyTo: null };
    const replyTo = op.replyTo ?? null;
    const quoted = replyTo === null ? null : shown.timeline.get(replyTo);
    const before = this.madeWaiting.get(item.key);
    if (
      before?.item === item &&
      before.seq === seq &&
      before.underWay === underWay &&
      before.quoted === quoted
    ) {
      return before;
    }
    const view: MessageView = {
      key: item.key,
      seq,
      by: sources.me,
      mine: true,
      at: item.at,
      text: op.text,
      replyTo: replyTo === null ? null : quote(replyTo, quoted),
      edited: false,
      deleted: false,
      reactions: [],
      state: stateOf(pending),
      failure: item.failure === null ? null : { code: item.failure },
      changes: [],
    };
    return { ...pending, quoted, view };
  }
}

/** Whether the person has called it back: it isn't shown, whatever becomes of it. */
function isCancelled(item: Item): boolean {
  return item.withdrawn === CANCELLED;
}

function stateOf({ item, underWay, seq }: Pending): MessageState {
  if (item.failure !== null) {
    return 'failed';
  }
  return seq !== null ? 'stored' : underWay ? 'sending' : 'queued';
}

function reached(seq: number, theirs: Marks): MessageState {
  return theirs.read >= seq ? 'read' : theirs.delivered >= seq ? 'delivered' : 'stored';
}

function byTarget(pending: readonly Pending[]): Map<number, Pending[]> {
  const targets = new Map<number, Pending[]>();
  for (const one of pending) {
    const { op } = one.item;
    if (op.kind !== 'message' && !isCancelled(one.item)) {
      targets.set(op.of, [...(targets.get(op.of) ?? []), one]);
    }
  }
  return targets;
}

/** The message as it will be, once what waits is stored; what failed changes nothing. */
function overlaid(message: Message, changes: readonly Pending[], me: string): Message {
  let result = message;
  for (const { item } of changes) {
    const { op } = item;
    if (item.failure !== null || result.deleted) {
      continue;
    }
    if (op.kind === 'edit') {
      result = { ...result, text: op.text, edited: true };
    } else if (op.kind === 'delete') {
      result = { ...result, text: '', replyTo: null, deleted: true, reactions: new Map() };
    } else if (op.kind === 'react') {
      result = reacted(result, op.emoji, me, op.on);
    }
  }
  return result;
}

function change(item: Item): Change {
  const kind = item.op.kind === 'message' ? 'edit' : item.op.kind;
  return { key: item.key, kind, failure: item.failure === null ? null : { code: item.failure } };
}

function viewOf(
  message: Message,
  me: string,
  rest: Pick<MessageView, 'key' | 'state' | 'replyTo' | 'changes'>,
): MessageView {
  const reactions: Reaction[] = [...message.reactions].map(([emoji, by]) => ({
    emoji,
    by,
    mine: by.includes(me),
  }));
  return {
    ...rest,
    replyTo: message.deleted ? null : rest.replyTo,
    seq: message.seq,
    by: message.by,
    mine: message.by === me,
    at: message.at,
    text: message.text,
    edited: message.edited,
    deleted: message.deleted,
    reactions,
    failure: null,
  };
}

function quote(seq: number, message: Message | null): Quote {
  return message === null
    ? { seq, by: null, text: null, deleted: false }
    : {
        seq,
        by: message.by,
        text: message.deleted ? null : message.text,
        deleted: message.deleted,
      };
}

/** What waits is newer than everything stored: so the person sees it. */
function last({ me, summary, pending }: Sources): LastMessage | null {
  const waits = pending.findLast(({ item }) => item.op.kind === 'message' && !isCancelled(item));
  if (waits !== undefined && waits.item.op.kind === 'message' && !isOlder(waits, summary)) {
    const { item, seq } = waits;
    const { text } = waits.item.op;
    return { seq, by: me, at: item.at, preview: cut(text), state: stateOf(waits) };
  }
  if (summary.last === null) {
    return null;
  }
  const { seq, by, at, preview } = summary.last;
  return { seq, by, at, preview, state: by === me ? reached(seq, summary.theirs) : null };
}

/** Something that failed stays where it was, while the conversation goes on. */
function isOlder({ item }: Pending, summary: Summary): boolean {
  return item.failure !== null && summary.last !== null && summary.last.at > item.at;
}

/** What the person has read here counts at once, though the server doesn't know yet. */
function unreadPast(log: Log, summary: Summary, read: number): number {
  if (read <= summary.mine.read) {
    return unread(summary);
  }
  const { base, unreadBelow } = summary;
  // Of what isn't held only the server can tell how much is left; it is about to.
  const below = read >= base ? 0 : (log.countUnread(read, base) ?? unreadBelow);
  return below + summary.unreadAbove.filter((seq) => seq > read).length;
}

function raised(one: Marks, other: Marks): Marks {
  return {
    delivered: Math.max(one.delivered, other.delivered),
    read: Math.max(one.read, other.read),
  };
}

function sameOrNew<T>(before: readonly T[], now: readonly T[]): readonly T[] {
  const same = before.length === now.length && now.every((one, i) => one === before[i]);
  return same ? before : now;
}
