import type { Transaction } from '../ports';
import type { WireMarks } from '../protocol/frames.gen';
import type { Draft } from '../state';
import { textOf, withoutText } from './erasure';
import type { LogEvent, Summary } from './summary';

/**
 * The copies of the logs, as they stand on the disk. Of each conversation exactly one stretch
 * without holes is kept, `low` to `high`, and what it comes to. Several tabs write it, and each
 * write is whole: events are immutable, so it doesn't matter who is first, and what doesn't join
 * the stretch either replaces it, being newer, or is left out.
 *
 * Everything belongs to one life of the database, the epoch in `meta`; a tab that lives in another
 * writes nothing.
 */
export const LOG_TABLES = ['meta', 'conversations', 'events'] as const;

export interface ConversationRow {
  readonly id: string;
  readonly summary: Summary;
  /** The stretch on the disk; empty when `high` is `low - 1`. */
  readonly low: number;
  readonly high: number;
  /** My marks as they shall be, if the server doesn't know yet. */
  readonly wanted: WireMarks;
}

interface EventRow {
  readonly conversation: string;
  readonly seq: number;
  readonly event: LogEvent;
}

interface MetaRow {
  readonly name: 'epoch' | 'since';
  readonly value: string;
}

export interface DraftRow extends Draft {
  readonly conversation: string;
}

/** What a tab begins with. */
export interface Kept {
  readonly epoch: string | null;
  readonly since: string | null;
  readonly conversations: readonly ConversationRow[];
  readonly drafts: readonly DraftRow[];
}

/** More of a conversation isn't kept: the rest is paged from the server. */
const MOST_EVENTS = 5_000;
/** How much further it may grow before it is cut: not at each event. */
const SLACK = 500;

export async function readAll(t: Transaction): Promise<Kept> {
  return {
    epoch: (await t.get<MetaRow>('meta', 'epoch'))?.value ?? null,
    since: (await t.get<MetaRow>('meta', 'since'))?.value ?? null,
    conversations: await t.range<ConversationRow>('conversations', {}),
    drafts: await t.range<DraftRow>('drafts', {}),
  };
}

/** Begins another life of the database: every copy is void. Queues and drafts are not copies. */
export async function beginEpoch(t: Transaction, epoch: string): Promise<void> {
  const before = await t.get<MetaRow>('meta', 'epoch');
  if (before?.value !== epoch) {
    t.deleteRange('events', {});
    t.deleteRange('conversations', {});
    t.delete('meta', 'since');
    t.put('meta', { name: 'epoch', value: epoch } satisfies MetaRow);
  }
}

export async function putSince(t: Transaction, epoch: string, since: string): Promise<void> {
  if (await isOf(t, epoch)) {
    t.put('meta', { name: 'since', value: since } satisfies MetaRow);
  }
}

/** A part of a log, in order and without holes: from `low` on; with no events, just a place. */
export interface Stretch {
  readonly low: number;
  readonly events: readonly LogEvent[];
}

/** Keeps a conversation's summary and, joined with what is kept already, a stretch of its log. */
export async function keep(
  t: Transaction,
  epoch: string,
  summary: Summary,
  stretch: Stretch,
  wanted: WireMarks,
): Promise<void> {
  if (!(await isOf(t, epoch))) {
    return;
  }
  const before = await t.get<ConversationRow>('conversations', summary.id);
  const joined = join(t, summary.id, before ?? null, stretch);
  const further = before !== undefined && before.summary.asOf > summary.asOf;
  const row: ConversationRow = {
    id: summary.id,
    summary: further ? { ...before.summary, peer: summary.peer } : summary,
    ...cut(t, summary.id, joined),
    wanted: {
      delivered: Math.max(wanted.delivered, before?.wanted.delivered ?? 0),
      read: Math.max(wanted.read, before?.wanted.read ?? 0),
    },
  };
  t.put('conversations', row);
  for (const event of stretch.events) {
    if (event.kind === 'delete') {
      await erase(t, summary.id, event.of, row.low, row.high);
    }
  }
}

/** Forgets the copy of one conversation. */
export async function drop(t: Transaction, epoch: string, conversation: string): Promise<void> {
  if (await isOf(t, epoch)) {
    t.deleteRange('events', whole(conversation));
    t.delete('conversations', conversation);
  }
}

export async function readRow(
  t: Transaction,
  epoch: string,
  conversation: string,
): Promise<ConversationRow | null> {
  const row = await t.get<ConversationRow>('conversations', conversation);
  return row !== undefined && (await isOf(t, epoch)) ? row : null;
}

/** The events just up to a place, at most so many; empty where they aren't kept. */
export async function readUpTo(
  t: Transaction,
  epoch: string,
  conversation: string,
  upTo: number,
  limit: number,
): Promise<LogEvent[]> {
  const row = await t.get<ConversationRow>('conversations', conversation);
  if (row === undefined || !(await isOf(t, epoch)) || upTo > row.high || upTo < row.low) {
    return [];
  }
  const from = Math.max(row.low, upTo - limit + 1);
  const rows = await t.range<EventRow>('events', {
    from: [conversation, from],
    to: [conversation, upTo],
  });
  // A hole can't be; should there be one all the same, the server is asked instead.
  return rows.length === upTo - from + 1 ? rows.map((kept) => kept.event) : [];
}

function join(
  t: Transaction,
  conversation: string,
  kept: ConversationRow | null,
  stretch: Stretch,
): { low: number; high: number } {
  const high = stretch.low + stretch.events.length - 1;
  if (kept !== null && stretch.low <= kept.high + 1 && high >= kept.low - 1) {
    put(t, conversation, stretch.events);
    return { low: Math.min(kept.low, stretch.low), high: Math.max(kept.high, high) };
  }
  if (kept !== null && high < kept.low) {
    return kept;
  }
  t.deleteRange('events', whole(conversation));
  put(t, conversation, stretch.events);
  return { low: stretch.low, high };
}

function put(t: Transaction, conversation: string, events: readonly LogEvent[]): void {
  for (const event of events) {
    t.put('events', { conversation, seq: event.seq, event } satisfies EventRow);
  }
}

function cut(
  t: Transaction,
  conversation: string,
  stretch: { low: number; high: number },
): { low: number; high: number } {
  if (stretch.high - stretch.low < MOST_EVENTS + SLACK) {
    return { low: stretch.low, high: stretch.high };
  }
  const low = stretch.high - MOST_EVENTS + 1;
  t.deleteRange('events', { from: [conversation, 0], to: [conversation, low - 1] });
  return { low, high: stretch.high };
}

/** What its author deleted is deleted here as well, with all its edits. */
async function erase(
  t: Transaction,
  conversation: string,
  of: number,
  low: number,
  high: number,
): Promise<void> {
  const rows = await t.range<EventRow>('events', {
    from: [conversation, Math.max(of, low)],
    to: [conversation, high],
  });
  for (const row of rows) {
    if (textOf(row.event) === of) {
      t.put('events', { ...row, event: withoutText(row.event) } satisfies EventRow);
    }
  }
}

async function isOf(t: Transaction, epoch: string): Promise<boolean> {
  return (await t.get<MetaRow>('meta', 'epoch'))?.value === epoch;
}

function whole(conversation: string): { from: [string, number]; to: [string, number] } {
  return { from: [conversation, 0], to: [conversation, Number.MAX_SAFE_INTEGER] };
}
