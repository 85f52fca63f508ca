import { expect, test } from 'vitest';
import { Disk } from '../../src/sdk/disk';
import { History } from '../../src/sdk/history';
import { Log } from '../../src/sdk/log/log';
import type { LogEvent } from '../../src/sdk/log/summary';
import { memoryStorage } from '../../src/sdk/storage/memory';
import { settle } from './fake/clock';
import type { Conversation } from './fake/conversation';
import { ADA, BOB, counted, erased, seen, talk } from './kit/logs';

/** One conversation on the screen, with a disk and a server behind it. */
class Reader {
  readonly log: Log;
  /** Where pages were asked for from the server. */
  readonly asked: number[] = [];
  isOnline = true;
  pageSize = 100;
  changes = 0;
  readonly history: History;
  /** What the server has. */
  private readonly events: readonly LogEvent[];
  /** What a page waits for, if something is to happen meanwhile. */
  meanwhile: () => void = () => {};

  private constructor(
    readonly conversation: Conversation,
    readonly disk: Disk,
  ) {
    this.events = seen(conversation);
    this.log = new Log(conversation.id);
    this.log.told(counted(conversation, conversation.head));
    this.log.rebase(conversation.head);
    this.history = new History({
      disk,
      page: async (_, before) => {
        this.asked.push(before);
        this.meanwhile();
        await settle();
        const end = before - 1;
        return this.isOnline ? this.events.slice(Math.max(0, end - this.pageSize), end) : null;
      },
      found: () => {},
      changed: () => {
        this.changes++;
      },
    });
  }

  static async of(conversation: Conversation): Promise<Reader> {
    const tables = await memoryStorage(true).open(ADA.id, () => {});
    const disk = new Disk(tables, () => {});
    await disk.readAll();
    disk.beginEpoch('e_1');
    return new Reader(conversation, disk);
  }

  /** These are on the disk. */
  async keep(low: number, high: number): Promise<void> {
    await this.disk.keep(this.log, { low, events: this.events.slice(low - 1, high) });
  }

  get shown(): number[] {
    return [...(this.log.shown?.timeline.all() ?? [])].map(({ seq }) => seq);
  }
}

function seqs(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

test('the screen is filled from the disk, and the server is not asked', async () => {
  const reader = await Reader.of(talk(300));
  await reader.keep(1, 301);
  reader.log.show();
  await reader.history.fill(reader.log);
  expect(reader.shown).toEqual(seqs(202, 301));
  expect(reader.asked).toEqual([]);
  expect(reader.log.shown?.loaded).toBe(true);
});

test('what the disk does not have comes from the server, and is kept', async () => {
  const reader = await Reader.of(talk(300));
  await reader.keep(290, 301);
  reader.log.show();
  await reader.history.fill(reader.log);
  expect(reader.asked).toEqual([290]);
  expect(reader.shown).toEqual(seqs(190, 301));
  expect((await reader.disk.readUpTo('c_1', 301, 500)).map(({ seq }) => seq)).toEqual(
    seqs(190, 301),
  );
});

test('looking back brings page after page, up to the beginning and not further', async () => {
  const reader = await Reader.of(talk(250));
  reader.log.show();
  for (let looks = 0; looks < 6; looks++) {
    await reader.history.older(reader.log);
  }
  expect(reader.shown).toEqual(seqs(2, 251));
  expect(reader.log.shown?.first).toBe(1);
  expect(reader.asked).toEqual([252, 152, 52]);
});

test('pages of nothing but marks are read on through, and not for ever', async () => {
  const conversation = talk(1);
  for (let n = 1; n <= 150; n++) {
    const op = { kind: 'react', of: 2, emoji: '👍', on: n % 2 === 0 } as const;
    conversation.perform({ by: BOB.id, outbox: 2, n, op, claim: null }, n);
  }
  const few = await Reader.of(conversation);
  few.log.show();
  await few.history.fill(few.log);
  expect(few.shown).toEqual([2]);
  expect(few.asked).toHaveLength(2);
  const small = await Reader.of(conversation);
  small.pageSize = 2;
  small.log.show();
  await small.history.fill(small.log);
  expect(small.asked).toHaveLength(20);
});

test('while there is no session it is asked once, and not again and again', async () => {
  const reader = await Reader.of(talk(300));
  reader.isOnline = false;
  reader.log.show();
  await reader.history.fill(reader.log);
  expect(reader.asked).toEqual([302]);
  expect(reader.log.shown).toMatchObject({ loaded: true, loadingOlder: false });
});

test('two who look back at once are brought one page', async () => {
  const reader = await Reader.of(talk(300));
  reader.log.show();
  await Promise.all([reader.history.older(reader.log), reader.history.older(reader.log)]);
  expect(reader.asked).toEqual([302]);
});

test('it is told that older ones are being fetched while they are', async () => {
  const reader = await Reader.of(talk(300));
  reader.log.show();
  let while_ = false;
  reader.meanwhile = () => {
    while_ = reader.log.shown?.loadingOlder ?? false;
  };
  await reader.history.older(reader.log);
  expect(while_).toBe(true);
  expect(reader.log.shown?.loadingOlder).toBe(false);
});

test('what was closed and opened anew meanwhile is filled anew, from where it is by then', async () => {
  const reader = await Reader.of(talk(300));
  reader.log.show();
  reader.meanwhile = () => {
    reader.meanwhile = () => {};
    reader.log.shown = null;
    reader.log.show();
  };
  await reader.history.fill(reader.log);
  expect(reader.shown).toEqual(seqs(202, 301));
  expect(reader.asked).toEqual([302, 302]);
});

test('what was closed meanwhile is left alone', async () => {
  const reader = await Reader.of(talk(300));
  reader.log.show();
  reader.meanwhile = () => {
    reader.log.shown = null;
  };
  await reader.history.fill(reader.log);
  expect(reader.log.shown).toBeNull();
  expect(reader.asked).toHaveLength(1);
});

test('a page that holds what was deleted since is kept without its text', async () => {
  const conversation = talk(3);
  const edit = { kind: 'edit', of: 3, text: 'edited' } as const;
  conversation.perform({ by: BOB.id, outbox: 1, n: 4, op: edit, claim: null }, 1);
  const remove = { kind: 'delete', of: 3 } as const;
  conversation.perform({ by: BOB.id, outbox: 1, n: 5, op: remove, claim: null }, 1);
  // The deletion is held, and the server hasn't got round to erasing what it is about.
  const reader = await Reader.of(conversation);
  await reader.keep(6, 6);
  reader.log.show();
  await reader.history.fill(reader.log);
  expect(await reader.disk.readUpTo('c_1', 6, 10)).toEqual(erased(conversation));
});
