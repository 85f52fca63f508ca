import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Log } from '../../src/sdk/log/log';
import { cut, fold, type LogEvent, merge, type Summary, unread } from '../../src/sdk/log/summary';
import { Timeline } from '../../src/sdk/log/timeline';
import type { Conversation } from './fake/conversation';
import { ADA, BOB, counted, erased, logs, pieces, seen, talk } from './kit/logs';

const sizes = fc.array(fc.nat(6), { minLength: 1, maxLength: 6 });

/** What is shown of it, whichever way it was come by. */
function shown(summary: Summary | null): object | null {
  return summary === null
    ? null
    : {
        unread: unread(summary),
        mine: summary.mine,
        theirs: summary.theirs,
        last: summary.last,
        head: summary.head,
        asOf: summary.asOf,
      };
}

/** A tab that was told the sum up to `asOf` and follows from there. */
function following(conversation: Conversation, asOf: number): Log {
  const log = new Log(conversation.id);
  log.told(counted(conversation, asOf, conversation.head));
  log.rebase(asOf);
  return log;
}

/** Reads back to the beginning, as far as the screen is concerned. */
function hold(log: Log, events: readonly LogEvent[]): void {
  const { first } = log.show();
  if (first > 1) {
    expect(log.prepend(events.slice(0, first - 1))).toBe(true);
  }
}

test('the server’s count and every later event come to what counting the whole log does', () => {
  fc.assert(
    fc.property(logs(), fc.nat(), sizes, fc.boolean(), (conversation, at, sizes, late) => {
      // What comes later may come erased; the server had counted it before.
      const events = late ? erased(conversation) : seen(conversation);
      const asOf = at % (events.length + 1);
      const log = following(conversation, asOf);
      log.show();
      if (asOf > 0) {
        log.prepend(seen(conversation).slice(0, asOf));
      }
      for (const piece of pieces(events.slice(asOf), sizes)) {
        log.receive(piece);
      }
      expect(shown(log.summary)).toEqual(shown(counted(conversation, events.length)));
    }),
    { numRuns: 200 },
  );
});

test('of what is not on the screen it never counts too little, and is exact once it is held', () => {
  fc.assert(
    fc.property(logs(), fc.nat(), (conversation, at) => {
      const events = seen(conversation);
      const asOf = at % (events.length + 1);
      const log = following(conversation, asOf);
      const exact = (): Summary => counted(conversation, log.high ?? 0);
      for (const event of events.slice(asOf)) {
        log.receive([event]);
        const summary = log.summary as Summary;
        expect(unread(summary)).toBeGreaterThanOrEqual(unread(exact()));
        if (!log.isUncertain) {
          expect(unread(summary)).toBe(unread(exact()));
        }
      }
      hold(log, events);
      expect(shown(log.summary)).toEqual(shown(exact()));
      expect(log.isUncertain).toBe(false);
    }),
    { numRuns: 200 },
  );
});

test('a partial read by another device is exact again by what the disk holds', () => {
  const conversation = talk(10);
  const log = following(conversation, 11);
  conversation.mark(ADA.id, { delivered: 5, read: 5 }, 1);
  log.receive(seen(conversation).slice(11));
  expect(unread(log.summary as Summary), 'at most so many').toBe(10);
  expect(log.isUncertain).toBe(true);
  const events = seen(conversation);
  log.recount(7, Timeline.of(events.slice(6)));
  expect(log.isUncertain, 'the first unread one is not in that').toBe(true);
  log.recount(6, Timeline.of(events.slice(5)));
  expect(log.isUncertain).toBe(false);
  expect(unread(log.summary as Summary)).toBe(6);
});

test('whatever the server says in between, and however late, comes to the same in the end', () => {
  const words = fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 5 });
  fc.assert(
    fc.property(logs(), fc.nat(), words, (conversation, at, words) => {
      const events = seen(conversation);
      const log = following(conversation, at % (events.length + 1));
      log.show();
      for (const event of events.slice(log.high ?? 0)) {
        for (const [when, asOf] of words) {
          if (when % (events.length + 1) === event.seq) {
            log.told(counted(conversation, asOf % (events.length + 1), events.length));
          }
        }
        log.receive([event]);
      }
      hold(log, events);
      expect(shown(log.summary)).toEqual(shown(counted(conversation, events.length)));
    }),
    { numRuns: 200 },
  );
});

test('marks never fall, whoever tells them first and last', () => {
  fc.assert(
    fc.property(logs(), fc.array(fc.nat(), { minLength: 2 }), (conversation, order) => {
      let summary: Summary | null = null;
      for (const at of order) {
        const heard = counted(conversation, at % (conversation.head + 1));
        const next: Summary = merge(summary, heard);
        for (const whose of ['mine', 'theirs'] as const) {
          expect(next[whose].read).toBeGreaterThanOrEqual(summary?.[whose].read ?? 0);
          expect(next[whose].delivered).toBeGreaterThanOrEqual(summary?.[whose].delivered ?? 0);
        }
        expect(next.head).toBeGreaterThanOrEqual(summary?.head ?? 0);
        summary = next;
      }
    }),
    { numRuns: 200 },
  );
});

test('a word of the server’s that stands still at the marks takes none back', () => {
  const held = { ...counted(talk(3), 4), mine: { delivered: 4, read: 3 } };
  const behind = { ...held, asOf: 5, head: 5, mine: { delivered: 2, read: 1 } };
  expect(merge(held, behind)).toMatchObject({ asOf: 5, mine: { delivered: 4, read: 3 } });
});

test('an erased message is not unread, before the deletion itself has come', () => {
  const conversation = talk(2);
  const gone = { kind: 'delete', of: 3 } as const;
  conversation.perform({ by: BOB.id, outbox: 1, n: 3, op: gone, claim: null }, 1);
  const log = following(conversation, 2);
  log.receive(erased(conversation).slice(2, 3));
  expect(log.high).toBe(3);
  expect(unread(log.summary as Summary)).toBe(1);
  expect(log.summary?.last).toMatchObject({ seq: 3, preview: null });
});

test('an event that was counted in changes nothing when it comes again', () => {
  fc.assert(
    fc.property(logs(), fc.nat(), (conversation, at) => {
      const events = seen(conversation);
      const summary = counted(conversation, events.length);
      const again = events[at % Math.max(1, events.length)];
      if (again !== undefined) {
        expect(fold(summary, again, () => 0)).toBe(summary);
      }
    }),
  );
});

test('what came before anybody told whom the conversation is with is counted when it is told', () => {
  const conversation = talk(3);
  const log = new Log(conversation.id);
  log.rebase(0);
  log.receive(seen(conversation));
  expect(log.summary).toBeNull();
  expect(log.isUntold).toBe(true);
  const early = log.told(counted(conversation, 2, 4));
  expect(early).toHaveLength(4);
  expect(shown(log.summary)).toEqual(shown(counted(conversation, 4)));
  expect(log.told(counted(conversation, 4)), 'told once').toEqual([]);
});

test('a newer word of the server brings the peer’s new name, and an older one does as well', () => {
  const held = counted(talk(3), 4);
  const renamed = { ...held, peer: { ...BOB, displayName: 'Robert' } };
  expect(merge(held, renamed).peer.displayName).toBe('Robert');
  expect(merge(held, { ...renamed, asOf: 2, unreadBelow: 1 })).toMatchObject({
    peer: { displayName: 'Robert' },
    asOf: 4,
    unreadBelow: held.unreadBelow,
  });
});

test('a preview is cut after 160 code points, and never through the middle of one', () => {
  expect(cut('a'.repeat(160))).toHaveLength(160);
  expect(cut('a'.repeat(161))).toHaveLength(160);
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('a', 'é', '€', '😀', '👨‍👩‍👧'), { maxLength: 400 }),
      (parts) => {
        const text = parts.join('');
        expect(cut(text)).toBe([...text].slice(0, 160).join(''));
      },
    ),
  );
});

test('a number given up counts in, moves nothing, and may carry marks', () => {
  const log = following(talk(2), 3);
  const before = log.summary;
  log.receive([
    { seq: 4, kind: 'skipped', by: BOB.id, at: 9 },
    { seq: 5, kind: 'skipped', by: ADA.id, at: 9, delivered: 3, read: 2, outbox: 1, n: 1 },
  ]);
  expect(log.summary).toMatchObject({ head: 5, asOf: 5, last: before?.last });
  expect(log.summary?.mine).toEqual({ delivered: 3, read: 2 });
});
