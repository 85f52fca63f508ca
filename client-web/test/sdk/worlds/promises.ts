import { expect } from 'vitest';
import type { ConversationRow } from '../../../src/sdk/log/records';
import type { LogEvent } from '../../../src/sdk/log/summary';
import { Timeline } from '../../../src/sdk/log/timeline';
import type { ConversationView } from '../../../src/sdk/state';
import type { Conversation } from '../fake/conversation';
import { fail, type Life, type Seat, textOf } from './life';

/** What must hold when a life has come to rest. Each fails with the seed, and what it found. */
export async function check(life: Life): Promise<void> {
  const { server } = life.world;
  if (server.violations.length > 0) {
    fail(life, `the client broke the protocol: ${server.violations[0]}`);
  }
  for (const conversation of server.database.conversations.values()) {
    nothingTwice(life, conversation);
    inOrder(life, conversation);
    byItsAuthor(life, conversation);
  }
  nothingLost(life);
  for (const seat of life.seats) {
    isLive(life, seat);
    for (const conversation of server.database.conversations.values()) {
      if (conversation.includes(seat.person.id) && conversation.head > 0) {
        shownAsStored(life, seat, conversation);
      }
    }
    await keptExactly(life, seat);
  }
}

/** The text as it was written, in whichever event of the log it stands. */
function texts(conversation: Conversation): string[] {
  return conversation.log.flatMap((event) => textOf(event) ?? []);
}

function nothingTwice(life: Life, conversation: Conversation): void {
  const found = texts(conversation);
  const twice = found.filter((text, i) => found.indexOf(text) !== i);
  if (twice.length > 0) {
    fail(life, `stored twice: ${twice.join()}`);
  }
}

function inOrder(life: Life, conversation: Conversation): void {
  const places = new Map(texts(conversation).map((text, i) => [text, i]));
  const last = new Map<number, { text: string; place: number }>();
  for (const written of life.written) {
    const place = places.get(written.text);
    if (written.conversation !== conversation.id || place === undefined || written.touched) {
      continue;
    }
    const before = last.get(written.tab);
    if (before !== undefined && before.place > place) {
      fail(life, `moved: "${written.text}" is stored before "${before.text}"`);
    }
    last.set(written.tab, { text: written.text, place });
  }
}

function byItsAuthor(life: Life, conversation: Conversation): void {
  for (const event of conversation.log) {
    const text = textOf(event);
    const written = life.written.find((one) => one.text === text);
    if (text !== null && (written?.by !== event.by || written.conversation !== conversation.id)) {
      fail(life, `"${text}" isn't where its author wrote it`);
    }
  }
}

/** Everything that was on a disk is stored, or a person is told that it isn't. */
function nothingLost(life: Life): void {
  const { conversations } = life.world.server.database;
  for (const written of life.written) {
    const log = conversations.get(written.conversation)?.log ?? [];
    const isStored = log.some((event) => textOf(event) === written.text);
    const excused = written.touched || life.undone.has(written.text) || written.rejected;
    if (written.key === null || isStored || excused) {
      continue;
    }
    const shown = life.seats
      .filter(({ person }) => person.id === written.by)
      .some(({ client }) =>
        client.state
          .getState()
          .conversations[written.conversation]?.timeline?.messages.some(
            ({ key, state }) => key === written.key && state === 'failed',
          ),
      );
    if (!shown) {
      fail(life, `lost: "${written.text}" by tab ${written.tab}`);
    }
  }
}

function isLive(life: Life, seat: Seat): void {
  const { connection } = seat.client.state.getState();
  if (connection.phase !== 'live') {
    fail(life, `tab ${seat.number} is ${JSON.stringify(connection)}`);
  }
}

function shownAsStored(life: Life, seat: Seat, conversation: Conversation): void {
  const { client, person } = seat;
  const view = client.state.getState().conversations[conversation.id];
  const who = `tab ${seat.number} of ${person.username} in ${conversation.id}`;
  if (view === undefined) {
    fail(life, `${who} doesn't know of it`);
  }
  if (view.head !== conversation.head) {
    fail(life, `${who} is at ${view.head}, the log at ${conversation.head}`);
  }
  sameMessages(life, who, view, conversation, person.id);
  const stuck = view.timeline?.messages.find(
    ({ state }) => state === 'queued' || state === 'sending',
  );
  if (stuck !== undefined || view.waiting > 0) {
    fail(life, `${who}: stuck ${JSON.stringify(stuck)}, ${view.waiting} waiting`);
  }
  const mine = conversation.marksOf(person.id);
  const unread = conversation.log.filter(
    (event) =>
      event.kind === 'message' &&
      event.by !== person.id &&
      event.seq > mine.read &&
      !conversation.isDeleted(event.seq),
  ).length;
  if (view.unread !== unread) {
    fail(life, `${who}: ${view.unread} unread, should be ${unread}`);
  }
  expect(view.theirs, `seed ${life.seed}: ${who}: the peer's marks`).toEqual(
    conversation.marksOf(conversation.peerOf(person.id)),
  );
}

function sameMessages(
  life: Life,
  who: string,
  view: ConversationView,
  conversation: Conversation,
  me: string,
): void {
  const folded = Timeline.of(conversation.seenBy(me, 0, conversation.head) as LogEvent[]);
  const stored = [...folded.all()].map((message) => ({
    seq: message.seq,
    text: message.text,
    deleted: message.deleted,
    edited: message.edited,
    reactions: [...message.reactions].map(([emoji, by]) => [emoji, by.length]),
  }));
  const shown = (view.timeline?.messages ?? [])
    .filter((message) => message.seq !== null)
    .map((message) => ({
      seq: message.seq,
      text: message.text,
      deleted: message.deleted,
      edited: message.edited,
      reactions: message.reactions.map(({ emoji, by }) => [emoji, by.length]),
    }));
  expect(shown, `seed ${life.seed}: ${who}`).toEqual(stored);
}

/** What is on the disk is a stretch of the log without holes, and the log's own. */
async function keptExactly(life: Life, seat: Seat): Promise<void> {
  const tables = await seat.browser.disk.open(seat.person.id, () => {});
  const { meta, rows, events } = await tables.transact(
    ['meta', 'conversations', 'events'],
    'readonly',
    async (t) => ({
      meta: await t.get<{ value: string }>('meta', 'epoch'),
      rows: await t.range<ConversationRow>('conversations', {}),
      events: await t.range<{ conversation: string; seq: number; event: LogEvent }>('events', {}),
    }),
  );
  tables.close();
  // A disk that was full since then is of another life, and the next tab finds that out.
  for (const row of meta?.value === life.world.server.epoch ? rows : []) {
    const { log } = life.world.server.database.conversations.get(row.id) ?? { log: [] };
    const kept = events.filter((one) => one.conversation === row.id);
    const seqs = kept.map((one) => one.seq);
    const expected = Array.from({ length: row.high - row.low + 1 }, (_, i) => row.low + i);
    expect(seqs, `seed ${life.seed}: the stretch of ${row.id} on disk`).toEqual(expected);
    for (const { seq, event } of kept) {
      const stored = log[seq - 1];
      const same = stored !== undefined && stored.kind === event.kind && stored.by === event.by;
      const text = 'text' in event ? event.text : null;
      const differs =
        text !== null && stored !== undefined && 'text' in stored && stored.text !== text;
      if (!same || differs) {
        fail(
          life,
          `on disk ${row.id} ${seq} is ${JSON.stringify(event)}, not ${JSON.stringify(stored)}`,
        );
      }
    }
  }
}
