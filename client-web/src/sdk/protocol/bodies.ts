import {
  boolean,
  type Check,
  count,
  isObject,
  list,
  literal,
  nullable,
  object,
  optional,
  ordinal,
  own,
  string,
} from './check';
import type {
  HttpAccepted,
  HttpConversation,
  HttpEventsPage,
  HttpHit,
  HttpHits,
  HttpInbox,
  HttpMeta,
  HttpOutbox,
  HttpOutcome,
  HttpPeople,
  HttpProblem,
  HttpSignedIn,
  HttpSignInEntry,
  HttpSignIns,
  HttpSkipped,
  HttpUser,
  HttpWhoAmI,
} from './frames.gen';
import { event, events, person, summary } from './shapes';

/** Reads the body of an answer; null when it isn't what the protocol has there. */
export type Reader<T> = (body: unknown) => T | null;

const entry = object<HttpSignInEntry>({
  id: string,
  device: nullable(string),
  address: nullable(string),
  createdAt: count,
  lastUsedAt: count,
  current: boolean,
});

const accepted = object<HttpAccepted>({
  t: literal('accepted'),
  conversation: string,
  outbox: ordinal,
  n: ordinal,
  seq: ordinal,
  at: count,
  duplicate: boolean,
});

const skipped = object<HttpSkipped>({
  t: literal('skipped'),
  conversation: string,
  outbox: ordinal,
  n: ordinal,
});

export const problem = reader<HttpProblem>(
  object<HttpProblem>({
    type: string,
    title: string,
    status: count,
    code: string,
    retryable: boolean,
    detail: optional(string),
    field: optional(string),
    retryAfterMs: optional(count),
    expected: optional(ordinal),
  }),
);

export const conversation = reader<HttpConversation>(
  object<HttpConversation>({ conversation: summary }),
);

export const eventsPage = reader<HttpEventsPage>(
  object<HttpEventsPage>({ events, start: boolean, head: count }),
);

const hit = object<HttpHit>({
  conversation: string,
  peer: person,
  message: event,
  edited: boolean,
});

export const hits = reader<HttpHits>(
  object<HttpHits>({ hits: list(hit), cursor: nullable(string) }),
);

export const inbox = reader<HttpInbox>(
  object<HttpInbox>({ conversations: list(summary), cursor: nullable(string) }),
);

export const meta = reader<HttpMeta>(
  object<HttpMeta>({ protocols: list(string), minClient: nullable(string), now: count }),
);

export const outbox = reader<HttpOutbox>(object<HttpOutbox>({ outbox: ordinal }));

export const outcome = reader<HttpOutcome>((value, at) =>
  isObject(value) && own(value, 't') === 'skipped' ? skipped(value, at) : accepted(value, at),
);

export const people = reader<HttpPeople>(object<HttpPeople>({ users: list(person) }));

export const signedIn = reader<HttpSignedIn>(
  object<HttpSignedIn>({ signIn: entry, user: person, token: optional(string) }),
);

export const signIns = reader<HttpSignIns>(object<HttpSignIns>({ signIns: list(entry) }));

export const user = reader<HttpUser>(object<HttpUser>({ user: person }));

export const whoAmI = reader<HttpWhoAmI>(object<HttpWhoAmI>({ signIn: entry, user: person }));

function reader<T>(check: Check): Reader<T> {
  return (body) => (check(body, '') === null ? (body as T) : null);
}
