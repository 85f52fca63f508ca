import { ApiError } from '../../../src/sdk/api';
import type { ConversationView, MessageView, Person } from '../../../src/sdk/state';
import { conversationOf, FakeClient, messageOf, stateOf } from '../fake-client';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const ada: Person = { id: 'u_ada', username: 'ada', displayName: 'Ada Lovelace' };
export const bob: Person = { id: 'u_bob', username: 'bob', displayName: 'Bob Kahn' };
const people: readonly Person[] = [
  bob,
  { id: 'u_grace', username: 'grace', displayName: 'Grace Hopper' },
  { id: 'u_layla', username: 'layla', displayName: 'ليلى حسن' },
  { id: 'u_max', username: 'max', displayName: 'Maximiliane von und zu Hohenstein-Wolkenburg' },
  { id: 'u_zoe', username: 'zoe', displayName: 'Zoë' },
  { id: 'u_ken', username: 'ken', displayName: '田中 健' },
  { id: 'u_tim', username: 'tim', displayName: 'Tim' },
  { id: 'u_edsger', username: 'edsger', displayName: 'Edsger Dijkstra' },
];
const strangers: readonly Person[] = [
  { id: 'u_bo', username: 'bo', displayName: 'Bo Diddley' },
  { id: 'u_boris', username: 'boris.p', displayName: 'Boris P.' },
];

/** What stands at the end of a line: `me`, or the peer. */
type Said = Partial<MessageView> & { readonly by?: string };

class Talk {
  readonly messages: MessageView[] = [];
  constructor(
    private at: number,
    private readonly peer: Person,
  ) {}

  wait(millis: number): this {
    this.at += millis;
    return this;
  }

  say(by: 'me' | 'them', text: string, part: Said = {}): this {
    const seq = this.messages.length + 1;
    this.at += 20_000;
    this.messages.push(
      messageOf({
        key: `m${seq}`,
        seq,
        by: by === 'me' ? ada.id : this.peer.id,
        mine: by === 'me',
        text,
        at: this.at,
        state: by === 'me' ? 'read' : null,
        ...part,
      }),
    );
    return this;
  }
}

/** Every kind of message there is. */
function everyKind(now: number): MessageView[] {
  return new Talk(now - 2 * DAY, bob)
    .say('them', 'Have you seen the note about the engine?')
    .say('them', 'The one in the back of the translation')
    .say('me', 'Yes! It has no pretensions to originate anything.', {
      reactions: [{ emoji: '👍', by: [bob.id], mine: false }],
    })
    .wait(DAY)
    .say(
      'them',
      'I wrote it all down. It is longer than I thought, and I am not sure about the part where it goes round in a circle, but see for yourself: https://example.org/notes/g?page=2 – or write to me at bob@example.org.',
      { edited: true },
    )
    .say('me', 'ok')
    .say('me', 'Reading it now', {
      replyTo: {
        seq: 4,
        by: bob.id,
        text: 'I wrote it all down. It is longer than I thought, and I am not sure about the part where it goes round in a circle',
        deleted: false,
      },
    })
    .wait(30 * MINUTE)
    .say('me', '', { deleted: true })
    .say('them', 'مرحبا! كيف حالك اليوم؟')
    .say('them', '🎉🎉', {
      reactions: [
        { emoji: '❤️', by: [ada.id, bob.id], mine: true },
        { emoji: '😂', by: [ada.id], mine: true },
      ],
    })
    .wait(DAY - 2 * HOUR)
    .say('them', 'Line one\nline two\n\n    and an indented line four')
    .say('me', 'Pneumonoultramicroscopicsilicovolcanoconiosis'.repeat(3))
    .wait(4 * MINUTE)
    .say('me', 'Shall we meet at the mill at three?', { state: 'read' })
    .say('me', 'I will bring the cards', { state: 'delivered' }).messages;
}

function waitingKinds(now: number): MessageView[] {
  const mine = (key: string, text: string, part: Partial<MessageView>) =>
    messageOf({ key, by: ada.id, mine: true, text, at: now - 10_000, ...part });
  return [
    ...everyKind(now).slice(0, 4),
    messageOf({
      key: 'c1',
      seq: 5,
      by: ada.id,
      mine: true,
      text: 'The edit of this one was refused.',
      at: now - HOUR,
      state: 'delivered',
      changes: [{ key: 'x1', kind: 'edit', failure: { code: 'gone' } }],
    }),
    messageOf({
      key: 'c2',
      seq: 6,
      by: ada.id,
      mine: true,
      text: 'A change of this one waits.',
      at: now - HOUR,
      state: 'stored',
      changes: [{ key: 'x2', kind: 'edit', failure: null }],
    }),
    mine('f1', 'This was too much for the server', {
      state: 'failed',
      failure: { code: 'too_long' },
    }),
    mine('f2', 'hm', { state: 'failed', failure: { code: 'expired' } }),
    mine('s1', 'On its way for a while', { state: 'sending' }),
    mine('q1', 'And this one waits for a network', { state: 'queued', at: now - 8000 }),
  ];
}

function longTalk(now: number, count: number): MessageView[] {
  const talk = new Talk(now - count * 15 * MINUTE, bob);
  const words = 'the engine weaves algebraic patterns just as the loom weaves flowers and leaves';
  for (let i = 0; i < count; i += 1) {
    talk.wait((i % 5 === 0 ? 60 : 1) * MINUTE);
    const length = 6 + ((i * 37) % 70);
    talk.say(i % 3 === 0 ? 'me' : 'them', `${i + 1}. ${words.repeat(3).slice(0, length * 2)}`);
  }
  return talk.messages;
}

function inboxOf(now: number): ConversationView[] {
  const chat = (index: number, part: Partial<ConversationView>) => {
    const peer = people[index] ?? bob;
    return conversationOf(`c_${peer.username}`, peer, { head: 9, ...part });
  };
  const last = (by: 'me' | string, preview: string | null, ago: number, state = 'read') => ({
    seq: 9,
    by: by === 'me' ? ada.id : by,
    at: now - ago,
    preview,
    state: by === 'me' ? (state as 'read') : null,
  });
  return [
    chat(0, { last: last('me', 'I will bring the cards', 2 * MINUTE, 'delivered') }),
    chat(1, { last: last('u_grace', 'Found it. A moth!', 26 * MINUTE), unread: 3 }),
    chat(2, { last: last('u_layla', 'أراك غدا', 3 * HOUR), typingUntil: now + 6000 }),
    chat(3, {
      last: last('me', 'Thank you for the wonderful evening, and for the cake', DAY),
      draft: { text: 'I forgot to ask whether', replyTo: null, edits: null },
    }),
    chat(4, { last: last('me', 'See you there', 2 * DAY, 'failed'), failed: 1 }),
    chat(5, { last: last('u_ken', null, 4 * DAY), unread: 128 }),
    chat(6, { last: last('me', 'ok', 20 * DAY, 'stored') }),
    chat(7, { last: last('u_edsger', 'Simplicity is prerequisite for reliability.', 400 * DAY) }),
  ];
}

export interface Scene {
  readonly client: FakeClient;
  /** Where it stands. */
  readonly path: string;
  /** Shown in place of the chats. */
  readonly signIn?: { readonly username: string; readonly notice: string | null };
  /** Done once it is painted. */
  readonly then?: (client: FakeClient) => void;
}

function chats(messages: MessageView[], part: Partial<ConversationView> = {}): FakeClient {
  const now = Date.now();
  const [first, ...rest] = inboxOf(now);
  const head = messages.at(-1)?.seq ?? messages.length;
  const open = {
    ...(first as ConversationView),
    head,
    mine: { delivered: head, read: head },
    ...part,
  };
  const client = new FakeClient({
    ...stateOf(ada, [open, ...rest]),
    presence: {
      u_bob: { online: true, lastSeen: null },
      u_layla: { online: true, lastSeen: null },
    },
  });
  client.people = [...people, ...strangers];
  client.keep('c_bob', { messages, complete: true, loadingOlder: false, loaded: true });
  client.account.list = [
    {
      id: '1',
      device: 'Firefox on Linux',
      address: '192.0.2.17',
      createdAt: now - 9 * DAY,
      lastUsedAt: now,
      current: true,
    },
    {
      id: '2',
      device: 'Safari on iPhone',
      address: '198.51.100.4',
      createdAt: now - 40 * DAY,
      lastUsedAt: now - DAY,
      current: false,
    },
    {
      id: '3',
      device: null,
      address: null,
      createdAt: now - 90 * DAY,
      lastUsedAt: now - 30 * DAY,
      current: false,
    },
  ];
  return client;
}

const open = (client: FakeClient): Scene => ({ client, path: '/c/c_bob' });

/** By name, in the order in which a person would meet them. */
export const scenes: Readonly<Record<string, () => Scene>> = {
  'sign-in': () => ({ client: chats([]), path: '/', signIn: { username: '', notice: null } }),
  'sign-in-again': () => ({
    client: chats([]),
    path: '/',
    signIn: {
      username: 'ada',
      notice: 'You were signed out. Sign in to go on; what you wrote is kept here.',
    },
  }),
  'sign-in-limited': () => {
    const client = chats([]);
    client.account.failure = new ApiError('rate_limited', null, 42_000);
    return { client, path: '/', signIn: { username: '', notice: null } };
  },
  'empty-inbox': () => ({ client: new FakeClient(stateOf(ada)), path: '/' }),
  'loading-inbox': () => ({
    client: new FakeClient({ ...stateOf(ada), inboxLoaded: false }),
    path: '/',
  }),
  inbox: () => ({ client: chats(everyKind(Date.now())), path: '/' }),
  'not-durable': () => {
    const client = chats(everyKind(Date.now()));
    client.set({ durable: false });
    return { client, path: '/' };
  },
  'not-found': () => ({ client: chats([]), path: '/c/c_nowhere' }),
  'empty-chat': () => open(chats([], { last: null, head: 0 })),
  'loading-chat': () => {
    const client = chats([]);
    client.keep('c_bob', { messages: [], complete: false, loadingOlder: false, loaded: false });
    return open(client);
  },
  chat: () => open(chats(everyKind(Date.now()))),
  waiting: () => open(chats(waitingKinds(Date.now()))),
  few: () => open(chats(everyKind(Date.now()).slice(0, 3), { typingUntil: Date.now() + 1e6 })),
  unread: () =>
    open(chats(longTalk(Date.now(), 60), { unread: 20, mine: { delivered: 60, read: 30 } })),
  long: () => {
    const messages = longTalk(Date.now(), 1000);
    const client = chats(messages.slice(-50));
    client.keep('c_bob', {
      messages: messages.slice(-50),
      complete: false,
      loadingOlder: false,
      loaded: true,
    });
    client.older.set('c_bob', messages.slice(0, -50));
    client.update('c_bob', { head: 1000, mine: { delivered: 1000, read: 1000 } });
    return open(client);
  },
  reply: () =>
    open(
      chats(everyKind(Date.now()), {
        draft: {
          text: 'Which circle do you mean? The one on page two, or',
          replyTo: 4,
          edits: null,
        },
      }),
    ),
  edit: () =>
    open(
      chats(everyKind(Date.now()), {
        draft: { text: 'I will bring the punched cards', replyTo: null, edits: 13 },
      }),
    ),
  limit: () =>
    open(
      chats(everyKind(Date.now()), {
        draft: { text: 'far too long '.repeat(620), replyTo: null, edits: null },
      }),
    ),
  connecting: () => {
    const client = chats(everyKind(Date.now()));
    client.set({ connection: { phase: 'connecting', since: Date.now() - 5000 }, presence: {} });
    return open(client);
  },
  retrying: () => {
    const client = chats(everyKind(Date.now()));
    const since = Date.now() - 5000;
    client.set({
      connection: { phase: 'waiting', since, retryAt: Date.now() + 12_000, offline: false },
      presence: {},
    });
    return open(client);
  },
  offline: () => {
    const client = chats(everyKind(Date.now()));
    const since = Date.now() - 5000;
    client.set({
      connection: { phase: 'waiting', since, retryAt: Date.now() + 12_000, offline: true },
      presence: {},
    });
    return open(client);
  },
  'other-user': () => {
    const client = chats([]);
    client.set({ connection: { phase: 'stopped', since: 0, reason: 'other_user' } });
    return { client, path: '/' };
  },
  'too-many': () => {
    const client = chats([]);
    client.set({ connection: { phase: 'stopped', since: 0, reason: 'too_many_sessions' } });
    return { client, path: '/' };
  },
  'too-old': () => {
    const client = chats([]);
    client.set({ connection: { phase: 'stopped', since: 0, reason: 'client_too_old' } });
    return { client, path: '/' };
  },
  'storage-lost': () => {
    const client = chats([]);
    client.set({ connection: { phase: 'stopped', since: 0, reason: 'storage_lost' } });
    return { client, path: '/' };
  },
};
