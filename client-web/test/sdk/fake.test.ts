import { describe, expect, test } from 'vitest';
import type { FakeTab } from './fake/tab';
import { World } from './fake/world';
import { type Line, replay, type Stage } from './scenario/replay';
import { scenarios } from './scenario/scenarios';

/** A tab's socket, with what it heard. */
function line(tab: FakeTab, world: World): Line & { readonly told: string[] } {
  const heard: { readonly t: string }[] = [];
  const told: string[] = [];
  const socket = tab.ports.sockets.dial({
    opened: () => told.push('opened'),
    message: (text) => {
      told.push(text);
      heard.push(JSON.parse(text) as { t: string });
    },
    closed: () => told.push('closed'),
  });
  return {
    told,
    say: (frame) => socket.send(JSON.stringify(frame)),
    async next() {
      if (heard.length === 0) await world.pass(1_000);
      return heard.shift() ?? null;
    },
    async rest() {
      await world.pass(1_000);
      return heard.splice(0);
    },
    cut: () => socket.close(),
  };
}

function staged(seed: number): { readonly stage: Stage; readonly world: World } {
  const world = new World(seed);
  const { server } = world;
  const [ada, bob] = [world.person('ada'), world.person('bob')];
  const { database } = server;
  const conversation = database.pair(ada.id, bob.id);
  const stage: Stage = {
    names: {
      $ada: ada.id,
      $bob: bob.id,
      $bobname: bob.username,
      $c: conversation.id,
      $box: database.mint(ada.id),
      $bobs: database.mint(bob.id),
    },
    async open(username) {
      const opened = line(world.browser(username === 'ada' ? ada : bob).open(), world);
      await world.pass(100);
      return opened;
    },
    async server(what) {
      if (what === 'crash') server.crash();
      else await world.pass(5_000);
    },
  };
  return { stage, world };
}

describe('the fake server does as docs/protocol.md says', () => {
  test.each(scenarios)('$name', async (scenario) => {
    for (const seed of [1, 2, 3]) {
      const { stage, world } = staged(seed);
      await replay(scenario, stage);
      expect(world.server.violations).toEqual([]);
    }
  });
});

describe('what can be made to happen', () => {
  async function connected(seed = 1) {
    const world = new World(seed);
    const [ada, bob] = [world.person('ada'), world.person('bob')];
    const browser = world.browser(ada);
    const tab = browser.open();
    const { database } = world.server;
    const conversation = database.pair(ada.id, bob.id);
    const outbox = database.mint(ada.id);
    const own = line(tab, world);
    await world.pass(100);
    own.say({ t: 'hello', id: 0 });
    await world.pass(100);
    own.told.length = 0;
    const send = (n: number, text = `text ${n}`): void =>
      own.say({
        t: 'send',
        id: n,
        conversation: conversation.id,
        outbox,
        n,
        op: { kind: 'message', text },
      });
    return { world, server: world.server, ada, bob, browser, tab, own, conversation, send };
  }

  test('a line breaks before the server hears, before it answers, or after', async () => {
    for (const [how, stored, answered] of [
      ['before', 0, false],
      ['unanswered', 2, false],
      ['answered', 2, true],
    ] as const) {
      const { server, world, own, conversation, send } = await connected();
      server.faults.cutNext(how);
      send(1);
      await world.pass(100);
      expect(conversation.head).toBe(stored);
      expect(own.told.some((text) => text.includes('"accepted"'))).toBe(answered);
      expect(own.told.at(-1)).toBe('closed');
      expect(server.sessions.size).toBe(0);
    }
  });

  test('what is on its way when a line breaks is lost both ways', async () => {
    const { server, world, own, conversation, send } = await connected();
    server.delays.line = () => 50;
    send(1);
    await world.pass(40);
    server.cut();
    await world.pass(1_000);
    expect(conversation.head).toBe(0);
    expect(own.told).toEqual(['closed']);
  });

  test('a planned refusal spends its number only if it is for good', async () => {
    const { server, world, own, conversation, send } = await connected();
    server.faults.refuseNext('rate_limited', { retryAfterMs: 700 });
    send(1);
    server.faults.refuseNext('forbidden');
    send(1);
    send(2);
    await world.pass(100);
    expect(own.told.filter((text) => text.includes('"re"'))).toEqual([
      expect.stringContaining('"retryAfterMs":700'),
      expect.stringContaining('"code":"forbidden"'),
      expect.stringContaining('"accepted"'),
    ]);
    expect(conversation.log.map(({ kind }) => kind)).toEqual(['opened', 'message']);
  });

  test('an unknown outcome may have been stored', async () => {
    const { server, world, own, conversation, send } = await connected();
    server.faults.refuseNext('unavailable', { stored: true });
    send(1);
    await world.pass(100);
    expect(conversation.head).toBe(2);
    expect(own.told.some((text) => text.includes('"unavailable"'))).toBe(true);
    send(1);
    await world.pass(100);
    expect(own.told.at(-1)).toContain('"duplicate":true');
  });

  test('a drain answers what is under way, and then says goodbye', async () => {
    const { server, world, own, send } = await connected();
    server.delays.think = () => 300;
    send(1);
    await world.pass(100);
    server.drain(2_000);
    send(2);
    await world.pass(1_000);
    const types = own.told.map((text) => (text === 'closed' ? text : JSON.parse(text).t));
    expect(types.filter((t) => t !== 'conversation' && t !== 'events')).toEqual([
      'accepted',
      'bye',
      'closed',
    ]);
  });

  test('a stalled line says nothing until it is released, a dead one is parted with', async () => {
    const { server, world, own, send } = await connected();
    server.stall();
    send(1);
    await world.pass(30_000);
    expect(own.told).toEqual([]);
    server.release();
    await world.pass(100);
    expect(own.told.some((text) => text.includes('"accepted"'))).toBe(true);
    server.stall();
    await world.pass(90_000);
    expect(server.sessions.size).toBe(0);
    server.release();
    await world.pass(100);
    expect(own.told.slice(-2)).toEqual([expect.stringContaining('"idle"'), 'closed']);
  });

  test('a restored backup is another life', async () => {
    const { server, world, own, conversation, send } = await connected();
    send(1);
    await world.pass(100);
    const backup = server.snapshot();
    send(2);
    await world.pass(100);
    const before = server.epoch;
    server.restore(backup);
    expect(own.told.at(-1)).toBe('closed');
    expect(server.epoch).not.toBe(before);
    expect(server.database.conversations.get(conversation.id)?.head).toBe(2);
  });

  test('an inbox may lag behind the log', async () => {
    const { server, world, ada, bob, own, conversation, send } = await connected();
    send(1);
    await world.pass(100);
    server.delays.feed = () => 5_000;
    send(2);
    await world.pass(100);
    expect(server.database.summary(conversation, bob.id)).toMatchObject({
      head: 3,
      asOf: 2,
      unread: 1,
    });
    const late = line(world.browser(ada).open(), world);
    await world.pass(100);
    late.say({ t: 'hello', id: 0 });
    await world.pass(100);
    expect(late.told.some((text) => text.includes('"asOf":2'))).toBe(true);
    await world.pass(5_000);
    expect(server.database.asOf(conversation.id)).toBe(3);
    expect(own.told).not.toContain('closed');
  });

  test('a killed tab frees its locks, and nothing of it is heard of any more', async () => {
    const { world, server, browser, tab, own, send } = await connected();
    const other = browser.open();
    const release = await tab.ports.locks.tryTake('outbox');
    expect(release).not.toBeNull();
    expect(await other.ports.locks.tryTake('outbox')).toBeNull();
    let got = false;
    void other.ports.locks.take('outbox', new AbortController().signal).then(() => {
      got = true;
    });
    const tables = await tab.ports.storage.open('u_1', () => undefined);
    let fired = false;
    tab.ports.clock.after(10, () => {
      fired = true;
    });
    const writing = tables.transact(['meta'], 'readwrite', async (transaction) => {
      transaction.put('meta', { name: 'half' });
      await transaction.get('meta', 'half');
      tab.kill();
      transaction.put('meta', { name: 'other half' });
    });
    let ended = false;
    void writing.finally(() => {
      ended = true;
    });
    await world.pass(100);
    send(1);
    await world.pass(100);
    expect({ got, fired, ended, told: own.told }).toEqual({
      got: true,
      fired: false,
      ended: false,
      told: [],
    });
    expect(server.sessions.size).toBe(0);
    const seen = await other.ports.storage.open('u_1', () => undefined);
    expect(await seen.transact(['meta'], 'readonly', (t) => t.range('meta', {}))).toEqual([]);
  });

  test('tabs hear each other, in order', async () => {
    const { world, browser, tab } = await connected();
    browser.channelDelay = () => world.random.between(0, 50);
    const heard: unknown[] = [];
    const own = tab.ports.channels.open('words', (message) => heard.push(message));
    browser.open().ports.channels.open('words', (message) => heard.push(message));
    for (let n = 0; n < 10; n++) own.post(n);
    await world.pass(100);
    expect(heard).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('calls have the cookie, say whom they mean, and may be lost on either way', async () => {
    const { world, server, ada, browser, tab } = await connected();
    const mint = async (user: string) => {
      const answered = tab.ports.http.call({
        method: 'POST',
        path: '/v1/outboxes',
        headers: { 'Parley-User': user },
      });
      const result = answered.catch((fault: Error) => fault.message);
      await world.pass(25_000);
      return result;
    };
    expect(await mint(ada.id)).toEqual({ status: 201, body: { outbox: 2 } });
    expect(await mint('u_other')).toMatchObject({ status: 409, body: { code: 'other_user' } });
    server.faults.failNextCall('before');
    expect(await mint(ada.id)).toBe('broken');
    server.faults.failNextCall('unanswered');
    expect(await mint(ada.id)).toBe('broken');
    server.faults.failNextCall('overloaded');
    expect(await mint(ada.id)).toMatchObject({ status: 503, body: { retryable: true } });
    server.stall();
    expect(await mint(ada.id)).toBe('late');
    server.release();
    browser.setOnline(false);
    expect(await mint(ada.id)).toBe('offline');
    browser.setOnline(true);
    // Those that were heard have minted, whether they were answered or not.
    expect(await mint(ada.id)).toEqual({ status: 201, body: { outbox: 5 } });
    browser.cookie = null;
    expect(await mint(ada.id)).toMatchObject({ status: 401 });
  });

  test('signing in sets the cookie, signing out takes it and ends the session', async () => {
    const { world, browser, tab, own } = await connected();
    const call = async (method: 'POST' | 'GET' | 'DELETE', path: string, body?: object) => {
      const answered = tab.ports.http.call({ method, path, ...(body ? { body } : {}) });
      await world.pass(1_000);
      return answered;
    };
    expect(await call('DELETE', '/v1/session')).toEqual({ status: 204, body: null });
    expect(browser.cookie).toBeNull();
    expect(own.told.slice(-2)).toEqual([expect.stringContaining('"revoked"'), 'closed']);
    expect(await call('GET', '/v1/session')).toMatchObject({ status: 401 });
    const credentials = { username: 'bob', password: 'password of bob', cookie: true };
    const signedIn = await call('POST', '/v1/session', credentials);
    expect(signedIn.body).not.toHaveProperty('token');
    expect(await call('GET', '/v1/session')).toMatchObject({ body: { user: { username: 'bob' } } });
    expect(
      await call('POST', '/v1/users', { username: 'bob', password: 'long enough' }),
    ).toMatchObject({ status: 400 });
  });

  test('the same seed makes the same things happen', async () => {
    const told = await Promise.all(
      [5, 5].map(async (seed) => {
        const { world, own, send } = await connected(seed);
        world.server.delays.line = () => world.random.between(1, 40);
        for (let n = 1; n <= 8; n++) send(n);
        await world.pass(1_000);
        return own.told;
      }),
    );
    expect(told[0]).toEqual(told[1]);
  });
});
