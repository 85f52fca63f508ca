import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Log } from '../../src/sdk/log/log';
import type { LogEvent } from '../../src/sdk/log/summary';
import { type Message, Timeline } from '../../src/sdk/log/timeline';
import { ADA, BOB, erased, logs, pieces, seen, talk } from './kit/logs';

function messages(timeline: Timeline | undefined): object[] {
  return [...(timeline?.all() ?? [])].map((one) => ({
    ...one,
    reactions: [...one.reactions],
  }));
}

/** A message by the definition: its event, and all others of the log about it. */
function plainly(log: readonly LogEvent[], seq: number): Partial<Message> {
  const event = log[seq - 1] as Extract<LogEvent, { kind: 'message' }>;
  const about = log.filter((other) => 'of' in other && other.of === seq);
  const isDeleted = 'erased' in event || about.some(({ kind }) => kind === 'delete');
  const edits = about.flatMap((other) =>
    other.kind === 'edit' && 'text' in other ? [other.text] : [],
  );
  return {
    seq,
    by: event.by,
    deleted: isDeleted,
    edited: !isDeleted && edits.length > 0,
    text: isDeleted || 'erased' in event ? '' : (edits.at(-1) ?? event.text),
    replyTo: isDeleted || 'erased' in event ? null : event.replyTo,
  };
}

/** Who has put which emoji, at the end. */
function reactionsPlainly(log: readonly LogEvent[], seq: number): Map<string, Set<string>> {
  const held = new Map<string, Set<string>>();
  for (const event of log) {
    if (event.kind === 'react' && event.of === seq) {
      const users = held.get(event.emoji) ?? new Set();
      held.set(event.emoji, users);
      if (event.on) users.add(event.by);
      else users.delete(event.by);
    }
  }
  return new Map([...held].filter(([, users]) => users.size > 0));
}

/** What a tab shows that came at `cut`, followed the log from there, and read back in pages. */
function readBack(events: readonly LogEvent[], cut: number, sizes: readonly number[]): Log {
  const log = new Log('c_1');
  log.show();
  log.rebase(cut);
  for (const piece of pieces(events.slice(cut), sizes)) {
    expect(log.receive(piece).type).toBe('fresh');
  }
  for (const page of pieces(events.slice(0, cut), sizes).reverse()) {
    expect(log.prepend(page)).toBe(true);
  }
  return log;
}

test('each message is what its event and all events about it make of it', () => {
  fc.assert(
    fc.property(logs(), (conversation) => {
      const events = seen(conversation);
      const timeline = Timeline.of(events);
      for (const message of timeline.all()) {
        expect(message).toMatchObject(plainly(events, message.seq));
        const held = new Map([...message.reactions].map(([emoji, by]) => [emoji, new Set(by)]));
        const expected = message.deleted ? new Map() : reactionsPlainly(events, message.seq);
        expect(held).toEqual(expected);
      }
      const there = events.filter(({ kind }) => kind === 'message').map(({ seq }) => seq);
      expect([...timeline.all()].map(({ seq }) => seq)).toEqual(there);
      expect(timeline.length).toBe(there.length);
    }),
    { numRuns: 200 },
  );
});

test('a log read back in pages is the log read from its beginning', () => {
  const sizes = fc.array(fc.nat(6), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(logs(), fc.nat(), sizes, fc.boolean(), (conversation, at, sizes, late) => {
      const events = late ? erased(conversation) : seen(conversation);
      const whole = Timeline.of(events);
      const log = readBack(events, at % (events.length + 1), sizes);
      expect(messages(log.shown?.timeline)).toEqual(messages(whole));
      expect(log.shown?.first).toBe(events.length === 0 ? 1 : events[0]?.seq);
      expect(log.shown?.events).toEqual(events);
    }),
    { numRuns: 200 },
  );
});

test('it makes no difference whether the server has erased what was deleted', () => {
  fc.assert(
    fc.property(logs(), (conversation) => {
      const before = Timeline.of(seen(conversation));
      expect(messages(Timeline.of(erased(conversation)))).toEqual(messages(before));
    }),
    { numRuns: 200 },
  );
});

test('a deletion wins over what else happens to the message, wherever it stands', () => {
  const about: LogEvent[] = [
    { seq: 0, kind: 'edit', by: BOB.id, at: 1, of: 1, text: 'changed' },
    { seq: 0, kind: 'edit', by: BOB.id, at: 1, of: 1, erased: true },
    { seq: 0, kind: 'react', by: ADA.id, at: 1, of: 1, emoji: '👍', on: true },
    { seq: 0, kind: 'delete', by: BOB.id, at: 1, of: 1 },
  ];
  const said: LogEvent = { seq: 1, kind: 'message', by: BOB.id, at: 1, text: 'a', replyTo: null };
  fc.assert(
    fc.property(fc.shuffledSubarray(about, { minLength: 4 }), (order) => {
      const events = [said, ...order.map((event, i) => ({ ...event, seq: i + 2 }))];
      const [message] = Timeline.of(events as LogEvent[]).all();
      expect(message).toMatchObject({ text: '', deleted: true, edited: false, replyTo: null });
      expect(message?.reactions.size).toBe(0);
    }),
  );
});

test('an erased edit tells that its message is gone, before the deletion itself has come', () => {
  const timeline = Timeline.of([
    { seq: 1, kind: 'message', by: BOB.id, at: 1, text: 'a', replyTo: null },
    { seq: 2, kind: 'edit', by: BOB.id, at: 1, of: 1, erased: true },
  ]);
  expect([...timeline.all()]).toMatchObject([{ seq: 1, text: '', deleted: true }]);
});

test('the number under which somebody sent it is found in the stretch, and the peer’s is not', () => {
  const conversation = talk(1);
  const op = { kind: 'message', text: 'mine' } as const;
  conversation.perform({ by: ADA.id, outbox: 7, n: 1, op, claim: null }, 1);
  const like = { kind: 'react', of: 2, emoji: '👍', on: true } as const;
  conversation.perform({ by: ADA.id, outbox: 7, n: 2, op: like, claim: null }, 1);
  const timeline = Timeline.of(seen(conversation));
  expect([1, 2, 3].map((n) => timeline.has(`7:${n}`))).toEqual([true, true, false]);
  expect(timeline.has('1:1')).toBe(false);
});

test('an event of a kind that is not known is a place in the log and nothing more', () => {
  const later = { seq: 3, kind: 'poll', by: BOB.id, at: 1 } as unknown as LogEvent;
  const log = new Log('c_1');
  log.show();
  log.rebase(0);
  expect(log.receive([...seen(talk(1)), later]).type).toBe('fresh');
  expect(log.high).toBe(3);
  expect(log.shown?.timeline.length).toBe(1);
});

test('events that do not join are not taken, at either end', () => {
  const events = seen(talk(9));
  const log = readBack(events.slice(0, 8), 5, [3]);
  const before = messages(log.shown?.timeline);
  expect(log.receive([events[9] as LogEvent]).type).toBe('gap');
  expect(log.receive([events[8], events[8]] as LogEvent[]).type).toBe('gap');
  expect(log.receive(events.slice(0, 8)).type).toBe('known');
  expect(log.prepend(events.slice(0, 3)), 'is held already').toBe(false);
  expect(messages(log.shown?.timeline)).toEqual(before);
  const holed = new Log('c_1');
  holed.show();
  holed.rebase(5);
  expect(holed.prepend(events.slice(1, 4)), 'ends too early').toBe(false);
  expect(holed.prepend([events[2], events[4]] as LogEvent[]), 'has a hole').toBe(false);
  expect(holed.prepend([])).toBe(false);
});

test('a number given up shows nothing, and is not what was sent under it', () => {
  const timeline = Timeline.of([
    { seq: 1, kind: 'message', by: ADA.id, at: 1, text: 'a', replyTo: null, outbox: 3, n: 1 },
    { seq: 2, kind: 'skipped', by: ADA.id, at: 1, outbox: 3, n: 2 },
    { seq: 3, kind: 'skipped', by: BOB.id, at: 1 },
  ]);
  expect([...timeline.all()]).toMatchObject([{ seq: 1 }]);
  expect(timeline.has('3:1')).toBe(true);
  expect(timeline.has('3:2')).toBe(false);
});
