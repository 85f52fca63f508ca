import { describe, expect, test } from 'vitest';
import { createChatClient } from '../../src/sdk';
import type { SocketEvents, Sockets } from '../../src/sdk/ports';
import { Scene } from './kit/scene';

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
