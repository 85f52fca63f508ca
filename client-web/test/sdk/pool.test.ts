import { expect, test } from 'vitest';
import { CANCELLED } from '../../src/sdk/outbox/item';
import { Pool, type QueueChanged } from '../../src/sdk/outbox/pool';
import type { Channel } from '../../src/sdk/ports';
import type { Event } from '../../src/sdk/protocol/frames.gen';
import { FakeLocks } from './fake/browser';
import { settle } from './fake/clock';
import { accepted, Desk, refused, skipped, textOf, words } from './kit/desk';

/** A browser's tabs, over one disk and one set of locks. */
class Tabs {
  readonly desk = new Desk();
  readonly locks = new FakeLocks();
  readonly pools: { pool: Pool; releases: (() => void)[] }[] = [];
  /** Words between tabs are lost while it is off. */
  isHeard = true;

  async open(): Promise<Pool> {
    const queue = await this.desk.ports();
    const releases: (() => void)[] = [];
    const held = (release: () => void) => {
      releases.push(release);
      return release;
    };
    const channel: Channel = {
      post: (message) => this.post(pool, message as QueueChanged),
      close: () => {},
    };
    const pool: Pool = new Pool({
      user: 'u_ada',
      tables: queue.tables,
      locks: {
        tryTake: async (name) => {
          const release = await this.locks.tryTake(name);
          return release === null ? null : held(release);
        },
        take: async (name, signal) => held(await this.locks.take(name, signal)),
      },
      channel,
      queue: {
        ...queue,
        written: (id) => this.post(pool, { type: 'queue', queue: id }),
      },
      caughtUp: () => (this.desk.epoch === null ? [] : ['c_1']),
      wanted: () => {},
    });
    this.pools.push({ pool, releases });
    await pool.start();
    await settle();
    return pool;
  }

  /** Its process ends: the system sets its locks free, and nothing it does counts. */
  async kill(pool: Pool): Promise<void> {
    const at = this.pools.findIndex((one) => one.pool === pool);
    const [dead] = this.pools.splice(at, 1);
    pool.lost(false);
    for (const release of dead?.releases ?? []) {
      release();
    }
    await settle();
  }

  private post(from: Pool, message: QueueChanged): void {
    for (const { pool } of this.isHeard ? this.pools : []) {
      if (pool !== from) {
        void pool.heard(message);
      }
    }
  }
}

async function write(tabs: Tabs, pool: Pool, ...texts: string[]): Promise<void> {
  for (const text of texts) {
    await pool.enqueue(words(text, tabs.desk.clock.now()));
    await tabs.desk.clock.pass(1);
  }
}

function shown(pool: Pool): string[] {
  return pool.items('c_1').map(({ op, failure }) => `${textOf(op)} ${failure ?? 'waits'}`);
}

test('tabs number under outboxes of their own', async () => {
  const tabs = new Tabs();
  const [one, other] = [await tabs.open(), await tabs.open()];
  await write(tabs, one, 'a');
  await write(tabs, other, 'b');
  await write(tabs, one, 'c');
  expect(tabs.desk.taken()).toEqual(['a 1:1', 'b 2:1', 'c 1:2']);
});

test('what waits in another tab is shown, in the order of writing', async () => {
  const tabs = new Tabs();
  tabs.desk.epoch = null;
  const [one, other] = [await tabs.open(), await tabs.open()];
  await write(tabs, one, 'a');
  await write(tabs, other, 'b');
  await write(tabs, one, 'c');
  expect(shown(other)).toEqual(['a waits', 'b waits', 'c waits']);
  expect(shown(one)).toEqual(['a waits', 'b waits', 'c waits']);
  expect(one.waitingIn(), 'each sends its own').toEqual(new Set(['c_1']));
});

test('a clock that goes back moves nothing in a tab’s own order', async () => {
  const tabs = new Tabs();
  tabs.desk.epoch = null;
  const [one, other] = [await tabs.open(), await tabs.open()];
  await one.enqueue(words('a', 50));
  await other.enqueue(words('x', 45));
  await one.enqueue(words('b', 10));
  await settle();
  const inOrder = shown(one).filter((text) => text !== 'x waits');
  expect(inOrder).toEqual(['a waits', 'b waits']);
});

test('what a dead tab left is sent by a living one, under the same numbers', async () => {
  const tabs = new Tabs();
  const [one, other] = [await tabs.open(), await tabs.open()];
  await write(tabs, one, 'a', 'b');
  tabs.desk.take();
  await tabs.kill(one);
  const sent = tabs.desk.take();
  expect(sent.map(({ op, number }) => `${textOf(op)} ${number.outbox}:${number.n}`)).toEqual([
    'a 1:1',
    'b 1:2',
  ]);
  expect(shown(other), 'shown once').toEqual(['a waits', 'b waits']);
  await sent[0]?.answer(accepted(2));
  await sent[1]?.answer(accepted(3));
  expect(shown(other)).toEqual([]);
  expect((await tabs.desk.rows()).items).toEqual([]);
});

test('a left queue is let go once it is drained, and a new tab takes it', async () => {
  const tabs = new Tabs();
  const [one, other] = [await tabs.open(), await tabs.open()];
  await write(tabs, one, 'a');
  await tabs.kill(one);
  for (const sent of tabs.desk.take()) {
    await sent.answer(accepted(2));
  }
  await settle();
  const third = await tabs.open();
  await write(tabs, third, 'c');
  expect(tabs.desk.taken(), 'no new outbox').toEqual(['c 1:2']);
  await write(tabs, other, 'd');
  expect(tabs.desk.taken()).toEqual(['d 2:1']);
});

test('a tab that opens alone goes on with what the last one left', async () => {
  const tabs = new Tabs();
  tabs.desk.epoch = null;
  const one = await tabs.open();
  await write(tabs, one, 'a');
  await tabs.kill(one);
  tabs.desk.epoch = 'e_1';
  await tabs.open();
  expect(tabs.desk.taken()).toEqual(['a 1:1']);
  expect((await tabs.desk.rows()).queues, 'the same queue').toHaveLength(1);
});

test('a call-back reaches what waits in another tab', async () => {
  const tabs = new Tabs();
  const [one, other] = [await tabs.open(), await tabs.open()];
  await write(tabs, one, 'a');
  const sent = await tabs.desk.onlySent();
  await other.discard('a');
  await settle();
  expect(one.items('c_1')[0]?.withdrawn).toBe(CANCELLED);
  await sent.answer(refused('overloaded', { retryable: true }));
  const skip = await tabs.desk.onlySent();
  expect(skip.op.kind).toBe('skip');
  await skip.answer(skipped);
  await settle();
  expect([shown(one), shown(other)]).toEqual([[], []]);
});

test('a call-back that no tab hears stands on the disk, for whoever takes the queue', async () => {
  const tabs = new Tabs();
  const [one, other] = [await tabs.open(), await tabs.open()];
  await write(tabs, one, 'a');
  tabs.desk.take();
  tabs.isHeard = false;
  await other.discard('a');
  await tabs.kill(one);
  expect((await tabs.desk.onlySent()).op.kind).toBe('skip');
});

test('what failed in another tab is sent again from here, and is gone there', async () => {
  const tabs = new Tabs();
  const [one, other] = [await tabs.open(), await tabs.open()];
  await write(tabs, one, 'a');
  await (await tabs.desk.onlySent()).answer(refused('forbidden'));
  await settle();
  expect(shown(other)).toEqual(['a forbidden']);
  await other.retry('a');
  await settle();
  expect(tabs.desk.taken()).toEqual(['a 2:1']);
  expect([shown(one), shown(other)]).toEqual([['a waits'], ['a waits']]);
});

test('what failed in a dead tab is sent again, or forgotten, from here', async () => {
  const tabs = new Tabs();
  const [one, other] = [await tabs.open(), await tabs.open()];
  await write(tabs, one, 'a', 'b');
  for (const sent of tabs.desk.take()) {
    await sent.answer(refused('forbidden'));
  }
  await tabs.kill(one);
  expect(shown(other)).toEqual(['a forbidden', 'b forbidden']);
  await other.discard('a');
  await other.retry('b');
  await settle();
  expect(shown(other)).toEqual(['b waits']);
  expect((await tabs.desk.rows()).items.map(({ key }) => key)).toEqual(['b']);
});

test('what waits is not sent again when somebody retries it, or what is not there', async () => {
  const tabs = new Tabs();
  const one = await tabs.open();
  await write(tabs, one, 'a');
  tabs.desk.take();
  await one.retry('a');
  await one.retry('nothing');
  await one.discard('nothing');
  expect(tabs.desk.taken()).toEqual([]);
  expect(shown(one)).toEqual(['a waits']);
});

test('what is in the log is no longer shown as waiting in another tab', async () => {
  const tabs = new Tabs();
  const [one, other] = [await tabs.open(), await tabs.open()];
  await write(tabs, one, 'a', 'b');
  tabs.isHeard = false;
  const event = { seq: 2, kind: 'message', by: 'u_ada', at: 1, text: 'a', replyTo: null } as const;
  other.told('c_2', { ...event, outbox: 1, n: 1 } as Event);
  expect(shown(other), 'of another conversation').toEqual(['a waits', 'b waits']);
  other.told('c_1', { ...event, outbox: 1, n: 1 } as Event);
  expect(shown(other)).toEqual(['b waits']);
});

test('a closed pool takes over nothing, and gives its own back', async () => {
  const tabs = new Tabs();
  const [one, other] = [await tabs.open(), await tabs.open()];
  await write(tabs, one, 'a');
  tabs.desk.take();
  await other.close();
  await one.close();
  await settle();
  expect(tabs.desk.taken()).toEqual([]);
  const next = await tabs.open();
  expect(tabs.desk.taken()).toEqual(['a 1:1']);
  expect(shown(next)).toEqual(['a waits']);
});

test('before it has started nothing is taken', async () => {
  const tabs = new Tabs();
  const pool = new Pool({
    user: 'u_ada',
    tables: (await tabs.desk.ports()).tables,
    locks: tabs.locks,
    channel: { post: () => {}, close: () => {} },
    queue: await tabs.desk.ports(),
    caughtUp: () => [],
    wanted: () => {},
  });
  await expect(pool.enqueue(words('a', 0))).rejects.toThrow('not started');
});
