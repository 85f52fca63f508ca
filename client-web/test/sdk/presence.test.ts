import { describe, expect, test } from 'vitest';
import { Scene } from './kit/scene';

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
