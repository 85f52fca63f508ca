import type { ConversationSummary, Person } from '../../../src/sdk/protocol/frames.gen';
import type { Claim, Conversation, Stored } from './conversation';

const PREVIEW = 160;

/** A conversation as a participant's inbox lists it, counted up to `asOf`. */
export function summarise(
  conversation: Conversation,
  me: string,
  peer: Person,
  asOf: number,
  head: number,
): ConversationSummary {
  const log = conversation.log.slice(0, asOf);
  const mine = marks(log, me);
  const messages = log.filter((event) => event.kind === 'message');
  const newest = messages[messages.length - 1];
  const unread = messages.filter(
    (event) => event.by === peer.id && event.seq > mine.read && !isDeleted(log, event),
  ).length;
  return {
    id: conversation.id,
    peer,
    head,
    unread,
    asOf,
    marks: { [me]: mine, [peer.id]: marks(log, peer.id) },
    last: newest ? last(log, newest) : null,
  };
}

function last(log: readonly Stored[], message: Stored): ConversationSummary['last'] {
  const { seq, by, at } = message;
  if (isDeleted(log, message)) return { seq, by, at, erased: true };
  const text = log.reduce(
    (held, event) =>
      'text' in event && (event === message || (event.kind === 'edit' && event.of === seq))
        ? event.text
        : held,
    '',
  );
  return { seq, by, at, preview: [...text].slice(0, PREVIEW).join('') };
}

function isDeleted(log: readonly Stored[], message: Stored): boolean {
  return (
    'erased' in message || log.some((event) => event.kind === 'delete' && event.of === message.seq)
  );
}

function marks(log: readonly Stored[], user: string): { delivered: number; read: number } {
  let [delivered, read] = [0, 0];
  for (const event of log) {
    if (event.by === user && 'read' in event && event.read !== undefined) {
      const claim: Claim = { delivered: event.delivered ?? 0, read: event.read };
      delivered = Math.max(delivered, claim.delivered);
      read = Math.max(read, claim.read);
    }
  }
  return { delivered, read };
}
