import { describe, expect, test } from 'vitest';
import { Log } from '../../src/sdk/log/log';
import { CANCELLED, type Item, type Wanted } from '../../src/sdk/outbox/item';
import type { ChatState, ConversationView, MessageView } from '../../src/sdk/state';
import { type Pending, Viewer } from '../../src/sdk/view';
import { Views } from '../../src/sdk/views';
import type { Conversation } from './fake/conversation';
import { ADA, BOB, counted, seen, talk } from './kit/logs';

/** The log as a tab holds all of it, on the screen. */
function held(conversation: Conversation, from = 0): Log {
  const log = new Log(conversation.id);
  log.told(counted(conversation, conversation.head));
  log.show();
  log.rebase(from);
  log.receive(seen(conversation).slice(from));
  return log;
}

function item(key: string, op: Wanted, more: Partial<Item> = {}): Item {
  return {
    queue: 'q_1',
    order: 1,
    key,
    conversation: 'c_1',
    peer: BOB,
    op,
    at: 50,
    number: null,
    settle: null,
    withdrawn: null,
    failure: null,
    ...more,
  };
}

function says(text: string, replyTo: number | null = null): Wanted {
  return { kind: 'message', text, replyTo };
}

function waits(item: Item, underWay = false, seq: number | null = null): Pending {
  return { item, underWay, seq };
}

/** Sees the same log again and again, as the store is told. */
class Eye {
  private readonly viewer = new Viewer();
  keys = new Map<string, string>();

  constructor(readonly log: Log) {}

  view(...pending: Pending[]): ConversationView {
    const { summary } = this.log;
    if (summary === null) {
      throw new Error('Nobody told of it');
    }
    return this.viewer.view({
      me: ADA.id,
      log: this.log,
      summary,
      pending,
      draft: null,
      typingUntil: 0,
      keyOf: (number) => this.keys.get(number) ?? null,
    });
  }

  messages(...pending: Pending[]): readonly MessageView[] {
    return this.view(...pending).timeline?.messages ?? [];
  }
}

/** Two of Bob's, and one of Ada's that answers the first. */
function dialogue(): Conversation {
  const conversation = talk(2);
  const op = { kind: 'message', text: 'answer', replyTo: 2 } as const;
  conversation.perform({ by: ADA.id, outbox: 7, n: 1, op, claim: null }, 9);
  return conversation;
}

describe('identity', () => {
  test('where nothing changed, the same objects are shown', () => {
    const conversation = dialogue();
    const eye = new Eye(held(conversation));
    const before = eye.messages();
    expect(eye.messages()).toBe(before);
    conversation.mark(BOB.id, { delivered: 4, read: 4 }, 10);
    eye.log.receive(seen(conversation).slice(4));
    const after = eye.messages();
    expect(after[0]).toBe(before[0]);
    expect(after[1]).toBe(before[1]);
    expect(after[2]).not.toBe(before[2]);
    expect(after[2]?.state).toBe('read');
  });

  test('a message that is answered to shows its new text in the quote, and others stay', () => {
    const conversation = dialogue();
    const eye = new Eye(held(conversation));
    const before = eye.messages();
    const op = { kind: 'edit', of: 2, text: 'edited' } as const;
    conversation.perform({ by: BOB.id, outbox: 1, n: 3, op, claim: null }, 10);
    eye.log.receive(seen(conversation).slice(4));
    const after = eye.messages();
    expect(after[2]?.replyTo).toEqual({ seq: 2, by: BOB.id, text: 'edited', deleted: false });
    expect(after[1]).toBe(before[1]);
  });

  test('pages that come in front keep what was shown before', () => {
    const conversation = dialogue();
    const eye = new Eye(held(conversation, 2));
    const before = eye.messages();
    expect(before).toHaveLength(2);
    expect(before[1]?.replyTo, 'not held yet').toMatchObject({ seq: 2, text: null, by: null });
    eye.log.prepend(seen(conversation).slice(0, 2));
    const after = eye.messages();
    expect(after.slice(1).map(({ key }) => key)).toEqual(before.map(({ key }) => key));
    expect(after[2]?.replyTo).toMatchObject({ seq: 2, text: 'text 1', by: BOB.id });
  });
});

describe('states', () => {
  test.each([
    ['queued', waits(item('k', says('a')))],
    ['sending', waits(item('k', says('a')), true)],
    ['stored', waits(item('k', says('a')), false, 9)],
    ['failed', waits(item('k', says('a'), { failure: 'forbidden' }))],
  ])('what waits is %s', (state, pending) => {
    const view = new Eye(held(talk(1))).view(pending);
    expect(view.timeline?.messages.at(-1)).toMatchObject({ key: 'k', text: 'a', state });
    expect(view.last).toMatchObject({ preview: 'a', state, by: ADA.id });
  });

  test.each([
    ['stored', 0, 0],
    ['delivered', 4, 0],
    ['read', 4, 4],
  ])('what is in the log is %s by the peer’s marks', (state, delivered, read) => {
    const conversation = dialogue();
    conversation.mark(BOB.id, { delivered, read }, 10);
    const view = new Eye(held(conversation)).view();
    expect(view.timeline?.messages.map((one) => one.state)).toEqual([null, null, state]);
    expect(view.last?.state).toBe(state);
    expect(view.timeline?.messages.map(({ mine }) => mine)).toEqual([false, false, true]);
  });

  test('what waits and what failed is counted, and what was called back is not shown', () => {
    const view = new Eye(held(talk(1))).view(
      waits(item('a', says('a'))),
      waits(item('b', says('b'), { failure: 'forbidden' })),
      waits(item('c', says('c'), { withdrawn: CANCELLED })),
      waits(item('d', { kind: 'react', of: 2, emoji: '👍', on: true })),
    );
    expect([view.waiting, view.failed]).toEqual([2, 1]);
    expect(view.timeline?.messages.map(({ key }) => key)).toEqual(['s2', 'a', 'b']);
  });

  test('what failed while the conversation went on is not its newest', () => {
    const failed = waits(item('k', says('old'), { failure: 'forbidden', at: 0 }));
    expect(new Eye(held(talk(1))).view(failed).last?.preview).toBe('text 1');
    const later = waits(item('k', says('new'), { failure: 'forbidden', at: 99 }));
    expect(new Eye(held(talk(1))).view(later).last?.preview).toBe('new');
  });

  test('what I have read here counts at once, though the server does not know yet', () => {
    const log = held(talk(5));
    const eye = new Eye(log);
    expect(eye.view().unread).toBe(5);
    log.wanted = { delivered: 6, read: 6 };
    expect(eye.view()).toMatchObject({ unread: 0, mine: { delivered: 6, read: 6 } });
    log.wanted = { delivered: 6, read: 3 };
    expect(eye.view().unread, 'what is held is counted').toBe(3);
    const partly = new Log('c_1');
    partly.told(counted(talk(5), 2));
    partly.rebase(2);
    partly.receive(seen(talk(5)).slice(2));
    partly.wanted = { delivered: 6, read: 4 };
    expect(new Eye(partly).view().unread).toBe(2);
  });
});

describe('changes that wait', () => {
  const edit = item('e', { kind: 'edit', of: 4, text: 'better' });
  const remove = item('d', { kind: 'delete', of: 4 });
  const like = item('r', { kind: 'react', of: 3, emoji: '👍', on: true });

  test('an edit, a reaction and a deletion show before they are stored', () => {
    const eye = new Eye(held(dialogue()));
    const [, bob, mine] = eye.messages(waits(edit), waits(like));
    expect(mine).toMatchObject({ text: 'better', edited: true, state: 'stored', seq: 4 });
    expect(mine?.changes).toEqual([{ key: 'e', kind: 'edit', failure: null }]);
    expect(bob?.reactions).toEqual([{ emoji: '👍', by: [ADA.id], mine: true }]);
    const gone = eye.messages(waits(edit), waits(remove))[2];
    expect(gone).toMatchObject({ text: '', deleted: true, replyTo: null });
    expect(gone?.changes.map(({ kind }) => kind)).toEqual(['edit', 'delete']);
  });

  test('one that failed changes nothing, and tells why', () => {
    const eye = new Eye(held(dialogue()));
    const failed = eye.messages(waits({ ...edit, failure: 'gone' }))[2];
    expect(failed).toMatchObject({ text: 'answer', edited: false });
    expect(failed?.changes).toEqual([{ key: 'e', kind: 'edit', failure: { code: 'gone' } }]);
  });

  test('one that was called back, or is stored by now, leaves nothing behind', () => {
    const eye = new Eye(held(dialogue()));
    const before = eye.messages()[2];
    expect(eye.messages(waits(edit))[2]).not.toBe(before);
    const after = eye.messages(waits({ ...edit, withdrawn: CANCELLED }))[2];
    expect(after).toEqual(before);
  });

  test('the message that is changed keeps its key', () => {
    const eye = new Eye(held(dialogue()));
    const keys = (pending: Pending[]) => eye.messages(...pending).map(({ key }) => key);
    expect(keys([waits(edit), waits(like)])).toEqual(keys([]));
  });
});

describe('quotes', () => {
  test('what waits quotes what is held, what is deleted without its text, and what is not held', () => {
    const conversation = dialogue();
    const gone = { kind: 'delete', of: 3 } as const;
    conversation.perform({ by: BOB.id, outbox: 1, n: 3, op: gone, claim: null }, 10);
    const eye = new Eye(held(conversation));
    const quoteOf = (replyTo: number) =>
      eye.messages(waits(item('k', says('a', replyTo)))).at(-1)?.replyTo;
    expect(quoteOf(2)).toEqual({ seq: 2, by: BOB.id, text: 'text 1', deleted: false });
    expect(quoteOf(3)).toEqual({ seq: 3, by: BOB.id, text: null, deleted: true });
    expect(quoteOf(99)).toEqual({ seq: 99, by: null, text: null, deleted: false });
  });
});

/** All views of a tab, with what it would publish. */
class Screen {
  state: Pick<ChatState, 'conversations' | 'inbox'> = { conversations: {}, inbox: [] };
  readonly logs = new Map<string, Log>();
  items: Item[] = [];
  underWay = false;
  published = 0;
  readonly views = new Views({
    me: ADA.id,
    log: (id) => {
      const log = this.logs.get(id) ?? new Log(id);
      this.logs.set(id, log);
      return log;
    },
    typingUntil: () => 0,
    draft: () => null,
    items: (id) => this.items.filter((item) => item.conversation === id),
    isUnderWay: () => this.underWay,
    publish: (state) => {
      this.state = state;
      this.published++;
    },
  });

  async shown(): Promise<readonly MessageView[]> {
    this.views.changed('c_1');
    await Promise.resolve();
    return this.state.conversations.c_1?.timeline?.messages ?? [];
  }
}

describe('from the first paint to the place in the log', () => {
  const numbered = item('k', says('answer', 2), { number: { outbox: 7, n: 1 } });

  test('a message keeps its key, and is there once, whichever comes first', async () => {
    for (const answerFirst of [true, false]) {
      const conversation = talk(2);
      const screen = new Screen();
      const log = held(conversation);
      screen.logs.set('c_1', log);
      screen.items = [item('k', says('answer', 2))];
      expect((await screen.shown()).at(-1)).toMatchObject({ key: 'k', state: 'queued' });
      screen.items = [numbered];
      screen.underWay = true;
      expect((await screen.shown()).at(-1)).toMatchObject({ key: 'k', state: 'sending' });
      if (answerFirst) {
        screen.items = [];
        screen.views.stored(numbered, 4);
        expect((await screen.shown()).at(-1)).toMatchObject({ key: 'k', state: 'stored', seq: 4 });
        expect(screen.state.conversations.c_1?.waiting, 'until its event is here').toBe(1);
      }
      log.receive(seen(dialogue()).slice(3));
      const shown = await screen.shown();
      expect(shown.map(({ key }) => key)).toEqual(['s2', 's3', 'k']);
      expect(shown.at(-1)).toMatchObject({ state: 'stored', seq: 4, text: 'answer' });
      screen.items = [];
      expect((await screen.shown()).at(-1)?.key).toBe('k');
    }
  });

  test('what another tab wrote has a key of its own here', async () => {
    const screen = new Screen();
    screen.logs.set('c_1', held(dialogue()));
    expect((await screen.shown()).at(-1)?.key).toBe('s4');
  });

  test('in another life of the database the same number is another message', async () => {
    const screen = new Screen();
    const log = held(talk(2));
    screen.logs.set('c_1', log);
    screen.items = [numbered];
    await screen.shown();
    log.receive(seen(dialogue()).slice(3));
    screen.items = [];
    expect((await screen.shown()).at(-1)?.key).toBe('k');
    screen.views.forget();
    expect((await screen.shown()).at(-1)?.key).toBe('s4');
  });

  test('what was written where the server knows of nothing is shown all the same', async () => {
    const screen = new Screen();
    screen.views.changed('c_1');
    await Promise.resolve();
    expect(screen.state.conversations).toEqual({});
    screen.items = [item('k', says('a'))];
    await screen.shown();
    expect(screen.state.conversations.c_1).toMatchObject({ peer: BOB, head: 0, waiting: 1 });
  });

  test('many changes in a turn are published once, and an unmoved list is the same', async () => {
    const screen = new Screen();
    screen.logs.set('c_1', held(talk(1)));
    screen.logs.set('c_2', held(talk(3)));
    screen.views.changed('c_1', 'c_2');
    screen.views.changed('c_1');
    await Promise.resolve();
    expect(screen.published).toBe(1);
    expect(screen.state.inbox).toEqual(['c_2', 'c_1']);
    const { inbox, conversations } = screen.state;
    await screen.shown();
    expect(screen.state.inbox).toBe(inbox);
    expect(screen.state.conversations.c_2, 'untouched').toBe(conversations.c_2);
  });
});
