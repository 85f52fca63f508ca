import { describe, expect, test } from 'vitest';
import { Scene } from './kit/scene';

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
