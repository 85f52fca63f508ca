import type { StopReason } from '../state';
import { dialDelay } from './backoff';

/**
 * When to dial, greet, ping and hang up: a pure function of what happened and when. What it wants
 * done it answers as effects; the runner does them and tells what came of it.
 *
 *                 dial              opened              welcomed
 *     waiting ──────────► dialing ──────────► greeting ──────────► live
 *        ▲                   │                    │                  │
 *        └───────────────────┴────── closed ──────┴──────────────────┘
 *
 * `stopped` is left only by `start`.
 */
export type Phase = 'stopped' | 'waiting' | 'dialing' | 'greeting' | 'live';

export interface State {
  readonly phase: Phase;
  /** Since when it isn't, or is, live: what a person waits for. */
  readonly since: number;
  readonly reason: StopReason;
  /** When something is due: the dial, the end of patience, or the next look at the silence. */
  readonly due: number;
  /** Dials in a row that came to nothing, or didn't last. */
  readonly failures: number;
  /** When the last frame came. */
  readonly heard: number;
  /** Until when an answer to a ping must be here; 0 when none is awaited. */
  readonly probed: number;
  readonly pingMillis: number;
  readonly online: boolean;
  readonly visible: boolean;
}

export type Happening =
  | { readonly type: 'start' }
  | { readonly type: 'stop'; readonly reason: StopReason }
  | { readonly type: 'opened' }
  | { readonly type: 'welcomed'; readonly pingMillis: number }
  | { readonly type: 'heard' }
  | { readonly type: 'closed' }
  /** The server parts: with its word on when to come back. */
  | { readonly type: 'parted'; readonly draining: boolean; readonly retryAfterMillis: number }
  | { readonly type: 'network'; readonly online: boolean }
  | { readonly type: 'visibility'; readonly visible: boolean }
  /** After a sleep: whatever was there may be gone. */
  | { readonly type: 'woke' }
  /** An answer is overdue: is the other side still there? */
  | { readonly type: 'doubted' }
  | { readonly type: 'leaving' }
  | { readonly type: 'retry' }
  | { readonly type: 'tick' };

export type Effect =
  | { readonly type: 'dial' }
  | { readonly type: 'greet' }
  | { readonly type: 'ping' }
  | { readonly type: 'hangUp' }
  /** The socket is on its way out, but what still comes of it counts. */
  | { readonly type: 'retire' };

export type Step = readonly [State, readonly Effect[]];

/** A handshake, with TLS, over a bad line. */
const OPEN_WITHIN = 10_000;
const WELCOME_WITHIN = 10_000;
/** The server pings every pingMillis; a slow line may add so much. */
const SILENCE_ALLOWED = 10_000;
const PONG_WITHIN = 3_000;
/** A session that lasted so long was a success: the next break begins from the first delay. */
const LASTED = 10_000;
const NEVER = Number.POSITIVE_INFINITY;

export function initial(now: number, online: boolean, visible: boolean): State {
  return {
    phase: 'stopped',
    since: now,
    reason: 'idle',
    due: NEVER,
    failures: 0,
    heard: now,
    probed: 0,
    pingMillis: 20_000,
    online,
    visible,
  };
}

/**
 * One step.
 *
 * @param fraction a random number from 0 up to, but not, 1
 */
export function step(state: State, happening: Happening, now: number, fraction: number): Step {
  switch (happening.type) {
    case 'start':
      return state.phase === 'stopped'
        ? dial({ ...state, failures: 0, since: now }, now)
        : [state, []];
    case 'stop':
      return [
        { ...state, phase: 'stopped', reason: happening.reason, since: now, due: NEVER, probed: 0 },
        hasSocket(state) ? [{ type: 'hangUp' }] : [],
      ];
    case 'opened':
      return state.phase === 'dialing'
        ? [{ ...state, phase: 'greeting', due: now + WELCOME_WITHIN }, [{ type: 'greet' }]]
        : [state, []];
    case 'welcomed':
      return state.phase === 'greeting'
        ? [live(state, happening.pingMillis, now), []]
        : [state, []];
    case 'heard':
      return state.phase === 'live'
        ? [{ ...state, heard: now, probed: 0, due: silenceDue(state, now) }, []]
        : [state, []];
    case 'closed':
      return hasSocket(state) ? lost(state, now, fraction) : [state, []];
    case 'parted':
      return parted(state, happening.draining, happening.retryAfterMillis, now, fraction);
    case 'network':
      return network({ ...state, online: happening.online }, now);
    case 'visibility':
      return visibility({ ...state, visible: happening.visible }, now);
    case 'woke':
      return state.phase === 'waiting' ? dial(state, now) : probe(state, now);
    case 'doubted':
      return probe(state, now);
    case 'leaving':
      // The page may come back out of the browser's cache: then it wakes.
      return hasSocket(state) || state.phase === 'waiting'
        ? [waiting(state, NEVER, now), hasSocket(state) ? [{ type: 'hangUp' }] : []]
        : [state, []];
    case 'retry':
      return state.phase === 'waiting' ? dial(state, now) : [state, []];
    case 'tick':
      return now < state.due ? [state, []] : overdue(state, now, fraction);
  }
}

/** Nobody looks, and nothing can come of it: the battery is worth more. */
function isDormant(state: State): boolean {
  return !state.visible && !state.online;
}

export function hasSocket(state: State): boolean {
  return state.phase === 'dialing' || state.phase === 'greeting' || state.phase === 'live';
}

function dial(state: State, now: number): Step {
  return [{ ...state, phase: 'dialing', due: now + OPEN_WITHIN, probed: 0 }, [{ type: 'dial' }]];
}

function live(state: State, pingMillis: number, now: number): State {
  const next: State = { ...state, phase: 'live', since: now, heard: now, probed: 0, pingMillis };
  return { ...next, due: silenceDue(next, now) };
}

function silenceDue(state: State, heard: number): number {
  return heard + state.pingMillis + SILENCE_ALLOWED;
}

function waiting(state: State, due: number, now: number): State {
  return {
    ...state,
    phase: 'waiting',
    due: isDormant(state) ? NEVER : due,
    since: state.phase === 'live' ? now : state.since,
    probed: 0,
  };
}

function lost(state: State, now: number, fraction: number): Step {
  const lasted = state.phase === 'live' && now - state.since >= LASTED;
  const failures = lasted ? 0 : state.failures;
  const next = waiting(state, now + dialDelay(failures, fraction), now);
  return [{ ...next, failures: failures + 1 }, []];
}

function parted(
  state: State,
  draining: boolean,
  retryAfterMillis: number,
  now: number,
  fraction: number,
): Step {
  if (!hasSocket(state)) {
    return [state, []];
  }
  // A random moment of the time it was given; later, if that has come to nothing before.
  const [next] = lost(state, now, fraction);
  const due = Math.max(next.due, now + Math.floor(retryAfterMillis * fraction));
  // A node that drains closes by itself, once it has said everything.
  const effect = draining ? 'retire' : 'hangUp';
  return [{ ...next, due: isDormant(next) ? NEVER : due }, [{ type: effect }]];
}

function network(state: State, now: number): Step {
  if (state.phase === 'waiting' && state.online) {
    return dial(state, now);
  }
  return state.phase === 'live' ? probe(state, now) : [state, []];
}

function visibility(state: State, now: number): Step {
  if (!state.visible) {
    return [state, []];
  }
  return state.phase === 'waiting' ? dial(state, now) : probe(state, now);
}

function probe(state: State, now: number): Step {
  if (state.phase !== 'live' || state.probed > 0) {
    return [state, []];
  }
  const probed = now + PONG_WITHIN;
  return [{ ...state, probed, due: Math.min(state.due, probed) }, [{ type: 'ping' }]];
}

function overdue(state: State, now: number, fraction: number): Step {
  switch (state.phase) {
    case 'stopped':
      return [state, []];
    case 'waiting':
      return dial(state, now);
    case 'dialing':
    case 'greeting':
    case 'live': {
      const [next] = lost(state, now, fraction);
      return [next, [{ type: 'hangUp' }]];
    }
  }
}
