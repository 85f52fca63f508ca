import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as records from '../../src/sdk/log/records';
import type { LogEvent, Summary } from '../../src/sdk/log/summary';
import type { Tables, Transaction } from '../../src/sdk/ports';
import { memoryStorage } from '../../src/sdk/storage/memory';
import { ADA, counted, erased, logs, seen, talk } from './kit/logs';

const EPOCH = 'e_1';
const NOTHING = { delivered: 0, read: 0 };
const EVERYTHING = ['meta', 'conversations', 'events', 'queues', 'items', 'drafts'];

interface EventRow {
  readonly seq: number;
  readonly event: LogEvent;
}

/** One disk, and as many tabs over it as are asked for. */
async function disk(): Promise<() => Promise<Tables>> {
  const storage = memoryStorage(true);
  const open = () => storage.open(ADA.id, () => {});
  await write(await open(), (t) => records.beginEpoch(t, EPOCH));
  return open;
}

function write<T>(tables: Tables, work: (t: Transaction) => Promise<T>): Promise<T> {
  return tables.transact(EVERYTHING, 'readwrite', work);
}

async function kept(tables: Tables, conversation = 'c_1') {
  return write(tables, async (t) => ({
    row: await t.get<records.ConversationRow>('conversations', conversation),
    events: (await t.range<EventRow>('events', {
      from: [conversation, 0],
      to: [conversation, Number.MAX_SAFE_INTEGER],
    })) as readonly EventRow[],
  }));
}

function keep(tables: Tables, summary: Summary, low: number, events: readonly LogEvent[]) {
  return write(tables, (t) => records.keep(t, EPOCH, summary, { low, events }, NOTHING));
}

/** With neither text nor what comes with it: what may differ, by whether it was erased yet. */
function bare(event: LogEvent): object {
  const { seq, kind, by, at } = event;
  return { seq, kind, by, at, ...('of' in event ? { of: event.of } : {}) };
}

const piece = fc.record({
  tab: fc.nat(1),
  low: fc.nat(),
  length: fc.nat(12),
  asOf: fc.nat(),
});

test('whatever pieces two tabs keep, in any order, one stretch of the log stands on the disk', async () => {
  await fc.assert(
    fc.asyncProperty(
      logs(30),
      fc.array(piece, { minLength: 1, maxLength: 12 }),
      async (conversation, pieces) => {
        const open = await disk();
        const tabs = [await open(), await open()] as const;
        const events = seen(conversation);
        let highest = 0;
        for (const { tab, low: at, length, asOf: to } of pieces) {
          const low = 1 + (at % (events.length + 1));
          const stretch = events.slice(low - 1, low - 1 + length);
          const asOf = to % (events.length + 1);
          await keep(tabs[tab as 0 | 1], counted(conversation, asOf), low, stretch);
          highest = Math.max(highest, asOf);
          const { row, events: rows } = await kept(tabs[0]);
          const { low: first = 0, high = 0 } = row ?? {};
          expect(rows.map(({ seq }) => seq)).toEqual(
            Array.from({ length: high - first + 1 }, (_, i) => first + i),
          );
          expect(rows.map(({ event }) => bare(event))).toEqual(
            events.slice(first - 1, high).map(bare),
          );
          expect(row?.summary.asOf, 'what counts further').toBe(highest);
        }
      },
    ),
    { numRuns: 80 },
  );
});

test('tabs that follow and read back leave all that either holds', async () => {
  const steps = fc.array(fc.record({ tab: fc.nat(1), back: fc.boolean(), size: fc.nat(5) }));
  await fc.assert(
    fc.asyncProperty(logs(30), fc.nat(), steps, async (conversation, at, steps) => {
      const open = await disk();
      const tables = await open();
      const events = seen(conversation);
      const start = at % (events.length + 1);
      const held = [
        { low: start + 1, high: start },
        { low: start + 1, high: start },
      ] as const;
      for (const { tab, back, size } of steps) {
        const mine = held[tab as 0 | 1] as { low: number; high: number };
        const low = back ? Math.max(1, mine.low - size) : mine.high + 1;
        const high = back ? mine.low - 1 : Math.min(events.length, mine.high + size);
        await keep(tables, counted(conversation, high), low, events.slice(low - 1, high));
        mine.low = Math.min(mine.low, low);
        mine.high = Math.max(mine.high, high);
      }
      const { row } = await kept(tables);
      if (row !== undefined) {
        expect(row.low).toBe(Math.min(held[0].low, held[1].low));
        expect(row.high).toBe(Math.max(held[0].high, held[1].high));
      }
    }),
    { numRuns: 80 },
  );
});

test('what a deletion takes has no text on the disk any more, nor have its edits', async () => {
  await fc.assert(
    fc.asyncProperty(logs(30), fc.nat(5), async (conversation, size) => {
      const tables = await (await disk())();
      const events = seen(conversation);
      for (let from = 0; from < events.length; from += size + 1) {
        const piece = events.slice(from, from + size + 1);
        await keep(tables, counted(conversation, from), from + 1, piece);
      }
      const { events: rows } = await kept(tables);
      expect(rows.map(({ event }) => event)).toEqual(erased(conversation));
    }),
    { numRuns: 80 },
  );
});

test('a stretch that is newer and does not join takes the place of the one before', async () => {
  const conversation = talk(50);
  const events = seen(conversation);
  const tables = await (await disk())();
  await keep(tables, counted(conversation, 10), 1, events.slice(0, 10));
  await keep(tables, counted(conversation, 30), 20, events.slice(19, 30));
  expect((await kept(tables)).row).toMatchObject({ low: 20, high: 30 });
  await keep(tables, counted(conversation, 5), 1, events.slice(0, 5));
  expect((await kept(tables)).row, 'an older one is left out').toMatchObject({ low: 20, high: 30 });
  await keep(tables, counted(conversation, 40), 41, []);
  const emptied = await kept(tables);
  expect(emptied.row, 'a place and nothing else').toMatchObject({ low: 41, high: 40 });
  expect(emptied.events).toEqual([]);
});

test('no more than some five thousand events of a conversation are kept, the newest', async () => {
  const conversation = talk(5_700);
  const events = seen(conversation);
  const tables = await (await disk())();
  const summary = counted(conversation, 0);
  for (let from = 0; from < events.length; from += 500) {
    await keep(tables, summary, from + 1, events.slice(from, from + 500));
  }
  const { row, events: rows } = await kept(tables);
  expect(row?.high).toBe(events.length);
  expect(rows[0]?.seq).toBe(row?.low);
  expect(rows.length).toBeGreaterThanOrEqual(5_000);
  expect(rows.length).toBeLessThanOrEqual(5_500);
  expect(rows.length).toBe(events.length - (row?.low ?? 0) + 1);
});

test('a tab of another life of the database writes nothing, and reads nothing', async () => {
  const conversation = talk(5);
  const tables = await (await disk())();
  await keep(tables, counted(conversation, 6), 1, seen(conversation));
  await write(tables, (t) => records.putSince(t, EPOCH, 'v1'));
  const before = await write(tables, records.readAll);
  const summary = { ...counted(conversation, 6), asOf: 99 };
  await write(tables, (t) => records.putSince(t, 'e_0', 'v9'));
  await write(tables, (t) =>
    records.keep(t, 'e_0', summary, { low: 99, events: [] }, { delivered: 9, read: 9 }),
  );
  await write(tables, (t) => records.drop(t, 'e_0', 'c_1'));
  expect(await write(tables, records.readAll)).toEqual(before);
  expect(before).toMatchObject({ epoch: EPOCH, since: 'v1' });
  expect(await write(tables, (t) => records.readRow(t, 'e_0', 'c_1'))).toBeNull();
  expect(await write(tables, (t) => records.readUpTo(t, 'e_0', 'c_1', 6, 9))).toEqual([]);
});

test('another life of the database voids copies, and neither queues nor drafts', async () => {
  const conversation = talk(5);
  const tables = await (await disk())();
  const draft = { conversation: 'c_1', text: 'draft', replyTo: null, edits: null };
  await write(tables, async (t) => {
    t.put('drafts', draft);
    t.put('queues', { id: 'q_1' });
    t.put('items', { queue: 'q_1', order: 1 });
  });
  await keep(tables, counted(conversation, 6), 1, seen(conversation));
  await write(tables, (t) => records.putSince(t, EPOCH, 'v1'));
  await write(tables, (t) => records.beginEpoch(t, EPOCH));
  expect((await kept(tables)).events, 'the same life').toHaveLength(6);
  await write(tables, (t) => records.beginEpoch(t, 'e_2'));
  expect(await kept(tables)).toEqual({ row: undefined, events: [] });
  expect(await write(tables, records.readAll)).toEqual({
    epoch: 'e_2',
    since: null,
    conversations: [],
    drafts: [draft],
  });
  const left = await write(tables, async (t) => [
    await t.range('queues', {}),
    await t.range('items', {}),
  ]);
  expect(left.map((rows) => rows.length)).toEqual([1, 1]);
});

test('what is read back ends just where it was asked for, and is no longer', async () => {
  const conversation = talk(50);
  const events = seen(conversation);
  const tables = await (await disk())();
  await keep(tables, counted(conversation, 40), 11, events.slice(10, 40));
  const read = (upTo: number, limit: number) =>
    write(tables, (t) => records.readUpTo(t, EPOCH, 'c_1', upTo, limit));
  const seqs = async (upTo: number, limit: number) =>
    (await read(upTo, limit)).map(({ seq }) => seq);
  expect(await seqs(40, 3)).toEqual([38, 39, 40]);
  expect(await seqs(13, 10)).toEqual([11, 12, 13]);
  expect(await seqs(41, 5), 'past the end').toEqual([]);
  expect(await seqs(10, 5), 'before the beginning').toEqual([]);
});

test('a hole that cannot be is not shown as if there were none', async () => {
  const conversation = talk(10);
  const tables = await (await disk())();
  await keep(tables, counted(conversation, 11), 1, seen(conversation));
  await write(tables, async (t) => t.delete('events', ['c_1', 5]));
  expect(await write(tables, (t) => records.readUpTo(t, EPOCH, 'c_1', 11, 20))).toEqual([]);
});

test('my marks as they shall be only rise on the disk, whichever tab writes last', async () => {
  const tables = await (await disk())();
  const summary = counted(talk(9), 10);
  const want = (delivered: number, read: number) =>
    write(tables, (t) =>
      records.keep(t, EPOCH, summary, { low: 11, events: [] }, { delivered, read }),
    );
  await want(9, 3);
  await want(5, 5);
  expect((await kept(tables)).row?.wanted).toEqual({ delivered: 9, read: 5 });
});

test('forgetting one conversation leaves the others', async () => {
  const conversation = talk(5);
  const tables = await (await disk())();
  await keep(tables, counted(conversation, 6), 1, seen(conversation));
  await keep(tables, { ...counted(conversation, 6), id: 'c_2' }, 1, seen(conversation));
  await write(tables, (t) => records.drop(t, EPOCH, 'c_1'));
  expect(await kept(tables)).toEqual({ row: undefined, events: [] });
  expect((await kept(tables, 'c_2')).events).toHaveLength(6);
});
