import type { HttpResponse } from '../../../src/sdk/ports';

/** An answer, and what it does to the cookie: null takes it away. */
export interface Answered extends HttpResponse {
  readonly cookie?: string | null;
}

const STATUS: Readonly<Record<string, number>> = {
  bad_frame: 400,
  unsupported: 400,
  unauthenticated: 401,
  forbidden: 403,
  blocked: 403,
  awaiting_acceptance: 403,
  not_found: 404,
  taken: 409,
  other_user: 409,
  conflict: 409,
  out_of_order: 409,
  not_stored: 409,
  gone: 409,
  outbox_expired: 409,
  resync: 409,
  too_long: 413,
  invalid: 422,
  invalid_text: 422,
  rate_limited: 429,
  overloaded: 503,
  unavailable: 503,
};

/** Codes that spend nothing: the same again may do. */
export const RETRYABLE: ReadonlySet<string> = new Set([
  'rate_limited',
  'overloaded',
  'unavailable',
  'out_of_order',
]);

export function problem(code: string, more: object = {}): Answered {
  const status = STATUS[code] ?? 500;
  const retryable = RETRYABLE.has(code);
  const type = `urn:parley:error:${code}`;
  return { status, body: { type, title: code, status, code, retryable, ...more } };
}
