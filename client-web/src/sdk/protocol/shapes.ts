import {
  boolean,
  type Check,
  count,
  type Fields,
  isObject,
  list,
  literal,
  map,
  nullable,
  object,
  optional,
  ordinal,
  own,
  string,
  tuple,
} from './check';
import type {
  ConversationSummary,
  DeleteEvent,
  EditEvent,
  ErasedEditEvent,
  ErasedMessageEvent,
  MarkedEvent,
  MessageEvent,
  OpenedEvent,
  Person,
  ReactEvent,
  SkippedEvent,
  SummaryErased,
  SummaryLast,
  UnknownEvent,
  WireMarks,
} from './frames.gen';

/** What several frames and bodies are made of. */

export const person = object<Person>({ id: string, username: string, displayName: string });

const marks = object<WireMarks>({ delivered: count, read: count });

const last = object<SummaryLast>({ seq: ordinal, by: string, at: count, preview: string });
const erasedLast = object<SummaryErased>({
  seq: ordinal,
  by: string,
  at: count,
  erased: literal(true),
});

export const summary = object<ConversationSummary>({
  id: string,
  peer: person,
  head: count,
  unread: count,
  asOf: count,
  marks: map(marks),
  last: nullable(either(last, erasedLast)),
});

const place: Fields<UnknownEvent> = { seq: ordinal, kind: string, by: string, at: count };

/** What an event that came of an operation may carry besides. */
const sent = {
  ...place,
  delivered: optional(count),
  read: optional(count),
  outbox: optional(ordinal),
  n: optional(ordinal),
};

const kinds: Readonly<Record<string, Check>> = {
  opened: object<OpenedEvent>({ ...place, participants: tuple(string, string) }),
  message: either(
    object<MessageEvent>({ ...sent, text: string, replyTo: nullable(ordinal) }),
    object<ErasedMessageEvent>({ ...sent, erased: literal(true) }),
  ),
  edit: either(
    object<EditEvent>({ ...sent, of: ordinal, text: string }),
    object<ErasedEditEvent>({ ...sent, of: ordinal, erased: literal(true) }),
  ),
  delete: object<DeleteEvent>({ ...sent, of: ordinal }),
  react: object<ReactEvent>({ ...sent, of: ordinal, emoji: string, on: boolean }),
  marked: object<MarkedEvent>({ ...place, delivered: count, read: count }),
  skipped: object<SkippedEvent>(sent),
};

const unknownEvent = object<UnknownEvent>(place);

/** An event of a kind that came later is a place in the log: it has what every event has. */
export const event: Check = (value, at) => {
  const kind = isObject(value) ? own(value, 'kind') : undefined;
  const check = typeof kind === 'string' && Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  return (check ?? unknownEvent)(value, at);
};

export const events = list(event);

/** What is whole, or what was erased: the field `erased` tells which it wants to be. */
function either(whole: Check, erased: Check): Check {
  return (value, at) =>
    isObject(value) && own(value, 'erased') !== undefined ? erased(value, at) : whole(value, at);
}
