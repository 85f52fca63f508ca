import type { Key } from '../ports';

/** To be raised with every change of the tables, together with a step that brings old ones along. */
export const VERSION = 1;

/** The tables, and by which fields of a row it is found. */
export const SCHEMA = {
  /** Single values: the epoch, and the place in the inbox. */
  meta: 'name',
  conversations: 'id',
  events: ['conversation', 'seq'],
  queues: 'id',
  items: ['queue', 'order'],
  drafts: 'conversation',
} as const;

export type Table = keyof typeof SCHEMA;

export const TABLES = Object.keys(SCHEMA) as Table[];

/** The key that a row carries. Throws where a field of it is missing: a row must be found again. */
export function keyOf(table: string, row: object): Key {
  const path = pathOf(table);
  return typeof path === 'string'
    ? part(table, row, path)
    : path.map((field) => part(table, row, field));
}

export function pathOf(table: string): string | readonly string[] {
  if (!Object.hasOwn(SCHEMA, table)) throw new Error(`There is no table ${table}`);
  return SCHEMA[table as Table];
}

function part(table: string, row: object, field: string): string | number {
  const value = (row as Record<string, unknown>)[field];
  if (typeof value === 'string' || (typeof value === 'number' && !Number.isNaN(value))) {
    return value;
  }
  throw new Error(`A row of ${table} without ${field}`);
}
