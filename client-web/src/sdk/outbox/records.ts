import type { Transaction } from '../ports';
import { CANCELLED, emptyQueue, type Item, type Numbered, type QueueRow } from './item';

/**
 * The queues as they stand on the disk. Each function is what one transaction does, over the tables
 * `queues` and `items`; a number that isn't written down first is never sent.
 */
export const QUEUE_TABLES = ['queues', 'items'] as const;

export async function readQueue(t: Transaction, id: string): Promise<QueueRow> {
  return (await t.get<QueueRow>('queues', id)) ?? emptyQueue(id);
}

export function itemsOf(t: Transaction, queue: string): Promise<Item[]> {
  return t.range<Item>('items', { from: [queue, 0], to: [queue, Number.MAX_SAFE_INTEGER] });
}

/** What is wanted, before the queue gives it a place. */
export type NewItem = Pick<Item, 'key' | 'conversation' | 'peer' | 'op' | 'at' | 'epoch'>;

/**
 * Adds an operation at the end of the queue, with a number if it can have one at once: the queue
 * has an outbox of this life, and nothing before it in the conversation waits for a number.
 */
export async function enqueue(
  t: Transaction,
  queue: string,
  wanted: NewItem,
  mayNumber: (row: QueueRow) => boolean,
): Promise<{ row: QueueRow; item: Item }> {
  const row = await readQueue(t, queue);
  const item: Item = {
    ...wanted,
    queue,
    order: row.nextOrder,
    number: null,
    settle: null,
    withdrawn: null,
    failure: null,
  };
  const kept = { ...row, nextOrder: row.nextOrder + 1 };
  const result = mayNumber(row) ? numbered(kept, item) : { row: kept, item };
  t.put('queues', result.row);
  t.put('items', result.item);
  return result;
}

/**
 * Gives numbers to these, in order; what isn't there any more gets none. Whatever number stands at
 * one of them on the disk is void: whoever asks knows that nothing is stored under it.
 */
export async function number(
  t: Transaction,
  queue: string,
  bare: readonly Item[],
): Promise<{ row: QueueRow; items: Map<number, Item> }> {
  let row = await readQueue(t, queue);
  const items = new Map<number, Item>();
  for (const { order } of bare) {
    const kept = await t.get<Item>('items', [queue, order]);
    if (kept !== undefined && kept.failure === null) {
      const next = numbered(row, { ...kept, ...UNNUMBERED });
      row = next.row;
      items.set(order, next.item);
      t.put('items', next.item);
    }
  }
  t.put('queues', row);
  return { row, items };
}

function numbered(row: QueueRow, item: Item): { row: QueueRow; item: Item } {
  if (row.outbox === null) {
    return { row, item };
  }
  const n = row.next[item.conversation] ?? 1;
  return {
    row: { ...row, next: { ...row.next, [item.conversation]: n + 1 } },
    item: { ...item, number: { outbox: row.outbox, n } },
  };
}

/** The queue has an outbox of its own from now on. */
export async function adoptOutbox(
  t: Transaction,
  queue: string,
  outbox: number,
  epoch: string,
): Promise<QueueRow> {
  const row = { ...(await readQueue(t, queue)), outbox, epoch, next: {}, spent: {} };
  t.put('queues', row);
  return row;
}

/**
 * The outbox is of no more use. What may be stored under it has to be settled; the rest only loses
 * its number.
 */
export async function retire(
  t: Transaction,
  queue: string,
  how: 'skip' | 'same',
  inDoubt: (item: Item) => boolean,
): Promise<{ row: QueueRow; items: Item[] }> {
  const row = { ...(await readQueue(t, queue)), outbox: null, epoch: null, next: {}, spent: {} };
  const items: Item[] = [];
  for (const item of await itemsOf(t, queue)) {
    if (item.failure === null && item.number !== null) {
      // What was being settled by itself is now of another life of the database as well.
      const settle = item.settle === null || how === 'skip' ? how : item.settle;
      const next: Item = inDoubt(item) ? { ...item, settle } : { ...item, ...UNNUMBERED };
      items.push(next);
      t.put('items', next);
    }
  }
  t.put('queues', row);
  return { row, items };
}

export const UNNUMBERED = { number: null, settle: null } as const;

/** An item is settled: it goes, or stays as failed. Its number is remembered as it was used. */
export async function settle(
  t: Transaction,
  item: Item,
  outcome: { readonly failure: string | null; readonly use: 'stored' | 'spent' | 'neither' },
): Promise<QueueRow> {
  let row = await readQueue(t, item.queue);
  const { conversation, number } = item;
  if (number !== null && number.outbox === row.outbox && outcome.use !== 'neither') {
    const numbers = spent(row, item, number, outcome.use);
    row = { ...row, spent: { ...row.spent, [conversation]: numbers } };
    t.put('queues', row);
  }
  const kept = await t.get<Item>('items', [item.queue, item.order]);
  // Another tab may have called it back, which wasn't heard here in time.
  if (outcome.failure === null || kept?.withdrawn === CANCELLED) {
    t.delete('items', [item.queue, item.order]);
  } else {
    const failed = { ...item, ...UNNUMBERED, withdrawn: null, failure: outcome.failure };
    t.put('items', failed satisfies Item);
  }
  return row;
}

/** A stored number takes all before it off the list: the server keeps them with the event. */
function spent(row: QueueRow, item: Item, number: Numbered, use: 'stored' | 'spent'): number[] {
  const before = row.spent[item.conversation] ?? [];
  return use === 'spent'
    ? [...before.filter((n) => n !== number.n), number.n].slice(-MOST_REMEMBERED)
    : before.filter((n) => n > number.n);
}

/** More in a row were hardly refused. */
const MOST_REMEMBERED = 256;

/** Calls one back for whoever runs its queue; if it has failed meanwhile, it goes at once. */
export async function callBack(t: Transaction, item: Item): Promise<void> {
  const kept = await t.get<Item>('items', [item.queue, item.order]);
  if (kept !== undefined && kept.failure !== null) {
    t.delete('items', [item.queue, item.order]);
  } else if (kept !== undefined) {
    t.put('items', { ...kept, withdrawn: CANCELLED });
  }
}

/** Rewrites one item, if it is still there. */
export async function change(
  t: Transaction,
  item: Item,
  changed: (current: Item) => Item,
): Promise<Item | null> {
  const current = await t.get<Item>('items', [item.queue, item.order]);
  if (current === undefined) {
    return null;
  }
  const next = changed(current);
  t.put('items', next);
  return next;
}
