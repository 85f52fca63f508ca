import { expect, test } from 'vitest';
import { CANCELLED, EXPIRES_AFTER, type Item } from '../../src/sdk/outbox/item';
import { Queue } from '../../src/sdk/outbox/queue';
import type { Event } from '../../src/sdk/protocol/frames.gen';
import { settle } from './fake/clock';
import { accepted, Desk, refused, skipped, textOf, words } from './kit/desk';

async function write(desk: Desk, queue: Queue, ...texts: string[]): Promise<void> {
  for (const text of texts) {
    await queue.enqueue(words(text, desk.clock.now()));
  }
  await settle();
}

/** What waits and what failed, as the person sees it. */
function shown(queue: Queue): string[] {
  return queue.items('c_1').map(({ op, failure }) => `${textOf(op)} ${failure ?? 'waits'}`);
}

function only(queue: Queue): Item {
  const [item, ...rest] = queue.items('c_1');
  if (item === undefined || rest.length > 0) {
    throw new Error('There is not just one');
  }
  return item;
}

test('nothing is sent that the disk has not, with its number', async () => {
  const desk = new Desk();
  const queue = await desk.queue();
  await write(desk, queue, 'a', 'b');
  expect(desk.taken()).toEqual(['a 1:1', 'b 1:2']);
  const { items, queues } = await desk.rows();
  expect(items.map(({ number }) => number?.n)).toEqual([1, 2]);
  expect(queues).toMatchObject([{ outbox: 1, epoch: 'e_1', next: { c_1: 3 }, nextOrder: 3 }]);
});

test('what was written before there is an outbox is numbered in the order it was written', async () => {
  const desk = new Desk();
  desk.isMinting = false;
  const queue = await desk.queue();
  await write(desk, queue, 'a', 'b', 'c');
  expect(desk.taken()).toEqual([]);
  desk.isMinting = true;
  await desk.clock.pass(1_000);
  await write(desk, queue, 'd');
  expect(desk.taken()).toEqual(['a 1:1', 'b 1:2', 'c 1:3', 'd 1:4']);
  expect(desk.minted, 'one outbox for all of them').toBe(1);
});

test('an outbox that could not be had is asked for again, ever more slowly', async () => {
  const desk = new Desk();
  desk.isMinting = false;
  const queue = await desk.queue();
  await write(desk, queue, 'a');
  await desk.clock.pass(10_000);
  const soon = desk.asked;
  await desk.clock.pass(100_000);
  expect(soon).toBeGreaterThan(3);
  expect(desk.asked - soon).toBeLessThan(10);
  desk.isMinting = true;
  await desk.clock.pass(20_000);
  expect(desk.taken()).toEqual(['a 1:1']);
});

test('conversations have numbers of their own', async () => {
  const desk = new Desk();
  const queue = await desk.queue('q_1', ['c_1', 'c_2']);
  await queue.enqueue(words('a', 0, 'c_1'));
  await queue.enqueue(words('b', 0, 'c_2'));
  await queue.enqueue(words('c', 0, 'c_1'));
  await settle();
  const sent = desk.take();
  const numbers = (conversation: string) =>
    sent
      .filter((one) => one.conversation === conversation)
      .map(({ op, number }) => `${textOf(op)} ${number.n}`);
  expect(numbers('c_1')).toEqual(['a 1', 'c 2']);
  expect(numbers('c_2')).toEqual(['b 1']);
});

test('nothing is sent in a conversation that is not caught up', async () => {
  const desk = new Desk();
  const queue = await desk.queue('q_1', []);
  await write(desk, queue, 'a');
  expect(desk.taken()).toEqual([]);
  queue.caughtUpIn('c_1');
  await settle();
  expect(desk.taken()).toEqual(['a 1:1']);
});

test('what is stored goes off the disk, whether its answer or its event comes first', async () => {
  const desk = new Desk();
  const queue = await desk.queue();
  await write(desk, queue, 'a', 'b');
  const [a, b] = desk.take();
  await a?.answer(accepted(2));
  const event: Event = {
    seq: 3,
    kind: 'message',
    by: 'u_ada',
    at: 1,
    text: 'b',
    replyTo: null,
    outbox: 1,
    n: 2,
  };
  queue.told('c_1', event);
  await settle();
  expect(desk.stored).toEqual(['a 2', 'b 3']);
  await b?.answer(accepted(3));
  expect(desk.stored, 'said once').toEqual(['a 2', 'b 3']);
  expect((await desk.rows()).items).toEqual([]);
  expect(queue.isDrained).toBe(true);
});

test('a full disk rejects what is written, and nothing is sent', async () => {
  const desk = new Desk();
  const queue = await desk.queue();
  await write(desk, queue, 'a');
  desk.take();
  desk.isFull = true;
  await expect(queue.enqueue(words('b', 0))).rejects.toThrow('full');
  await settle();
  expect(desk.taken()).toEqual([]);
  expect(shown(queue)).toEqual(['a waits']);
  desk.isFull = false;
  await write(desk, queue, 'c');
  expect(desk.taken(), 'its number was not used').toEqual(['c 1:2']);
});

test('what a dead tab had sent is sent again under its number, and the next one follows', async () => {
  const desk = new Desk();
  const dead = await desk.queue();
  await write(desk, dead, 'a', 'b');
  dead.close();
  desk.take();
  const queue = await desk.queue();
  expect(desk.taken()).toEqual(['a 1:1', 'b 1:2']);
  await write(desk, queue, 'c');
  expect(desk.taken()).toEqual(['c 1:3']);
});

test('after a break everything unanswered goes again, and nothing that was answered', async () => {
  const desk = new Desk();
  const queue = await desk.queue();
  await write(desk, queue, 'a', 'b', 'c');
  await desk.take()[0]?.answer(accepted(2));
  desk.epoch = null;
  queue.lost(false);
  await write(desk, queue, 'd');
  expect(desk.taken()).toEqual([]);
  desk.epoch = 'e_1';
  queue.began();
  await settle();
  expect(desk.taken(), 'not before it is caught up').toEqual([]);
  queue.caughtUpIn('c_1');
  await settle();
  expect(desk.taken()).toEqual(['b 1:2', 'c 1:3', 'd 1:4']);
});

test('what is called back before it has a number is gone, without a word to the server', async () => {
  const desk = new Desk();
  desk.epoch = null;
  const queue = await desk.queue();
  await write(desk, queue, 'a', 'b');
  await queue.withdraw(queue.find('a') as Item, CANCELLED);
  await settle();
  expect(shown(queue)).toEqual(['b waits']);
  expect((await desk.rows()).items.map(({ key }) => key)).toEqual(['b']);
  desk.epoch = 'e_1';
  queue.began();
  queue.caughtUpIn('c_1');
  await settle();
  expect(desk.taken()).toEqual(['b 1:1']);
});

test('what is called back while it is under way is skipped, and is gone if that is in time', async () => {
  const desk = new Desk();
  const queue = await desk.queue();
  await write(desk, queue, 'a');
  const sent = await desk.onlySent();
  await queue.withdraw(only(queue), CANCELLED);
  await settle();
  expect((await desk.rows()).items[0]?.withdrawn, 'also for the next tab').toBe(CANCELLED);
  await sent.answer(refused('unavailable', { retryable: true }));
  const skip = await desk.onlySent();
  expect(skip).toMatchObject({ op: { kind: 'skip' }, number: { outbox: 1, n: 1 } });
  await skip.answer(skipped);
  expect(queue.items('c_1')).toEqual([]);
  expect((await desk.rows()).items).toEqual([]);
  await write(desk, queue, 'b');
  expect(desk.taken(), 'a skipped number is spent').toEqual(['b 1:2']);
});

test('what is called back too late is stored', async () => {
  const desk = new Desk();
  const queue = await desk.queue();
  await write(desk, queue, 'a');
  const sent = await desk.onlySent();
  await queue.withdraw(only(queue), CANCELLED);
  await sent.answer(accepted(2));
  expect(desk.stored).toEqual(['a 2']);
  expect(queue.isDrained).toBe(true);
});

test('what a dead tab called back is not sent by the next', async () => {
  const desk = new Desk();
  const dead = await desk.queue();
  await write(desk, dead, 'a');
  await dead.withdraw(only(dead), CANCELLED);
  await settle();
  dead.close();
  desk.take();
  await desk.queue();
  expect((await desk.onlySent()).op).toEqual({ kind: 'skip' });
});

test('what is refused for good fails with its reason, and the rest goes on', async () => {
  const desk = new Desk();
  const queue = await desk.queue();
  await write(desk, queue, 'a', 'b');
  const [a, b] = desk.take();
  await a?.answer(refused('forbidden'));
  await b?.answer(accepted(2));
  await desk.clock.pass(1_000);
  expect(shown(queue)).toEqual(['a forbidden']);
  expect((await desk.rows()).items).toMatchObject([{ key: 'a', failure: 'forbidden' }]);
  await write(desk, queue, 'c');
  expect(desk.taken(), 'its number is spent').toEqual(['c 1:3']);
});

test('a spent number that a crashed server asks for again is skipped, by the next tab as well', async () => {
  const desk = new Desk();
  const dead = await desk.queue();
  await write(desk, dead, 'a', 'b');
  const [a] = desk.take();
  await a?.answer(refused('forbidden'));
  dead.close();
  desk.take();
  await desk.queue();
  const again = await desk.onlySent();
  expect(again.number.n).toBe(2);
  await again.answer(refused('out_of_order', { retryable: true, expected: 1 }));
  const fill = await desk.onlySent();
  expect(fill).toMatchObject({ op: { kind: 'skip' }, number: { n: 1 } });
  await fill.answer(skipped);
  expect(desk.taken()).toEqual(['b 1:2']);
});

test('what waited for a day is not sent before the person says so again', async () => {
  const desk = new Desk();
  const dead = await desk.queue();
  await write(desk, dead, 'sent');
  dead.lost(false);
  desk.epoch = null;
  await write(desk, dead, 'unsent');
  dead.close();
  desk.take();
  await desk.clock.pass(EXPIRES_AFTER + 1);
  desk.epoch = 'e_1';
  const queue = await desk.queue();
  await write(desk, queue, 'new');
  const sent = desk.take();
  expect(sent.map(({ op }) => op.kind)).toEqual(['skip', 'skip', 'message']);
  await sent[0]?.answer(skipped);
  await sent[1]?.answer(skipped);
  expect(shown(queue)).toEqual(['sent expired', 'unsent expired', 'new waits']);
});

test('what waited for a day and turns out to be stored is stored', async () => {
  const desk = new Desk();
  const dead = await desk.queue();
  await write(desk, dead, 'a');
  dead.close();
  desk.take();
  await desk.clock.pass(EXPIRES_AFTER + 1);
  const queue = await desk.queue();
  await (await desk.onlySent()).answer(accepted(2));
  expect(desk.stored).toEqual(['a 2']);
  expect(queue.items('c_1')).toEqual([]);
});

test('what ended two sessions in a row as a protocol error is given up, and the rest goes on', async () => {
  const desk = new Desk();
  const queue = await desk.queue();
  await write(desk, queue, 'a');
  for (let session = 1; session <= 2; session++) {
    expect((await desk.onlySent()).op.kind, `session ${session}`).toBe('message');
    queue.lost(true);
    queue.began();
    queue.caughtUpIn('c_1');
    await settle();
  }
  const skip = await desk.onlySent();
  expect(skip.op.kind).toBe('skip');
  await skip.answer(skipped);
  expect(shown(queue)).toEqual(['a bad_frame']);
});

test('a session that ended otherwise in between is no second strike', async () => {
  const desk = new Desk();
  const queue = await desk.queue();
  await write(desk, queue, 'a');
  for (const protocolError of [true, false, true]) {
    expect((await desk.onlySent()).op.kind).toBe('message');
    queue.lost(protocolError);
    queue.began();
    queue.caughtUpIn('c_1');
    await settle();
  }
  expect((await desk.onlySent()).op.kind).toBe('message');
});

test('a retry keeps the key, and goes as the newest under a new number', async () => {
  const desk = new Desk();
  const queue = await desk.queue();
  await write(desk, queue, 'a');
  await (await desk.onlySent()).answer(refused('forbidden'));
  await write(desk, queue, 'b');
  desk.take();
  await desk.clock.pass(1_000);
  await queue.again(queue.find('a') as Item);
  await settle();
  expect(desk.taken()).toEqual(['a 1:3']);
  expect(queue.items('c_1').map(({ key }) => key)).toEqual(['b', 'a']);
  expect((await desk.rows()).items.map(({ key }) => key)).toEqual(['b', 'a']);
});

test('what failed is retried from another queue than it failed in', async () => {
  const desk = new Desk();
  const other = await desk.queue('q_1');
  await write(desk, other, 'a');
  await (await desk.onlySent()).answer(refused('forbidden'));
  const [failed] = other.items('c_1');
  const queue = await desk.queue('q_2');
  await queue.again(failed as Item);
  await settle();
  expect(desk.taken()).toEqual(['a 2:1']);
  expect((await desk.rows()).items).toMatchObject([{ queue: 'q_2', key: 'a', failure: null }]);
  await other.reread();
  expect(other.items('c_1'), 'gone where it failed').toEqual([]);
});

test('what is forgotten is gone from the disk', async () => {
  const desk = new Desk();
  const queue = await desk.queue();
  await write(desk, queue, 'a');
  await (await desk.onlySent()).answer(refused('forbidden'));
  await queue.forget(only(queue));
  expect(queue.items('c_1')).toEqual([]);
  expect((await desk.rows()).items).toEqual([]);
});

test('what another tab called back on the disk is called back', async () => {
  const desk = new Desk();
  const queue = await desk.queue();
  await write(desk, queue, 'a');
  desk.take();
  const { tables } = await desk.ports();
  await tables.transact(['items'], 'readwrite', async (t) =>
    t.put('items', { ...only(queue), withdrawn: CANCELLED }),
  );
  await queue.reread();
  expect(only(queue).withdrawn).toBe(CANCELLED);
});

test('an outbox of another life is settled by skips before anything gets a number of the new', async () => {
  const desk = new Desk();
  const dead = await desk.queue();
  await write(desk, dead, 'stored', 'lost');
  dead.close();
  desk.take();
  desk.epoch = 'e_2';
  const queue = await desk.queue();
  await write(desk, queue, 'new');
  const skips = desk.take();
  expect(skips.map(({ op, number }) => [op.kind, number])).toEqual([
    ['skip', { outbox: 1, n: 1 }],
    ['skip', { outbox: 1, n: 2 }],
  ]);
  await skips[0]?.answer(accepted(2));
  await skips[1]?.answer(skipped);
  expect(desk.stored).toEqual(['stored 2']);
  expect(desk.taken()).toEqual(['lost 2:1', 'new 2:2']);
  expect((await desk.rows()).queues).toMatchObject([{ outbox: 2, epoch: 'e_2' }]);
});

test('an outbox that expired is left, and what was under way goes once more as it was', async () => {
  const desk = new Desk();
  const queue = await desk.queue();
  await write(desk, queue, 'a', 'b');
  const [a, b] = desk.take();
  await a?.answer(refused('outbox_expired'));
  await b?.answer(refused('outbox_expired'));
  await desk.clock.pass(6_000);
  expect(desk.taken()).toEqual(['a 2:1', 'b 2:2']);
});

test('of two under an expired outbox, the one in doubt is settled though another waits first', async () => {
  const desk = new Desk();
  const queue = await desk.queue();
  await write(desk, queue, 'a', 'b');
  await desk.take()[0]?.answer(refused('outbox_expired'));
  await desk.clock.pass(6_000);
  const again = await desk.onlySent();
  expect([textOf(again.op), again.number]).toEqual(['b', { outbox: 1, n: 2 }]);
  await again.answer(refused('outbox_expired'));
  await desk.clock.pass(6_000);
  expect(desk.taken()).toEqual(['a 2:1', 'b 2:2']);
});

test('an outbox that came after the life it was asked for is not used', async () => {
  const desk = new Desk();
  const ports = await desk.ports();
  let give: (outbox: number) => void = () => {};
  let asked = 0;
  const slow = {
    ...ports,
    mint: () => {
      asked++;
      return new Promise<number>((resolve) => {
        give = resolve;
      });
    },
  };
  const queue = await Queue.load('q_1', slow);
  queue.began();
  queue.caughtUpIn('c_1');
  await write(desk, queue, 'a');
  desk.epoch = 'e_2';
  give(5);
  await settle();
  expect(desk.taken()).toEqual([]);
  expect(asked, 'asked for again in the new one').toBe(2);
  give(6);
  await settle();
  expect(desk.taken()).toEqual(['a 6:1']);
});

test('an answer that does not come makes it doubt the line, and then everything goes again', async () => {
  const desk = new Desk();
  const queue = await desk.queue();
  await write(desk, queue, 'a');
  expect(desk.taken()).toEqual(['a 1:1']);
  await desk.clock.pass(4_900);
  expect(desk.doubts).toBe(0);
  await desk.clock.pass(200);
  expect(desk.doubts).toBeGreaterThan(0);
  expect(desk.taken()).toEqual([]);
  await desk.clock.pass(20_500);
  expect(desk.taken()).toEqual(['a 1:1']);
});

test('a closed queue sends nothing any more, and asks for no time', async () => {
  const desk = new Desk();
  const queue = await desk.queue();
  await write(desk, queue, 'a');
  desk.take();
  queue.close();
  await queue.idle();
  await desk.clock.pass(60_000);
  expect(desk.taken()).toEqual([]);
  expect(desk.clock.waiting).toBe(0);
});
