import { expect, test, vi } from 'vitest';
import { createChatClient } from '../../src/sdk';
import type { ChatClient } from '../../src/sdk/api';
import { browserClock } from '../../src/sdk/browser/clock';
import type { ClientFrame, Person } from '../../src/sdk/protocol/frames.gen';
import type { ConversationView, MessageView } from '../../src/sdk/state';
import { TABLES } from '../../src/sdk/storage/schema';
import type { FakeBrowser } from './fake/browser';

import type { FakeTab } from './fake/tab';
import { World } from './fake/world';

/** Ada's browser, and Bob, who has written to her once. */
class Scene {
  readonly world = new World();
  readonly ada: Person = this.world.person('ada');
  readonly bob: Person = this.world.person('bob');
  readonly browser: FakeBrowser = this.world.browser(this.ada);
  readonly frames: ClientFrame[] = [];
  readonly conversation: string;

  constructor() {
    const { server } = this.world;
    server.text(this.bob, this.ada, 'hello');
    this.conversation = server.database.pair(this.ada.id, this.bob.id).id;
    server.faults.cutNext('before', (frame) => {
      this.frames.push(frame);
      return false;
    });
  }

  /** A tab, with a client that has had a second. */
  async open(browser = this.browser): Promise<{ tab: FakeTab; client: ChatClient }> {
    const tab = browser.open();
    const client = createChatClient(tab.ports, this.ada);
    void client.start().catch(() => {});
    await this.world.pass(1_000);
    return { tab, client };
  }

  view(client: ChatClient, conversation = this.conversation): ConversationView {
    return client.state.getState().conversations[conversation] as ConversationView;
  }

  /** A message of Ada's on the screen, by its text. */
  message(client: ChatClient, text: string): MessageView | undefined {
    return this.view(client).timeline?.messages.find((message) => message.text === text);
  }

  /** What Ada's messages say, as the server has them. */
  stored(): string[] {
    const { log } = this.world.server.database.pair(this.ada.id, this.bob.id);
    return log.flatMap((event) =>
      event.kind === 'message' && event.by === this.ada.id && 'text' in event ? [event.text] : [],
    );
  }

  /** How many frames of a kind the server has heard since it was asked last. */
  heard(t: ClientFrame['t']): number {
    return this.frames.splice(0).filter((frame) => frame.t === t).length;
  }

  async rows<T>(table: string): Promise<T[]> {
    const tables = await this.browser.disk.open(this.ada.id, () => {});
    return tables.transact([table], 'readonly', (t) => t.range<T>(table, {}));
  }
}

test('a retry that is pressed twice sends once', async () => {
  const scene = new Scene();
  const { client } = await scene.open();
  scene.world.server.faults.refuseNext('forbidden');
  const key = await client.send(scene.conversation, 'once');
  await scene.world.pass(1_000);
  void client.retry(key);
  void client.retry(key);
  await scene.world.pass(5_000);
  expect(scene.stored()).toEqual(['once']);
});

test('two tabs that retry the same send once', async () => {
  const scene = new Scene();
  const [one, other] = [await scene.open(), await scene.open()];
  scene.world.server.faults.refuseNext('forbidden');
  const key = await one.client.send(scene.conversation, 'once');
  await scene.world.pass(1_000);
  void one.client.retry(key);
  void other.client.retry(key);
  await scene.world.pass(5_000);
  expect(scene.stored()).toEqual(['once']);
});

test('what is called back while it gets its number is not sent, and nothing waits for it', async () => {
  for (let after = 0; after <= 400; after += 10) {
    const scene = new Scene();
    const { client } = await scene.open();
    await client.open(scene.conversation);
    scene.browser.diskDelay = () => 30;
    scene.browser.diskAnswerDelay = () => 30;
    const sent = client.send(scene.conversation, 'called back');
    await scene.world.pass(70);
    const key = await sent;
    await scene.world.pass(after);
    const wasSent = scene.message(client, 'called back')?.state !== 'queued';
    void client.discard(key);
    await scene.world.pass(1_000);
    void client.send(scene.conversation, 'next');
    await scene.world.pass(20_000);
    expect(scene.stored(), `after ${after}`).toEqual(
      wasSent ? expect.arrayContaining(['next']) : ['next'],
    );
  }
});

test('a number given twice, since a power cut took the first from the disk, loses nothing', async () => {
  const scene = new Scene();
  const { tab, client } = await scene.open();
  await client.send(scene.conversation, 'before');
  await scene.world.pass(1_000);
  const tables = await scene.browser.disk.open(scene.ada.id, () => {});
  const before = await tables.transact(TABLES, 'readonly', async (t) =>
    Promise.all(TABLES.map((table) => t.range<object>(table, {}))),
  );
  await client.send(scene.conversation, 'on the server only');
  await scene.world.pass(1_000);
  tab.kill();
  await tables.transact(TABLES, 'readwrite', async (t) => {
    for (const [i, table] of TABLES.entries()) {
      t.deleteRange(table, {});
      for (const row of before[i] ?? []) t.put(table, row);
    }
  });
  scene.browser.isOnline = false;
  const again = await scene.open();
  await again.client.send(scene.conversation, 'after');
  scene.browser.setOnline(true);
  await scene.world.pass(10_000);
  expect(scene.stored()).toEqual(['before', 'on the server only', 'after']);
});

test('what was stored while its outbox was given up is not sent again by the next tab', async () => {
  for (let after = 0; after <= 250; after += 10) {
    const scene = new Scene();
    const { tab, client } = await scene.open();
    await client.send(scene.conversation, 'first');
    await scene.world.pass(1_000);
    scene.world.server.delays.think = () => 20;
    scene.world.server.faults.refuseNext('outbox_expired');
    void client.send(scene.conversation, 'second');
    await client.send(scene.conversation, 'third');
    scene.browser.diskDelay = () => 50;
    await scene.world.pass(after);
    tab.kill();
    await scene.open();
    await scene.world.pass(20_000);
    const { log } = scene.world.server.database.pair(scene.ada.id, scene.bob.id);
    const thirds = log.filter((event) => 'text' in event && event.text === 'third');
    expect(thirds, `after ${after}`).toHaveLength(1);
  }
});

test('a tab in an earlier life of the database marks nothing read in the next', async () => {
  const scene = new Scene();
  const { server } = scene.world;
  const [old, next] = [await scene.open(), await scene.open()];
  await old.client.open(scene.conversation);
  const snapshot = server.snapshot();
  for (const text of ['1', '2', '3']) server.text(scene.bob, scene.ada, text);
  await scene.world.pass(1_000);
  // It is in the browser's cache, or its line is down.
  old.tab.tell('leaving');
  server.restore(snapshot);
  await scene.world.pass(2_000);
  expect(next.client.state.getState().connection.phase).toBe('live');
  old.client.markRead(scene.conversation, scene.view(old.client).head);
  await scene.world.pass(1_000);
  for (const text of ['4', '5', '6']) server.text(scene.bob, scene.ada, text);
  await scene.world.pass(10_000);
  const held = server.database.pair(scene.ada.id, scene.bob.id);
  expect(held.marksOf(scene.ada.id).read).toBe(0);
  expect(scene.view(next.client).unread).toBe(4);
});

test('what is read just after it was delivered is told within a second', async () => {
  const scene = new Scene();
  const { client } = await scene.open();
  await client.open(scene.conversation);
  scene.world.server.text(scene.bob, scene.ada, 'seen');
  await scene.world.pass(500);
  client.markRead(scene.conversation, scene.view(client).head);
  await scene.world.pass(1_100);
  const held = scene.world.server.database.pair(scene.ada.id, scene.bob.id);
  expect(held.marksOf(scene.ada.id).read).toBe(4);
});

test('a mark at a place where the peer says nothing is told once', async () => {
  const scene = new Scene();
  const { client } = await scene.open();
  await client.open(scene.conversation);
  void client.send(scene.conversation, 'mine');
  await scene.world.pass(1_000);
  client.markRead(scene.conversation, scene.view(client).head);
  await scene.world.pass(2_000);
  expect(scene.view(client).unread).toBe(0);
  scene.heard('mark');
  await scene.world.pass(60_000);
  expect(scene.heard('mark')).toBe(0);
});

test('a conversation that there was no room for is told again', async () => {
  for (let full = 500; full <= 3_000; full += 100) {
    const scene = new Scene();
    const { server } = scene.world;
    const { tab } = await scene.open();
    tab.kill();
    for (const name of ['cid', 'dan', 'eve']) {
      server.text(scene.world.person(name), scene.ada, 'hello');
    }
    server.inboxPage = 1;
    server.delays.read = () => 500;
    scene.browser.isFull = true;
    const seat = scene.browser.open();
    void createChatClient(seat.ports, scene.ada).start();
    await scene.world.pass(full);
    scene.browser.isFull = false;
    await scene.world.pass(5_000);
    seat.kill();
    const { client } = await scene.open();
    await scene.world.pass(5_000);
    const found = Object.keys(client.state.getState().conversations);
    expect(found, `full for ${full}`).toHaveLength(4);
  }
});

test('a client that ends while it starts stays ended', async () => {
  for (let after = 0; after <= 2_000; after += 50) {
    const scene = new Scene();
    const first = await scene.open();
    await first.client.send(scene.conversation, 'hi');
    await scene.world.pass(1_000);
    scene.browser.diskDelay = () => 200;
    const tab = scene.browser.open();
    const second = createChatClient(tab.ports, scene.ada);
    void second.start().catch(() => {});
    await scene.world.pass(after);
    void first.client.signOut();
    await scene.world.pass(10_000);
    scene.heard('hello');
    await scene.world.pass(60_000);
    expect(second.state.getState().connection.phase, `after ${after}`).toBe('stopped');
    expect(scene.heard('hello'), `after ${after}`).toBe(0);
  }
});

test('a lock that comes while the client stops is given back', async () => {
  const scene = new Scene();
  const [one, other] = [await scene.open(), await scene.open()];
  scene.browser.setOnline(false);
  void one.client.send(scene.conversation, 'left behind');
  await scene.world.pass(1_000);
  scene.browser.diskDelay = () => 100;
  one.tab.kill();
  await scene.world.pass(50);
  void other.client.stop();
  await scene.world.pass(1_000);
  scene.browser.setOnline(true);
  await scene.open();
  await scene.world.pass(5_000);
  expect(scene.stored()).toEqual(['left behind']);
});

test('a full disk makes nobody send what is stored again and again', async () => {
  const scene = new Scene();
  const [one, other] = [await scene.open(), await scene.open()];
  await one.client.send(scene.conversation, 'first');
  await other.client.send(scene.conversation, 'second');
  await scene.world.pass(1_000);
  scene.browser.setOnline(false);
  void one.client.send(scene.conversation, 'left behind');
  await scene.world.pass(1_000);
  one.tab.kill();
  await scene.world.pass(1_000);
  scene.browser.isFull = true;
  scene.browser.setOnline(true);
  await scene.world.pass(2_000);
  scene.heard('send');
  await scene.world.pass(60_000);
  expect(scene.heard('send')).toBeLessThan(10);
  scene.browser.isFull = false;
  await scene.world.pass(30_000);
  expect(scene.stored()).toEqual(['first', 'second', 'left behind']);
  expect(await scene.rows('items')).toEqual([]);
});

test('a server that finds every outbox invalid is not asked for them at full speed', async () => {
  const scene = new Scene();
  const { client } = await scene.open();
  const { faults } = scene.world.server;
  for (let i = 0; i < 500; i++) faults.refuseNext('invalid');
  await client.send(scene.conversation, 'first');
  await scene.world.pass(60_000);
  expect(scene.heard('send')).toBeLessThan(20);
});

test('what could not be numbered for want of room is sent once there is some', async () => {
  for (let after = 0; after <= 60; after += 2) {
    const scene = new Scene();
    const { client } = await scene.open();
    scene.browser.diskDelay = () => 10;
    void client.send(scene.conversation, 'numbered late');
    await scene.world.pass(12 + after);
    scene.browser.isFull = true;
    await scene.world.pass(5_000);
    scene.browser.isFull = false;
    await scene.world.pass(25_000);
    expect(scene.stored(), `after ${after}`).toEqual(['numbered late']);
  }
});

test('a page that was refused for now is asked for again', async () => {
  const scene = new Scene();
  const { server } = scene.world;
  for (let i = 0; i < 12; i++) {
    const peer = scene.world.person(`peer${i}`);
    for (let j = 0; j < 3; j++) server.text(peer, scene.ada, `text ${j}`);
    server.database.pair(peer.id, scene.ada.id).mark(scene.ada.id, { delivered: 4, read: 4 }, 1);
    server.text(scene.ada, peer, 'answer');
  }
  await scene.world.pass(2_000);
  const { client } = await scene.open();
  server.delays.read = () => 300;
  const ids = Object.keys(client.state.getState().conversations);
  for (const id of ids) void client.open(id);
  await scene.world.pass(60_000);
  for (const id of ids) {
    expect(scene.view(client, id).timeline?.complete, id).toBe(true);
  }
});

test('what waits is the same object until something about it changes', async () => {
  const scene = new Scene();
  const { client } = await scene.open();
  await client.open(scene.conversation);
  scene.browser.setOnline(false);
  await client.send(scene.conversation, 'one');
  await scene.world.pass(60_000);
  const before = scene.message(client, 'one');
  await client.send(scene.conversation, 'two');
  await scene.world.pass(1_000);
  expect(scene.message(client, 'one')).toBe(before);
});

test('an outbox of another life that cannot be given up costs no timers', async () => {
  const scene = new Scene();
  const { server, clock } = scene.world;
  const { client } = await scene.open();
  await client.send(scene.conversation, 'first');
  await scene.world.pass(1_000);
  server.faults.refuseNext('overloaded', { retryAfterMs: 1_000 });
  void client.send(scene.conversation, 'second');
  await scene.world.pass(100);
  scene.browser.isFull = true;
  server.restore(server.snapshot());
  await scene.world.pass(5_000);
  let timers = 0;
  const after = clock.after.bind(clock);
  clock.after = (millis, run) => {
    timers++;
    return after(millis, run);
  };
  await scene.world.pass(10_000);
  expect(timers).toBeLessThan(200);
  scene.browser.isFull = false;
  await scene.world.pass(30_000);
  expect(scene.stored()).toEqual(['first', 'second']);
});

test('after a restore nothing happens to a message that came into the place of another', async () => {
  const scene = new Scene();
  const { server } = scene.world;
  const { client } = await scene.open();
  await client.open(scene.conversation);
  await client.send(scene.conversation, 'before');
  await scene.world.pass(2_000);
  const snapshot = server.snapshot();
  await client.send(scene.conversation, 'gone with the restore');
  await scene.world.pass(2_000);
  const of = scene.message(client, 'gone with the restore')?.seq ?? 0;
  scene.browser.setOnline(false);
  await client.edit(scene.conversation, of, 'edited');
  await client.react(scene.conversation, of, '👍', true);
  await client.send(scene.conversation, 'an answer', of);
  await client.remove(scene.conversation, of);
  server.restore(snapshot);
  for (const text of ['one', 'two', 'three']) server.text(scene.ada, scene.bob, text);
  scene.browser.setOnline(true);
  await scene.world.pass(20_000);
  expect(scene.stored()).toEqual(['before', 'one', 'two', 'three', 'an answer']);
  const { log } = server.database.pair(scene.ada.id, scene.bob.id);
  expect(log[of - 1]?.kind).toBe('message');
  expect(log.filter((event) => 'of' in event || ('replyTo' in event && event.replyTo))).toEqual([]);
  expect(scene.view(client)).toMatchObject({ waiting: 0, failed: 0 });
  expect(await scene.rows('items')).toEqual([]);
});

test.each([
  ['half a thought', 'half a thought\n\nbetter'],
  ['', 'better'],
])(
  'a draft that set aside "%s" forgets the message it was about when that is another',
  async (before, text) => {
    const scene = new Scene();
    const { server } = scene.world;
    const { client } = await scene.open();
    const snapshot = server.snapshot();
    const aside = { text: before, replyTo: 2 };
    client.saveDraft(scene.conversation, { text: 'better', replyTo: null, edits: 4, aside });
    await scene.world.pass(1_000);
    server.restore(snapshot);
    await scene.world.pass(5_000);
    const draft = { text, replyTo: null, edits: null };
    expect(scene.view(client).draft).toEqual(draft);
    expect(await scene.rows('drafts')).toEqual([{ conversation: scene.conversation, ...draft }]);
  },
);

test('what is called back from another tab just as it fails is gone', async () => {
  for (let after = 0; after <= 300; after += 10) {
    const scene = new Scene();
    const [one, other] = [await scene.open(), await scene.open()];
    await other.client.open(scene.conversation);
    await one.client.send(scene.conversation, 'first');
    await scene.world.pass(1_000);
    scene.browser.channelDelay = () => 100;
    scene.world.server.faults.refuseNext('forbidden');
    scene.world.server.delays.think = () => 150;
    const key = await one.client.send(scene.conversation, 'refused');
    await scene.world.pass(110 + after);
    void other.client.discard(key);
    await scene.world.pass(2_000);
    const { failed, waiting } = scene.view(one.client);
    expect({ failed, waiting }, `after ${after}`).toEqual({ failed: 0, waiting: 0 });
    expect(scene.view(other.client), `after ${after}`).toMatchObject({ failed: 0, waiting: 0 });
    expect(await scene.rows('items'), `after ${after}`).toEqual([]);
  }
});

test('a time of day that is set back holds nothing up', () => {
  const before = browserClock.now();
  const setBack = vi.spyOn(Date, 'now').mockReturnValue(before - 3_600_000);
  const now = browserClock.now();
  setBack.mockRestore();
  expect(now).toBeGreaterThanOrEqual(before);
  expect(now).toBeLessThan(before + 60_000);
});
