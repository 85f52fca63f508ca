import { WebSocket } from 'ws';
import { expect, test } from './fixtures';

/** What the other tests stand on: the faults are real, and the server survives what they do to it. */

function dial(origin: string): Promise<WebSocket> {
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/v1/socket`, 'parley.v1');
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket));
    socket.once('error', reject);
  });
}

function closed(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => socket.once('close', resolve));
}

test('a reset ends a socket at once, and the next one works', async ({ house }) => {
  const socket = await dial(house.origin);
  house.proxy.rst();
  expect(await closed(socket)).toBe(1006);
  const next = await dial(house.origin);
  next.terminate();
});

test('what a black hole held comes through once it is closed', async ({ house, town }) => {
  const { ada } = await town.pair();
  const token = (await ada.door.call('POST', '/v1/session', {
    username: ada.username,
    password: ada.password,
  })) as { body: { token: string } };
  const socket = await dial(house.origin);
  let welcomed = false;
  const welcome = new Promise<string>((resolve) => {
    socket.once('message', (frame) => {
      welcomed = true;
      resolve(String(frame));
    });
  });
  house.proxy.blackhole(true);
  socket.send(JSON.stringify({ t: 'hello', id: 1, token: token.body.token, client: 'test/1' }));
  // Past the proxy the server answers; by way of it nothing comes.
  await ada.door.call('GET', '/v1/session');
  expect(welcomed).toBe(false);
  house.proxy.blackhole(false);
  expect(await welcome).toContain('"t":"welcome"');
  socket.terminate();
});

test('nobody gets in while connections are refused', async ({ house }) => {
  house.proxy.refuse(true);
  await expect(dial(house.origin)).rejects.toThrow();
  house.proxy.refuse(false);
  (await dial(house.origin)).terminate();
});

test('a message survives a kill of the server', async ({ house, town }) => {
  test.slow();
  const { ada, bob, conversation } = await town.pair();
  const seq = await ada.door.say(conversation, 'before');
  await house.server.kill();
  await expect(dial(house.origin)).rejects.toThrow();
  await house.restart();
  const [message] = await bob.door.messages(conversation);
  expect(message).toMatchObject({ seq, text: 'before', by: ada.id });
});

test('a browser with a cookie is let in by way of the proxy', async ({ town }) => {
  const { ada } = await town.pair();
  const device = await town.device(ada);
  const page = await device.newPage();
  const answer = await page.request.get('/v1/session');
  expect(await answer.json()).toMatchObject({ user: { id: ada.id, username: ada.username } });
});
