import { describe, expect, test } from 'vitest';
import { Scene } from './kit/scene';

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

  test('signing out where the server knows of no sign-in any more leaves nothing either', async () => {
    const scene = new Scene();
    scene.says('secret');
    const seat = await scene.open();
    scene.browser.cookie = null;
    await scene.within(seat.client.signOut());
    expect(await scene.rows()).toBe(0);
  });

  test('tables that the browser takes away are no end of the sign-in: nothing is wiped', async () => {
    const scene = new Scene();
    const seat = await scene.open();
    scene.browser.setOnline(false);
    await scene.within(seat.client.send(scene.conversation, 'still to be sent'));
    seat.tab.loseTables();
    await scene.world.pass(5_000);
    const stopped = { phase: 'stopped', reason: 'storage_lost' };
    expect(scene.state(seat).connection).toMatchObject(stopped);
    seat.tab.kill();
    scene.browser.setOnline(true);
    await scene.open();
    await scene.world.pass(5_000);
    expect(scene.stored()).toEqual(['still to be sent']);
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
