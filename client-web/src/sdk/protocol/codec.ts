import {
  all,
  boolean,
  type Check,
  count,
  isObject,
  list,
  nullable,
  object,
  optional,
  ordinal,
  own,
  string,
} from './check';
import type { ClientFrame, ServerFrame, ServerWelcome } from './frames.gen';
import { events, person, summary } from './shapes';

/** What isn't a frame as the protocol has it: the server's bug, or not our server. */
export interface Malformed {
  /** Where, as `events.events[3].seq`; never what stood there, so that it can be logged. */
  readonly fault: string;
}

type Frame<T extends ServerFrame['t']> = Extract<ServerFrame, { t: T }>;

const checks: { readonly [T in ServerFrame['t']]: Check } = {
  welcome: object<Frame<'welcome'>>({
    t: string,
    re: count,
    epoch: string,
    session: string,
    user: person,
    now: count,
    pingMs: count,
    limits: object<ServerWelcome['limits']>({ text: ordinal, inFlight: ordinal, page: ordinal }),
  }),
  inbox: all(
    object<Frame<'inbox'>>({
      t: string,
      conversations: list(summary),
      more: boolean,
      since: optional(string),
    }),
    // Without it, the place reached would be lost, and the inbox come whole each time.
    (value, at) => {
      const { more, since } = value as Frame<'inbox'>;
      return more || since !== undefined ? null : `${at}.since`;
    },
  ),
  conversation: object<Frame<'conversation'>>({
    t: string,
    conversation: summary,
    re: optional(count),
  }),
  events: object<Frame<'events'>>({ t: string, conversation: string, events }),
  caught_up: object<Frame<'caught_up'>>({ t: string, conversation: string, seq: count }),
  behind: object<Frame<'behind'>>({ t: string, conversation: string, cursor: count, head: count }),
  accepted: object<Frame<'accepted'>>({
    t: string,
    re: count,
    conversation: string,
    outbox: ordinal,
    n: ordinal,
    seq: ordinal,
    at: count,
    duplicate: boolean,
  }),
  skipped: object<Frame<'skipped'>>({
    t: string,
    re: count,
    conversation: string,
    outbox: ordinal,
    n: ordinal,
  }),
  error: object<Frame<'error'>>({
    t: string,
    code: string,
    retryable: boolean,
    re: optional(count),
    conversation: optional(string),
    expected: optional(ordinal),
    retryAfterMs: optional(count),
    detail: optional(string),
  }),
  typing: object<Frame<'typing'>>({ t: string, conversation: string, by: string, ttlMs: count }),
  presence: object<Frame<'presence'>>({
    t: string,
    user: string,
    online: boolean,
    lastSeen: nullable(count),
  }),
  page: object<Frame<'page'>>({
    t: string,
    re: count,
    conversation: string,
    events,
    start: boolean,
    head: count,
  }),
  ok: object<Frame<'ok'>>({ t: string, re: count }),
  pong: object<Frame<'pong'>>({ t: string, re: count, now: count }),
  ping: object<Frame<'ping'>>({ t: string }),
  bye: object<Frame<'bye'>>({
    t: string,
    code: string,
    reconnect: boolean,
    retryAfterMs: optional(count),
  }),
};

/**
 * What a text message of the server says, as it stands there: unknown fields are kept and mean
 * nothing, an event of unknown kind is a place in the log. Never throws.
 *
 * @returns null for a frame that this client doesn't know, which is to be ignored
 */
export function parse(text: string): ServerFrame | Malformed | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { fault: 'no object' };
  }
  if (!isObject(value)) return { fault: 'no object' };
  const t = own(value, 't');
  if (typeof t !== 'string') return { fault: 't' };
  if (!Object.hasOwn(checks, t)) return null;
  const fault = checks[t as ServerFrame['t']](value, t);
  return fault === null ? (value as unknown as ServerFrame) : { fault };
}

export function encode(frame: ClientFrame): string {
  return JSON.stringify(frame);
}
