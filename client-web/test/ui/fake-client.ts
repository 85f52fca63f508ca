import { createStore, type StoreApi } from 'zustand/vanilla';
import { ApiError, type ChatClient } from '../../src/sdk/api';
import type {
  ChatState,
  ConversationView,
  Draft,
  MessageState,
  MessageView,
  Person,
  TimelineView,
} from '../../src/sdk/state';
import { FakeAccount } from './fake-account';

/** What a call did, in order: for tests that ask what was wanted of the client. */
export interface Call {
  readonly name: string;
  readonly args: readonly unknown[];
}

const PAGE = 50;

/**
 * A ChatClient in memory that keeps the contract: optimistic messages with a key for ever, pages of
 * older ones, drafts, marks. There is no server: what is sent stays queued until `settle`, and the
 * peer says what a test has them say.
 */
export class FakeClient implements ChatClient {
  readonly state: StoreApi<ChatState>;
  readonly account: FakeAccount;
  readonly calls: Call[] = [];
  /** Everybody whom `findPeople` finds. */
  people: readonly Person[] = [];
  /** Messages that are on the server and in no timeline yet, by conversation. */
  readonly older = new Map<string, MessageView[]>();
  /** Whether what is sent gets stored at once. */
  settles = true;
  #keys = 0;
  readonly #closed = new Map<string, TimelineView>();

  constructor(state: ChatState) {
    this.state = createStore(() => state);
    this.account = new FakeAccount(state.me);
  }

  /** Changes the state, as the network would. */
  set(part: Partial<ChatState>): void {
    this.state.setState(part);
  }

  update(id: string, part: Partial<ConversationView>): void {
    const { conversations } = this.state.getState();
    const now = conversations[id];
    if (now === undefined) throw new Error(`no conversation ${id}`);
    this.set({ conversations: { ...conversations, [id]: { ...now, ...part } } });
  }

  conversation(id: string): ConversationView {
    const found = this.state.getState().conversations[id];
    if (found === undefined) throw new Error(`no conversation ${id}`);
    return found;
  }

  messages(id: string): readonly MessageView[] {
    return this.conversation(id).timeline?.messages ?? [];
  }

  setMessages(id: string, messages: readonly MessageView[]): void {
    const { timeline } = this.conversation(id);
    if (timeline === null) throw new Error(`${id} isn't open`);
    this.update(id, { timeline: { ...timeline, messages } });
  }

  /** The peer says something. */
  receive(id: string, text: string): void {
    const { peer, head, unread } = this.conversation(id);
    const seq = head + 1;
    const message = messageOf({ key: `m${seq}`, seq, by: peer.id, text, at: Date.now() });
    if (this.conversation(id).timeline !== null) {
      this.setMessages(id, [...this.messages(id), message]);
    }
    const last = { seq, by: peer.id, at: message.at, preview: text, state: null };
    this.update(id, { head: seq, unread: unread + 1, last, typingUntil: 0 });
    this.#raise(id);
  }

  /** Moves a message of mine on. */
  advance(id: string, key: string, state: MessageState): void {
    if (this.conversation(id).timeline === null) return;
    const stored = state !== 'queued' && state !== 'sending' && state !== 'failed';
    let { head } = this.conversation(id);
    this.setMessages(
      id,
      this.messages(id).map((m) => {
        if (m.key !== key) return m;
        const seq = stored && m.seq === null ? ++head : m.seq;
        return { ...m, state, seq, failure: state === 'failed' ? { code: 'too_long' } : null };
      }),
    );
    const { last } = this.conversation(id);
    this.update(id, { head, last: last && last.state !== null ? { ...last, state } : last });
  }

  async start(): Promise<void> {
    this.#note('start');
  }

  async stop(): Promise<void> {
    this.#note('stop');
  }

  async signOut(): Promise<void> {
    this.#note('signOut');
  }

  retryNow(): void {
    this.#note('retryNow');
    this.set({ connection: { phase: 'live', since: Date.now() } });
  }

  async open(id: string): Promise<void> {
    this.#note('open', id);
    if (this.state.getState().conversations[id] === undefined) return;
    const kept = this.#closed.get(id);
    if (this.conversation(id).timeline === null) {
      this.update(id, {
        timeline: kept ?? { messages: [], complete: true, loadingOlder: false, loaded: true },
      });
    }
  }

  close(id: string): void {
    this.#note('close', id);
    const timeline = this.state.getState().conversations[id]?.timeline;
    if (timeline == null) return;
    this.#closed.set(id, timeline);
    this.update(id, { timeline: null });
  }

  /** The timeline that `open` will bring. */
  keep(id: string, timeline: TimelineView): void {
    this.#closed.set(id, timeline);
  }

  async loadOlder(id: string): Promise<void> {
    const { timeline } = this.conversation(id);
    if (timeline === null || timeline.complete || timeline.loadingOlder) return;
    this.#note('loadOlder', id);
    this.update(id, { timeline: { ...timeline, loadingOlder: true } });
    await new Promise((resolve) => setTimeout(resolve, 30));
    const now = this.conversation(id).timeline;
    if (now === null) return;
    const rest = this.older.get(id) ?? [];
    const page = rest.slice(-PAGE);
    this.older.set(id, rest.slice(0, -PAGE));
    this.update(id, {
      timeline: {
        ...now,
        messages: [...page, ...now.messages],
        loadingOlder: false,
        complete: rest.length <= PAGE,
      },
    });
  }

  async loadMoreConversations(): Promise<void> {
    this.#note('loadMoreConversations');
  }

  async startWith(username: string): Promise<string> {
    this.#note('startWith', username);
    const peer = this.people.find((person) => person.username === username);
    if (peer === undefined) throw new ApiError('not_found');
    const id = `c_${username}`;
    const { conversations, inbox } = this.state.getState();
    this.set({
      conversations: { [id]: conversationOf(id, peer), ...conversations },
      inbox: inbox.includes(id) ? inbox : [id, ...inbox],
    });
    return id;
  }

  async findPeople(prefix: string): Promise<readonly Person[]> {
    this.#note('findPeople', prefix);
    if (this.state.getState().connection.phase !== 'live') throw new ApiError('offline');
    return this.people.filter(({ username }) => username.startsWith(prefix.toLowerCase()));
  }

  textFault(text: string): 'empty' | 'too_long' | 'invalid_text' | null {
    if (text.trim() === '') return 'empty';
    if ([...text].length > this.state.getState().textLimit) return 'too_long';
    return text.includes('\u0000') ? 'invalid_text' : null;
  }

  async send(id: string, text: string, replyTo: number | null = null): Promise<string> {
    this.#note('send', id, text, replyTo);
    this.#keys += 1;
    const key = `k${this.#keys}`;
    const { me } = this.state.getState();
    const at = Date.now();
    const answered = this.messages(id).find(({ seq }) => seq === replyTo);
    const message = messageOf({
      key,
      by: me.id,
      mine: true,
      text,
      at,
      state: this.settles ? 'sending' : 'queued',
      replyTo:
        replyTo === null
          ? null
          : {
              seq: replyTo,
              by: answered?.by ?? null,
              text: answered?.text ?? null,
              deleted: answered?.deleted ?? false,
            },
    });
    this.setMessages(id, [...this.messages(id), message]);
    this.update(id, { last: { seq: null, by: me.id, at, preview: text, state: message.state } });
    this.#raise(id);
    if (this.settles) setTimeout(() => this.advance(id, key, 'stored'), 60);
    return key;
  }

  async edit(id: string, of: number, text: string): Promise<void> {
    this.#note('edit', id, of, text);
    this.#change(id, of, (m) => ({ ...m, text, edited: true }));
  }

  async remove(id: string, of: number): Promise<void> {
    this.#note('remove', id, of);
    this.#change(id, of, (m) => ({ ...m, text: '', deleted: true, reactions: [] }));
  }

  async react(id: string, of: number, emoji: string, on: boolean): Promise<void> {
    this.#note('react', id, of, emoji, on);
    const { me } = this.state.getState();
    this.#change(id, of, (m) => {
      const before = m.reactions.find((r) => r.emoji === emoji)?.by ?? [];
      const by = on ? [...before, me.id] : before.filter((user) => user !== me.id);
      const reaction = { emoji, by, mine: on };
      const known = m.reactions.some((r) => r.emoji === emoji);
      const reactions = known
        ? m.reactions.map((r) => (r.emoji === emoji ? reaction : r))
        : [...m.reactions, reaction];
      return { ...m, reactions: reactions.filter((r) => r.by.length > 0) };
    });
  }

  async retry(key: string): Promise<void> {
    this.#note('retry', key);
    for (const id of this.#open()) {
      const message = this.messages(id).find((m) => m.key === key);
      if (message === undefined) continue;
      const rest = this.messages(id).filter((m) => m.key !== key);
      this.setMessages(id, [...rest, { ...message, state: 'sending', failure: null }]);
    }
  }

  async discard(key: string): Promise<void> {
    this.#note('discard', key);
    for (const id of this.#open()) {
      this.setMessages(
        id,
        this.messages(id)
          .filter((m) => m.key !== key)
          .map((m) => ({ ...m, changes: m.changes.filter((change) => change.key !== key) })),
      );
    }
  }

  markRead(id: string, seq: number): void {
    this.#note('markRead', id, seq);
    const { mine, peer } = this.conversation(id);
    if (seq <= mine.read) return;
    const unread = this.messages(id).filter(
      (m) => m.by === peer.id && !m.deleted && (m.seq ?? 0) > seq,
    ).length;
    this.update(id, { mine: { delivered: Math.max(mine.delivered, seq), read: seq }, unread });
  }

  typing(id: string, on: boolean): void {
    this.#note('typing', id, on);
  }

  watch(users: readonly string[]): void {
    this.#note('watch', users);
  }

  saveDraft(id: string, draft: Draft | null): void {
    this.#note('saveDraft', id, draft);
    this.update(id, { draft });
  }

  #note(name: string, ...args: unknown[]): void {
    this.calls.push({ name, args });
  }

  #open(): string[] {
    return Object.values(this.state.getState().conversations)
      .filter(({ timeline }) => timeline !== null)
      .map(({ id }) => id);
  }

  #change(id: string, of: number, fold: (message: MessageView) => MessageView): void {
    this.setMessages(
      id,
      this.messages(id).map((m) => (m.seq === of ? fold(m) : m)),
    );
  }

  #raise(id: string): void {
    const { inbox } = this.state.getState();
    this.set({ inbox: [id, ...inbox.filter((other) => other !== id)] });
  }
}

export function messageOf(
  part: Partial<MessageView> & Pick<MessageView, 'key' | 'by' | 'text' | 'at'>,
): MessageView {
  return {
    seq: null,
    mine: false,
    replyTo: null,
    edited: false,
    deleted: false,
    reactions: [],
    state: null,
    failure: null,
    changes: [],
    ...part,
  };
}

export function conversationOf(
  id: string,
  peer: Person,
  part: Partial<ConversationView> = {},
): ConversationView {
  return {
    id,
    peer,
    head: 0,
    unread: 0,
    mine: { delivered: 0, read: 0 },
    theirs: { delivered: 0, read: 0 },
    last: null,
    typingUntil: 0,
    draft: null,
    waiting: 0,
    failed: 0,
    timeline: null,
    ...part,
  };
}

export function stateOf(me: Person, conversations: readonly ConversationView[] = []): ChatState {
  return {
    me,
    connection: { phase: 'live', since: 0 },
    inbox: conversations.map(({ id }) => id),
    inboxLoaded: true,
    inboxMore: false,
    conversations: Object.fromEntries(conversations.map((c) => [c.id, c])),
    presence: {},
    textLimit: 8000,
    durable: true,
  };
}
