import type { StopReason } from '../state';

/** What a goodbye means for the client: to come back, or why not. */
export type Parting =
  | { readonly stop: StopReason }
  | { readonly stop: null; readonly draining: boolean };

const FINAL: Readonly<Record<string, StopReason>> = {
  unauthenticated: 'signed_out',
  revoked: 'revoked',
  other_user: 'other_user',
  too_many_sessions: 'too_many_sessions',
  client_too_old: 'client_too_old',
};

/** A code that isn't known is gone by what the frame says of coming back. */
export function parting(code: string, reconnect: boolean): Parting {
  if (reconnect) {
    return { stop: null, draining: code === 'draining' };
  }
  return { stop: FINAL[code] ?? 'client_too_old' };
}
