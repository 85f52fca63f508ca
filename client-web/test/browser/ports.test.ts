import { describe, expect, inject, test, vi } from 'vitest';
import { browserPorts } from '../../src/sdk/browser';
import { browserChannels } from '../../src/sdk/browser/channels';
import { fetchHttp } from '../../src/sdk/browser/http';
import { RingLog } from '../../src/sdk/browser/log';
import { browserRandom } from '../../src/sdk/browser/random';
import { webSockets } from '../../src/sdk/browser/sockets';
import { browserSurroundings } from '../../src/sdk/browser/surroundings';
import type { SocketEvents } from '../../src/sdk/ports';

const server = inject('server');

/** What a socket told, in order, and a way to wait for it. */
function listener() {
  const heard: string[] = [];
  const events: SocketEvents = {
    opened: () => heard.push('opened'),
    message: (text) => heard.push(text),
    closed: () => heard.push('closed'),
  };
  return { heard, events, until: (word: string) => vi.waitUntil(() => heard.includes(word)) };
}

describe('a socket', () => {
  test('opens with the subprotocol, and carries text both ways', async () => {
    const { heard, events, until } = listener();
    const socket = webSockets(server).dial(events);
    await until('opened');
    socket.send('hello');
    await until('hello');
    expect(heard).toEqual(['opened', '{"subprotocol":"parley.v1"}', 'hello']);
    socket.close();
  });

  test('drops what is sent before it is open', async () => {
    const { heard, events, until } = listener();
    const socket = webSockets(server).dial(events);
    socket.send('too early');
    await until('opened');
    socket.send('in time');
    await until('in time');
    expect(heard).not.toContain('too early');
    socket.close();
  });

  test.each(['close', 'cut', 'twice, then close'])('tells its end once: %s', async (how) => {
    const { heard, events, until } = listener();
    const socket = webSockets(server).dial(events);
    await until('opened');
    socket.send('binary');
    socket.send(how);
    await until('closed');
    expect(heard.slice(2)).toEqual(
      how.startsWith('twice') ? ['once', 'twice', 'closed'] : ['closed'],
    );
    socket.send('too late');
    socket.close();
  });

  test('says nothing more once it was closed from here', async () => {
    const { heard, events, until } = listener();
    const socket = webSockets(server).dial(events);
    await until('opened');
    const told = heard.length;
    socket.send('hello');
    socket.close();
    // A second one has had its whole life meanwhile.
    const other = listener();
    webSockets(server)
      .dial({ ...other.events, opened: () => undefined })
      .send('');
    const third = webSockets(server).dial(other.events);
    await other.until('opened');
    third.send('close');
    await other.until('closed');
    expect(heard.length).toBe(told);
  });

  test('that can’t be had is a closed one', async () => {
    const { heard, events, until } = listener();
    webSockets('http://127.0.0.1:9').dial(events);
    await until('closed');
    expect(heard).toEqual(['closed']);
  });
});

describe('a call', () => {
  const http = fetchHttp(server);

  test('has method, body and headers', async () => {
    const { status, body } = await http.call({
      method: 'PATCH',
      path: '/echo',
      body: { displayName: 'Ada' },
      headers: { 'Parley-User': 'u_1' },
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      method: 'PATCH',
      body: '{"displayName":"Ada"}',
      headers: { 'content-type': 'application/json', 'parley-user': 'u_1' },
    });
  });

  test.each([
    ['/empty', 204, null],
    ['/page', 502, null],
    ['/problem', 422, { code: 'invalid' }],
  ])('%s is answered by %i', async (path, status, body) => {
    expect(await http.call({ method: 'GET', path })).toEqual({ status, body });
  });

  test('rejects when no answer came, or half of one', async () => {
    await expect(http.call({ method: 'GET', path: '/half' })).rejects.toThrow();
    await expect(
      fetchHttp('http://127.0.0.1:9').call({ method: 'GET', path: '/' }),
    ).rejects.toThrow();
    await expect(fetchHttp(server, 50).call({ method: 'GET', path: '/never' })).rejects.toThrow();
  });
});

test('channels reach the others of their name, in order, and not whoever speaks', async () => {
  const heard: unknown[] = [];
  const own: unknown[] = [];
  const first = browserChannels.open('parley-test', (message) => own.push(message));
  const second = browserChannels.open('parley-test', (message) => heard.push(message));
  const elsewhere = browserChannels.open('parley-other', (message) => own.push(message));
  first.post({ n: 1 });
  first.post({ n: 2 });
  await vi.waitUntil(() => heard.length === 2);
  expect(heard).toEqual([{ n: 1 }, { n: 2 }]);
  expect(own).toEqual([]);
  second.close();
  second.post('nothing');
  first.close();
  elsewhere.close();
});

test('random numbers and ids are in their range, and differ', () => {
  const ids = Array.from({ length: 100 }, () => browserRandom.id());
  expect(new Set(ids).size).toBe(100);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
  for (let i = 0; i < 100; i++) {
    const fraction = browserRandom.fraction();
    expect(fraction >= 0 && fraction < 1).toBe(true);
  }
});

test('the surroundings tell what happens to the page, until nobody listens', () => {
  const heard: string[] = [];
  const stop = browserSurroundings.watch((what) => heard.push(what));
  window.dispatchEvent(new Event('offline'));
  window.dispatchEvent(new Event('online'));
  document.dispatchEvent(new Event('visibilitychange'));
  window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: false }));
  window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
  document.dispatchEvent(new Event('resume'));
  stop();
  window.dispatchEvent(new Event('online'));
  expect(heard).toEqual(['network', 'network', 'visibility', 'woke', 'woke']);
  expect(browserSurroundings.online()).toBe(true);
  expect(browserSurroundings.visible()).toBe(true);
});

test('the log keeps the last 500 lines', () => {
  let now = 0;
  const log = new RingLog(() => now);
  for (; now < 1_234; now++) log.add(`line ${now}`);
  expect(log.lines().length).toBe(500);
  expect(log.lines()[0]).toBe('1970-01-01T00:00:00.734Z line 734');
  expect(log.lines()[499]).toBe('1970-01-01T00:00:01.233Z line 1233');
});

test('all of it together names the client by its version', () => {
  const ports = browserPorts();
  ports.log('hello');
  expect(ports.client).toMatch(/^web\/\d+\.\d+\.\d+$/);
  expect(ports.logLines()).toEqual([expect.stringContaining('hello')]);
});
