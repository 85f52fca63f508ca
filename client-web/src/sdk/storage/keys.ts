import type { Key, Range } from '../ports';

/** IndexedDB's order: numbers before strings before arrays, arrays part by part. */
export function compareKeys(a: Key, b: Key): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b || 0;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === 'object' && typeof b === 'object') return compareParts(a, b);
  return rank(a) - rank(b);
}

/** Nothing lies between: its bounds stand the wrong way round, or no rows are wanted. */
export function isEmpty(range: Range): boolean {
  const { from, to, limit } = range;
  return limit === 0 || (from !== undefined && to !== undefined && compareKeys(from, to) > 0);
}

function compareParts(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const order = compareKeys(a[i] as Key, b[i] as Key);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function rank(key: Key): number {
  return typeof key === 'number' ? 0 : typeof key === 'string' ? 1 : 2;
}
