import type { Log } from './log/log';
import { nothingSaid, type Summary } from './log/summary';
import type { Item } from './outbox/item';
import type { ChatState, ConversationView, Draft } from './state';
import { type Pending, Viewer } from './view';

export interface ViewsPorts {
  readonly me: string;
  /** Made, where there is none. */
  log(conversation: string): Log;
  typingUntil(conversation: string): number;
  draft(conversation: string): Draft | null;
  items(conversation: string): readonly Item[];
  isUnderWay(item: Item): boolean;
  publish(state: Pick<ChatState, 'conversations' | 'inbox'>): void;
}

/** An operation that the server has stored, until its event is here. */
interface Settled {
  readonly item: Item;
  readonly seq: number;
}

/**
 * What the tab shows of all conversations: made anew for those that have changed, once for
 * everything that changed in the same turn.
 */
export class Views {
  private readonly viewers = new Map<string, Viewer>();
  private readonly keys = new Map<string, Map<string, string>>();
  private readonly settled = new Map<string, Settled[]>();
  private readonly dirty = new Set<string>();
  private conversations: Record<string, ConversationView> = {};
  private inbox: readonly string[] = [];

  constructor(private readonly ports: ViewsPorts) {}

  changed(...conversations: string[]): void {
    if (this.dirty.size === 0 && conversations.length > 0) {
      queueMicrotask(() => this.flush());
    }
    for (const conversation of conversations) {
      this.dirty.add(conversation);
    }
  }

  /** It has its place; its event may be still on the way. */
  stored(item: Item, seq: number): void {
    const { high } = this.ports.log(item.conversation);
    this.name(item);
    if (high === null || high < seq) {
      const settled = this.settled.get(item.conversation) ?? [];
      this.settled.set(item.conversation, [...settled, { item, seq }]);
    }
    this.changed(item.conversation);
  }

  /** Another life of the database: its numbers mean something else. */
  forget(): void {
    this.keys.clear();
    this.settled.clear();
  }

  private flush(): void {
    const changed = [...this.dirty];
    this.dirty.clear();
    const next = { ...this.conversations };
    for (const id of changed) {
      const view = this.make(id);
      if (view === null) {
        delete next[id];
      } else {
        next[id] = view;
      }
    }
    this.conversations = next;
    this.inbox = inOrder(this.inbox, next);
    this.ports.publish({ conversations: next, inbox: this.inbox });
  }

  private make(id: string): ConversationView | null {
    const log = this.ports.log(id);
    const pending = this.pending(log);
    const summary = log.summary ?? unknown(id, pending);
    if (summary === null) {
      return null;
    }
    let viewer = this.viewers.get(id);
    if (viewer === undefined) {
      viewer = new Viewer();
      this.viewers.set(id, viewer);
    }
    return viewer.view({
      me: this.ports.me,
      log,
      summary,
      pending,
      draft: this.ports.draft(id),
      typingUntil: this.ports.typingUntil(id),
      keyOf: (number) => this.keys.get(id)?.get(number) ?? null,
    });
  }

  private pending(log: Log): Pending[] {
    const items = this.ports.items(log.id).filter((item) => !isInLog(log, item));
    for (const item of items) {
      this.name(item);
    }
    const settled = (this.settled.get(log.id) ?? []).filter(({ seq }) => seq > (log.high ?? 0));
    this.settled.set(log.id, settled);
    return [
      ...settled.map(({ item, seq }) => ({ item, seq, underWay: false })),
      ...items.map((item) => ({ item, seq: null, underWay: this.ports.isUnderWay(item) })),
    ];
  }

  /** Its bubble keeps its key when the event comes, which knows the number only. */
  private name({ conversation, number, key }: Item): void {
    if (number !== null) {
      let keys = this.keys.get(conversation);
      if (keys === undefined) {
        keys = new Map();
        this.keys.set(conversation, keys);
      }
      keys.set(`${number.outbox}:${number.n}`, key);
    }
  }
}

/**
 * The server doesn't know of the conversation: it isn't told yet, or it went with a restore. What
 * the person wrote there is shown all the same.
 */
function unknown(id: string, pending: readonly Pending[]): Summary | null {
  const peer = pending.find(({ item }) => item.peer !== null)?.item.peer ?? null;
  return peer === null ? null : nothingSaid(id, peer);
}

function isInLog(log: Log, { number }: Item): boolean {
  return number !== null && (log.shown?.timeline.has(`${number.outbox}:${number.n}`) ?? false);
}

/** Newest activity first. The times are labels: they order a list on a screen, and nothing else. */
function inOrder(
  before: readonly string[],
  conversations: Readonly<Record<string, ConversationView>>,
): readonly string[] {
  const activity = (id: string) => conversations[id]?.last?.at ?? 0;
  const ids = Object.keys(conversations).sort(
    (a, b) => activity(b) - activity(a) || (a < b ? -1 : 1),
  );
  const same = ids.length === before.length && ids.every((id, i) => id === before[i]);
  return same ? before : ids;
}
