import { describe, expect, test } from 'vitest';
import { createChatClient } from '../../src/sdk';
import type { SocketEvents, Sockets } from '../../src/sdk/ports';
import { Scene } from './kit/scene';

const DRAFT = { text: 'dear', replyTo: null, edits: null };

describe('the end of a sign-in', () => {
  test('signing out leaves nothing on the device, and ends the other tabs', async () => {
    const scene = new Scene();
    scene.says('secret');
    const [here, there] = [await scene.open(), await scene.open()];
    await scene.within(here.client.send(scene.conversation, 'mine'));
    expect(await scene.rows()).toBeGreaterThan(3);
    await scene.within(here.client.signOut());
    for (const seat of [here, there]) {
      expect(scene.state(seat).connection.phase).toBe('stopped');
    }
    expect(await scene.rows()).toBe(0);
    await scene.world.pass(60_000);
    expect(await scene.rows(), 'and nothing comes back').toBe(0);
    expect(scene.browser.cookie).toBeNull();
  });

  test('a sign-out that the server did not hear of wipes nothing', async () => {
    const scene = new Scene();
    scene.says('hello');
    const seat = await scene.open();
    scene.server.faults.failNextCall('before', ({ method }) => method === 'DELETE');
    await expect(scene.within(seat.client.signOut())).rejects.toMatchObject({ code: 'offline' });
    expect(scene.state(seat).connection.phase).toBe('live');
    expect(await scene.rows()).toBeGreaterThan(0);
  });

  test('a sign-in that is ended from elsewhere leaves nothing on the device', async () => {
    const scene = new Scene();
    scene.says('secret');
    const seats = [await scene.open(), await scene.open()];
    scene.server.revoke(scene.ada.id);
    await scene.world.pass(5_000);
    for (const seat of seats) {
      expect(scene.state(seat).connection).toMatchObject({ phase: 'stopped' });
    }
    expect(await scene.rows()).toBe(0);
  });

  test('a browser that is somebody else’s by now stops, and keeps what is Ada’s', async () => {
    const scene = new Scene();
    scene.says('hello');
    const seat = await scene.open();
    scene.browser.signIn('bob');
    scene.server.cut(scene.ada);
    await scene.world.pass(2_000);
    expect(scene.state(seat).connection).toMatchObject({ phase: 'stopped', reason: 'other_user' });
    expect(await scene.rows()).toBeGreaterThan(0);
    expect(await scene.rows(scene.browser, scene.bob)).toBe(0);
  });

  test('a tab whose cookie is another’s gets no outbox of theirs, and keeps what it wrote', async () => {
    const scene = new Scene();
    const seat = await scene.open();
    // Its socket lives on, opened with the cookie of before.
    scene.browser.signIn('bob');
    await scene.within(seat.client.send(scene.conversation, 'to nobody but Bob'));
    expect(scene.server.database.isMinted(scene.bob.id, 1)).toBe(false);
    expect(scene.state(seat).connection).toMatchObject({ phase: 'stopped', reason: 'other_user' });
    expect(scene.stored()).toEqual([]);
    scene.browser.signIn('ada');
    await scene.open();
    await scene.world.pass(5_000);
    expect(scene.stored()).toEqual(['to nobody but Bob']);
  });

  test('a cookie that is no longer good is asked about, and what is stored is kept', async () => {
    const scene = new Scene();
    scene.says('hello');
    const seat = await scene.open();
    scene.browser.cookie = null;
    scene.server.cut(scene.ada);
    await scene.world.pass(5_000);
    expect(scene.state(seat).connection).toMatchObject({ phase: 'stopped', reason: 'signed_out' });
    expect(await scene.rows()).toBeGreaterThan(0);
  });

  test('a goodbye that only says the hello was late is no end of the sign-in', async () => {
    const scene = new Scene();
    const seat = await scene.open();
    scene.server.bye('unauthenticated');
    await scene.world.pass(10_000);
    expect(scene.state(seat).connection.phase).toBe('live');
  });

  test('one tab too many stops, and keeps what is stored for when it is opened anew', async () => {
    const scene = new Scene();
    scene.says('hello');
    const seat = await scene.open();
    const others = Array.from({ length: 10 }, () => scene.world.browser(scene.ada));
    scene.browser.setOnline(false);
    await scene.world.pass(60_000);
    for (const other of others) {
      await scene.open(other);
    }
    scene.browser.setOnline(true);
    await scene.world.pass(2_000);
    const stopped = { phase: 'stopped', reason: 'too_many_sessions' };
    expect(scene.state(seat).connection).toMatchObject(stopped);
    others[0]?.kill();
    await scene.world.pass(1_000);
    seat.client.retryNow();
    await scene.world.pass(1_000);
    expect(scene.state(seat).connection, 'a stop is for good').toMatchObject(stopped);
    expect(scene.state(await scene.open()).connection.phase).toBe('live');
  });

  test('nothing is promised by a client that has stopped', async () => {
    const scene = new Scene();
    const seat = await scene.open();
    await scene.within(seat.client.stop());
    expect(scene.state(seat).connection).toMatchObject({ phase: 'stopped', reason: 'idle' });
    const sent = seat.client.send(scene.conversation, 'a');
    await expect(scene.within(sent)).rejects.toMatchObject({ code: 'stopped' });
    await scene.world.pass(60_000);
    expect(scene.server.sessions.size, 'nor does it come back').toBe(0);
  });
});

describe('writing', () => {
  test('what is written offline is on the disk, and sent by the tab after the next start', async () => {
    const scene = new Scene();
    scene.says('hello');
    const seat = await scene.open();
    scene.browser.setOnline(false);
    await scene.within(seat.client.send(scene.conversation, 'written offline'));
    expect(scene.view(seat)).toMatchObject({ waiting: 1, last: { state: 'queued' } });
    scene.browser.kill();
    scene.browser.setOnline(true);
    const next = await scene.open();
    await scene.world.pass(5_000);
    expect(scene.stored()).toEqual(['written offline']);
    expect(scene.view(next)).toMatchObject({ waiting: 0, last: { state: 'stored' } });
  });

  test('a full disk says so at once, and nothing is sent', async () => {
    const scene = new Scene();
    const seat = await scene.open();
    scene.browser.isFull = true;
    const sent = seat.client.send(scene.conversation, 'a');
    await expect(scene.within(sent)).rejects.toThrow('full');
    await scene.world.pass(60_000);
    expect(scene.stored()).toEqual([]);
  });

  test.each([
    ['empty', ' \n'],
    ['too_long', 'a'.repeat(8_001)],
    ['invalid_text', 'a\u0000'],
  ])('a text that is %s is refused before it costs anything', async (code, text) => {
    const scene = new Scene();
    const seat = await scene.open();
    expect(seat.client.textFault(text)).toBe(code);
    const { client } = seat;
    await expect(client.send(scene.conversation, text)).rejects.toMatchObject({ code });
    await expect(client.edit(scene.conversation, 2, text)).rejects.toMatchObject({ code });
    await scene.world.pass(1_000);
    expect(scene.heard('send')).toEqual([]);
  });

  test('the server’s own limit of a text counts', async () => {
    const scene = new Scene();
    scene.server.limits = { text: 5, inFlight: 8, page: 100 };
    const seat = await scene.open();
    expect(scene.state(seat).textLimit).toBe(5);
    expect(seat.client.textFault('123456')).toBe('too_long');
    expect(seat.client.textFault('12345')).toBeNull();
  });

  test('edits, reactions and deletions come to the other’s screen', async () => {
    const scene = new Scene();
    scene.says('hello');
    const seat = await scene.open();
    const bob = await scene.open(scene.world.browser(scene.bob), scene.bob);
    await scene.within(bob.client.open(scene.conversation));
    const { client } = seat;
    await scene.within(client.send(scene.conversation, 'first', 2));
    const seq = scene.view(seat).last?.seq ?? 0;
    await scene.within(client.edit(scene.conversation, seq, 'second'));
    await scene.within(client.react(scene.conversation, 2, '👍', true));
    const [hello, answer] = scene.view(bob).timeline?.messages ?? [];
    expect(hello?.reactions).toMatchObject([{ emoji: '👍', by: [scene.ada.id] }]);
    expect(answer).toMatchObject({ text: 'second', edited: true, replyTo: { text: 'hello' } });
    await scene.within(client.remove(scene.conversation, seq));
    expect(scene.view(bob).timeline?.messages[1]).toMatchObject({ text: '', deleted: true });
    expect(scene.server.violations).toEqual([]);
  });

  test('what was refused can be sent again, or given up', async () => {
    const scene = new Scene();
    scene.says('hello');
    const seat = await scene.open();
    scene.server.faults.refuseNext('forbidden');
    scene.server.faults.refuseNext('forbidden');
    const first = await scene.within(seat.client.send(scene.conversation, 'first'));
    const second = await scene.within(seat.client.send(scene.conversation, 'second'));
    expect(scene.view(seat)).toMatchObject({ failed: 2, last: { state: 'failed' } });
    await scene.within(seat.client.retry(second));
    await scene.within(seat.client.discard(first));
    expect(scene.stored()).toEqual(['second']);
    expect(scene.view(seat).failed).toBe(0);
  });
});

describe('drafts', () => {
  test('a draft is shown at once, kept a moment later, and told to the other tabs', async () => {
    const scene = new Scene();
    scene.says('hello');
    const [here, there] = [await scene.open(), await scene.open()];
    const before = await scene.rows();
    here.client.saveDraft(scene.conversation, DRAFT);
    await scene.world.pass(100);
    expect(scene.view(here).draft).toEqual(DRAFT);
    expect(scene.view(there).draft).toBeNull();
    here.client.saveDraft(scene.conversation, { ...DRAFT, text: 'dear Bob' });
    await scene.world.pass(250);
    expect(await scene.rows(), 'not with every key').toBe(before);
    await scene.world.pass(100);
    expect(await scene.rows()).toBe(before + 1);
    expect(scene.view(there).draft?.text).toBe('dear Bob');
    here.client.saveDraft(scene.conversation, null);
    await scene.world.pass(400);
    expect(scene.view(there).draft).toBeNull();
    expect(await scene.rows()).toBe(before);
  });

  test('a draft is there after a reload, and one that was just begun is not lost by a stop', async () => {
    const scene = new Scene();
    scene.says('hello');
    const seat = await scene.open();
    seat.client.saveDraft(scene.conversation, DRAFT);
    await scene.within(seat.client.stop());
    expect(scene.view(await scene.open()).draft).toEqual(DRAFT);
  });
});

describe('typing and presence', () => {
  test('typing is told at most every three seconds, and its end once', async () => {
    const scene = new Scene();
    const seat = await scene.open();
    scene.heard('typing');
    for (let key = 0; key < 35; key++) {
      seat.client.typing(scene.conversation, true);
      await scene.world.pass(200);
    }
    seat.client.typing(scene.conversation, false);
    seat.client.typing(scene.conversation, false);
    await scene.world.pass(100);
    expect(scene.heard('typing').map(({ on }) => on)).toEqual([true, true, true, false]);
    seat.client.typing(scene.conversation, true);
    await scene.within(seat.client.send(scene.conversation, 'a'));
    seat.client.typing(scene.conversation, false);
    await scene.world.pass(100);
    expect(scene.heard('typing'), 'a message is its end').toHaveLength(1);
  });

  test('the peer’s typing is shown until it expires, they write, or the line breaks', async () => {
    const scene = new Scene();
    scene.says('hello');
    const seat = await scene.open();
    const until = () => scene.view(seat).typingUntil;
    const types = async () => {
      scene.server.typing(scene.bob.id, scene.conversation, true);
      await scene.world.pass(50);
      expect(until()).toBeGreaterThan(scene.world.clock.now());
    };
    await types();
    await scene.world.pass(6_000);
    expect(until()).toBe(0);
    await types();
    scene.says('written');
    await scene.world.pass(50);
    expect(until()).toBe(0);
    await types();
    scene.server.typing(scene.bob.id, scene.conversation, false);
    await scene.world.pass(50);
    expect(until()).toBe(0);
    await types();
    scene.server.cut();
    await scene.world.pass(10);
    expect(until()).toBe(0);
  });

  test('presence is unknown while nobody can tell', async () => {
    const scene = new Scene();
    scene.says('hello');
    const seat = await scene.open();
    const bob = await scene.open(scene.world.browser(scene.bob), scene.bob);
    seat.client.watch([scene.bob.id]);
    await scene.world.pass(100);
    expect(scene.state(seat).presence).toEqual({
      [scene.bob.id]: { online: true, lastSeen: null },
    });
    scene.browser.setOnline(false);
    await scene.world.pass(40_000);
    expect(scene.state(seat).presence).toEqual({});
    await scene.within(bob.client.stop());
    scene.browser.setOnline(true);
    await scene.world.pass(2_000);
    expect(scene.state(seat).presence[scene.bob.id], 'asked for again').toMatchObject({
      online: false,
    });
    seat.client.watch([]);
    await scene.world.pass(100);
    expect(scene.state(seat).presence).toEqual({});
  });
});

describe('marks', () => {
  test('nothing is said to be delivered before the disk has it', async () => {
    const scene = new Scene();
    const seat = await scene.open();
    scene.browser.diskDelay = () => 5_000;
    scene.heard('mark');
    scene.says('hello');
    await scene.world.pass(4_000);
    expect(scene.view(seat).unread, 'it is shown').toBe(1);
    expect(scene.heard('mark')).toEqual([]);
    await scene.world.pass(12_000);
    expect(scene.heard('mark')).toMatchObject([{ delivered: 2 }]);
    expect(scene.view(seat).mine).toEqual({ delivered: 2, read: 0 });
  });

  test('what is read here is read at once, in the other tab too, and known to the server', async () => {
    const scene = new Scene();
    scene.says('one');
    scene.says('two');
    const [here, there] = [await scene.open(), await scene.open()];
    expect(scene.view(there).unread).toBe(2);
    for (const { client } of [here, there]) {
      await scene.within(client.open(scene.conversation));
    }
    scene.server.stall();
    here.client.markRead(scene.conversation, 2);
    await scene.world.pass(10);
    expect([scene.view(here).unread, scene.view(there).unread]).toEqual([1, 1]);
    scene.server.release();
    await scene.world.pass(2_000);
    const held = scene.server.database.pair(scene.ada.id, scene.bob.id);
    expect(held.marksOf(scene.ada.id)).toEqual({ delivered: 3, read: 2 });
  });

  test('a mark that got lost is told again', async () => {
    const scene = new Scene();
    scene.says('one');
    const seat = await scene.open();
    scene.server.faults.cutNext('before', ({ t }) => t === 'mark');
    seat.client.markRead(scene.conversation, 2);
    await scene.world.pass(5_000);
    const held = scene.server.database.pair(scene.ada.id, scene.bob.id);
    expect(held.marksOf(scene.ada.id).read).toBe(2);
    scene.heard('mark');
    await scene.world.pass(60_000);
    expect(scene.heard('mark'), 'and then no more').toEqual([]);
  });

  test('a mark that the server let fall is told again, though the line stands', async () => {
    const scene = new Scene();
    scene.says('one');
    const seat = await scene.open();
    const { mark } = scene.server;
    scene.server.mark = () => {};
    seat.client.markRead(scene.conversation, 2);
    await scene.world.pass(1_000);
    scene.server.mark = mark;
    await scene.world.pass(5_000);
    const held = scene.server.database.pair(scene.ada.id, scene.bob.id);
    expect(held.marksOf(scene.ada.id).read).toBe(2);
  });

  test('a mark that was wanted when the tab died is told by the next', async () => {
    const scene = new Scene();
    scene.says('one');
    const seat = await scene.open();
    scene.browser.setOnline(false);
    seat.client.markRead(scene.conversation, 2);
    await scene.world.pass(100);
    scene.browser.kill();
    scene.browser.setOnline(true);
    const next = await scene.open();
    await scene.world.pass(2_000);
    expect(scene.view(next).unread).toBe(0);
    const held = scene.server.database.pair(scene.ada.id, scene.bob.id);
    expect(held.marksOf(scene.ada.id).read).toBe(2);
  });
});

describe('finding conversations', () => {
  test('one that was just begun is there after a reload, before anything was said', async () => {
    const scene = new Scene();
    const cid = scene.world.person('cid');
    const seat = await scene.open();
    const id = await scene.within(seat.client.startWith('cid'));
    expect(scene.view(seat, id)).toMatchObject({ peer: cid, last: null, head: 0 });
    expect(await scene.within(seat.client.startWith('cid')), 'the same').toBe(id);
    const next = await scene.open();
    expect(scene.view(next, id)).toMatchObject({ peer: cid, last: null });
    await scene.within(next.client.open(id));
    await scene.within(next.client.send(id, 'hello'));
    await scene.world.pass(1_000);
    expect(scene.view(next, id).timeline?.messages).toMatchObject([{ state: 'stored' }]);
  });

  test('one that was just begun is on the disk before anybody has its address', async () => {
    const scene = new Scene();
    const cid = scene.world.person('cid');
    const seat = await scene.open();
    const letGo = await scene.holdDisk();
    const begun: string[] = [];
    void seat.client.startWith('cid').then((id) => {
      begun.push(id);
      scene.browser.kill();
    });
    await scene.world.pass(1_000);
    expect(begun, 'it is told of, and not yet kept').toEqual([]);
    expect(scene.state(seat).inbox).toHaveLength(1);
    letGo();
    await scene.world.pass(1_000);
    const next = await scene.open();
    expect(scene.view(next, begun[0])).toMatchObject({ peer: cid, last: null });
  });

  test('a disk that hangs keeps nobody from beginning one', async () => {
    const scene = new Scene();
    scene.world.person('cid');
    const seat = await scene.open();
    await scene.holdDisk();
    const id = await scene.within(seat.client.startWith('cid'), 3_000);
    expect(scene.view(seat, id)).toMatchObject({ last: null, head: 0 });
  });

  test('nobody can be begun with who is not there', async () => {
    const scene = new Scene();
    const seat = await scene.open();
    const started = seat.client.startWith('nobody');
    await expect(scene.within(started)).rejects.toMatchObject({ code: 'not_found' });
    scene.browser.setOnline(false);
    scene.server.cut();
    await scene.world.pass(10);
    const offline = seat.client.startWith('bob');
    await expect(scene.within(offline)).rejects.toMatchObject({ code: 'offline' });
  });

  test('people are found by the beginning of their names, and I am not among them', async () => {
    const scene = new Scene();
    scene.world.person('adele');
    const seat = await scene.open();
    const found = await scene.within(seat.client.findPeople('ad'));
    expect(found.map(({ username }) => username)).toEqual(['adele']);
  });

  test('one beyond the first hundred is opened by its address', async () => {
    const scene = new Scene();
    scene.says('long ago');
    for (let i = 0; i < 120; i++) {
      const other = scene.world.person(`other${i}`);
      scene.server.text(other, scene.ada, 'since');
    }
    const seat = await scene.open();
    expect(scene.state(seat).inbox).toHaveLength(100);
    expect(scene.state(seat).inboxMore).toBe(true);
    expect(scene.state(seat).conversations[scene.conversation]).toBeUndefined();
    await scene.within(seat.client.open(scene.conversation));
    await scene.world.pass(1_000);
    expect(scene.texts(seat)).toEqual(['long ago']);
  });

  test('the rest of the inbox comes when it is asked for', async () => {
    const scene = new Scene();
    for (let i = 0; i < 220; i++) {
      const other = scene.world.person(`other${i}`);
      scene.server.text(other, scene.ada, 'hello');
    }
    const seat = await scene.open();
    const counts: number[] = [];
    for (let page = 0; page < 4; page++) {
      await scene.within(seat.client.loadMoreConversations());
      counts.push(scene.state(seat).inbox.length);
    }
    expect(counts.at(-1)).toBe(220);
    expect(scene.state(seat).inboxMore).toBe(false);
  });

  test('an address of nothing shows nothing, and breaks nothing', async () => {
    const scene = new Scene();
    scene.says('hello');
    const seat = await scene.open();
    await scene.within(seat.client.open('c_nothing'));
    await scene.world.pass(60_000);
    expect(scene.state(seat).conversations.c_nothing).toBeUndefined();
    expect(scene.state(seat).connection.phase).toBe('live');
    expect(scene.texts(seat)).toEqual([]);
  });
});

describe('coming back', () => {
  test('what is kept is shown before there is a network', async () => {
    const scene = new Scene();
    scene.says('kept');
    const seat = await scene.open();
    await scene.within(seat.client.open(scene.conversation));
    scene.browser.kill();
    scene.browser.setOnline(false);
    const next = await scene.open();
    await scene.within(next.client.open(scene.conversation));
    expect(scene.state(next)).toMatchObject({ inboxLoaded: true, connection: { offline: true } });
    expect(scene.texts(next)).toEqual(['kept']);
  });

  test('an inbox that nobody has told of is not taken for an empty one', async () => {
    const scene = new Scene();
    scene.browser.setOnline(false);
    const seat = await scene.open();
    expect(scene.state(seat).inboxLoaded).toBe(false);
    scene.browser.setOnline(true);
    await scene.world.pass(2_000);
    expect(scene.state(seat)).toMatchObject({ inboxLoaded: true, inbox: [] });
  });

  test('after six hundred events the newest are shown, and the rest is read back', async () => {
    const scene = new Scene();
    scene.says('first');
    const seat = await scene.open();
    await scene.within(seat.client.open(scene.conversation));
    scene.browser.setOnline(false);
    await scene.world.pass(40_000);
    for (let n = 1; n <= 600; n++) {
      scene.says(`text ${n}`);
    }
    scene.browser.setOnline(true);
    await scene.world.pass(5_000);
    expect(scene.texts(seat).at(-1)).toBe('text 600');
    expect(scene.view(seat).unread).toBe(601);
    for (let page = 0; page < 20; page++) {
      await scene.within(seat.client.loadOlder(scene.conversation));
    }
    const expected = ['first', ...Array.from({ length: 600 }, (_, i) => `text ${i + 1}`)];
    expect(scene.texts(seat)).toEqual(expected);
    expect(scene.view(seat).timeline?.complete).toBe(true);
  });

  test('what is open is asked for first', async () => {
    const scene = new Scene();
    scene.says('hello');
    for (let i = 0; i < 30; i++) {
      scene.server.text(scene.world.person(`other${i}`), scene.ada, 'later');
    }
    const seat = await scene.open();
    await scene.within(seat.client.open(scene.conversation));
    scene.heard('hello');
    scene.server.cut();
    await scene.world.pass(2_000);
    const [hello] = scene.heard('hello');
    expect(hello?.cursors?.[0]).toEqual([scene.conversation, 3]);
    expect(hello?.cursors?.length).toBe(20);
    expect(hello).toMatchObject({ user: scene.ada.id, epoch: 'e_1', backlog: 500 });
    expect(hello?.since).toBeTypeOf('string');
  });

  test('what changed in a conversation that was not named comes when the inbox tells of it', async () => {
    const scene = new Scene();
    scene.says('hello');
    for (let i = 0; i < 30; i++) {
      await scene.world.pass(10);
      scene.server.text(scene.world.person(`other${i}`), scene.ada, 'later');
    }
    const seat = await scene.open();
    scene.browser.setOnline(false);
    await scene.world.pass(40_000);
    scene.says('while away');
    scene.heard('hello');
    scene.browser.setOnline(true);
    await scene.world.pass(2_000);
    const named = scene.heard('hello')[0]?.cursors?.map(([conversation]) => conversation);
    expect(named).not.toContain(scene.conversation);
    const held = scene.server.database.pair(scene.ada.id, scene.bob.id);
    expect(held.marksOf(scene.ada.id).delivered).toBe(4);
    await scene.within(seat.client.open(scene.conversation));
    expect(scene.texts(seat)).toEqual(['hello', 'while away']);
  });

  test('a restored backup is shown as it is, and nothing of the other life', async () => {
    const scene = new Scene();
    scene.says('kept');
    const snapshot = scene.server.snapshot();
    scene.says('undone');
    const seat = await scene.open();
    await scene.within(seat.client.open(scene.conversation));
    expect(scene.texts(seat)).toEqual(['kept', 'undone']);
    scene.server.restore(snapshot);
    await scene.world.pass(10_000);
    expect(scene.texts(seat)).toEqual(['kept']);
    await scene.within(seat.client.send(scene.conversation, 'on'));
    await scene.world.pass(5_000);
    expect(scene.texts(seat)).toEqual(['kept', 'on']);
  });

  test('a place in the inbox of another life is not gone by, though the line breaks at once', async () => {
    const scene = new Scene();
    scene.says('hello');
    const seat = await scene.open();
    const snapshot = scene.server.snapshot();
    scene.heard('hello');
    scene.server.delays.read = () => 500;
    scene.server.restore(snapshot);
    await scene.world.pass(400);
    expect(scene.state(seat).connection.phase, 'welcomed, and told of no inbox yet').toBe('live');
    scene.server.cut();
    await scene.world.pass(3_000);
    const [old, next] = scene.heard('hello');
    expect([old?.epoch, next?.epoch]).toEqual(['e_1', 'e_2']);
    expect(old?.since).toBeTypeOf('string');
    expect(next?.since).toBeUndefined();
  });

  test('what an earlier socket still says is not heard', async () => {
    const scene = new Scene();
    const tab = scene.browser.open();
    const dialled: SocketEvents[] = [];
    const dial: Sockets['dial'] = (events) => {
      dialled.push(events);
      return tab.ports.sockets.dial(events);
    };
    const client = createChatClient({ ...tab.ports, sockets: { dial } }, scene.ada);
    await scene.within(client.start());
    scene.server.cut();
    await scene.world.pass(2_000);
    expect(dialled).toHaveLength(2);
    const { since } = client.state.getState().connection;
    dialled[0]?.message('{"t":"bye","code":"revoked","reconnect":false}');
    dialled[0]?.closed();
    await scene.world.pass(2_000);
    expect(client.state.getState().connection).toEqual({ phase: 'live', since });
  });

  test('the wait for the next try can be cut short', async () => {
    const scene = new Scene();
    const seat = await scene.open();
    scene.server.isDown = true;
    scene.server.cut();
    await scene.world.pass(120_000);
    expect(scene.state(seat).connection.phase).not.toBe('live');
    scene.server.isDown = false;
    seat.client.retryNow();
    await scene.world.pass(200);
    expect(scene.state(seat).connection.phase).toBe('live');
  });
});
