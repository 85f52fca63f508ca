/**
 * Checks of shape, put together by hand: a validator that compiles schemas needs `eval`, which the
 * page's content security policy forbids. A check answers where it first went wrong, or null.
 */
export type Check = (value: unknown, at: string) => string | null;

/** A check for each field of `T`, so that a field added to the protocol can't be forgotten. */
export type Fields<T> = { readonly [K in keyof T]-?: Check };

export const string: Check = (value, at) => (typeof value === 'string' ? null : at);

export const boolean: Check = (value, at) => (typeof value === 'boolean' ? null : at);

/** Sequence numbers, outboxes, and whatever else counts from 1. */
export const ordinal: Check = (value, at) =>
  Number.isSafeInteger(value) && (value as number) >= 1 ? null : at;

/** The same, or 0; times and durations too. */
export const count: Check = (value, at) =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? null : at;

export function literal(word: string | boolean): Check {
  return (value, at) => (value === word ? null : at);
}

export function nullable(check: Check): Check {
  return (value, at) => (value === null ? null : check(value, at));
}

export function optional(check: Check): Check {
  return (value, at) => (value === undefined ? null : check(value, at));
}

export function list(check: Check): Check {
  return (value, at) => {
    if (!Array.isArray(value)) return at;
    for (let i = 0; i < value.length; i++) {
      const fault = check(value[i], `${at}[${i}]`);
      if (fault !== null) return fault;
    }
    return null;
  };
}

export function tuple(...checks: readonly Check[]): Check {
  return (value, at) => {
    if (!Array.isArray(value) || value.length !== checks.length) return at;
    return first(checks, (check, i) => check(value[i], `${at}[${i}]`));
  };
}

/** An object with these fields; others may stand there as well. */
export function object<T>(fields: Fields<T>): Check {
  const names = Object.keys(fields) as (keyof T & string)[];
  return (value, at) => {
    if (!isObject(value)) return at;
    return first(names, (name) => fields[name](own(value, name), `${at}.${name}`));
  };
}

export function map(check: Check): Check {
  return (value, at) => {
    if (!isObject(value)) return at;
    return first(Object.keys(value), (name) => check(value[name], `${at}.*`));
  };
}

export function all(...checks: readonly Check[]): Check {
  return (value, at) => first(checks, (check) => check(value, at));
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A field of the object itself: `constructor` and the like are nobody's frame. */
export function own(value: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

function first<T>(items: readonly T[], fault: (item: T, i: number) => string | null) {
  for (let i = 0; i < items.length; i++) {
    const found = fault(items[i] as T, i);
    if (found !== null) return found;
  }
  return null;
}
