import type { StopReason } from '../state';

/**
 * What a goodbye means for the client: to come back, or why not. `unauthenticated` is no reason by
 * itself: it is also said when a hello came too late, over a line that stood still for a while.
 * Whether the sign-in has ended is asked for elsewhere, while the next dial waits.
 */
export type Parting =
  | { readonly stop: StopReason }
  | { readonly stop: null; readonly draining: boolean };

export const UNAUTHENTICATED = 'unauthenticated';

const FINAL: Readonly<Record<string, StopReason>> = {
  revoked: 'revoked',
  other_user: 'other_user',
  too_many_sessions: 'too_many_sessions',
  client_too_old: 'client_too_old',
};

/** A code that isn't known is gone by what the frame says of coming back. */
export function parting(code: string, reconnect: boolean): Parting {
  if (reconnect || code === UNAUTHENTICATED) {
    return { stop: null, draining: code === 'draining' };
  }
  return { stop: FINAL[code] ?? 'client_too_old' };
}
