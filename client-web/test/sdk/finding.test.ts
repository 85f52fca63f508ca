import { describe, expect, test } from 'vitest';
import { Scene } from './kit/scene';

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
