import type { ConversationView, MessageView, Person } from '../../src/sdk/state';
import { conversationOf, FakeClient, messageOf, stateOf } from './fake-client';

export const ada: Person = { id: 'u_ada', username: 'ada', displayName: 'Ada' };
export const bob: Person = { id: 'u_bob', username: 'bob', displayName: 'Bob' };
export const CHAT = 'c_bob';

/** Messages of both, of many lengths, an hour apart so that they fill some days. */
export function talk(from: number, to: number): MessageView[] {
  const messages: MessageView[] = [];
  const start = Date.now() - 2000 * 3_600_000;
  for (let seq = from; seq <= to; seq += 1) {
    const mine = seq % 3 === 0;
    messages.push(
      messageOf({
        key: `m${seq}`,
        seq,
        by: mine ? ada.id : bob.id,
        mine,
        text: `${seq} ${'word '.repeat((seq * 7) % 60)}`,
        // Some of them close together, so that there are groups.
        at: start + Math.floor(seq / 4) * 3_600_000 + (seq % 4) * 1000,
        state: mine ? 'read' : null,
      }),
    );
  }
  return messages;
}

/** A client with one chat that holds these messages, and older ones to be fetched. */
export function clientWith(
  messages: readonly MessageView[],
  part: Partial<ConversationView> = {},
  older: readonly MessageView[] = [],
): FakeClient {
  const head = messages.at(-1)?.seq ?? 0;
  const marks = { delivered: head, read: head };
  const last = messages.at(-1);
  const chat = conversationOf(CHAT, bob, {
    head,
    mine: marks,
    theirs: marks,
    last: last
      ? { seq: last.seq, by: last.by, at: last.at, preview: last.text, state: last.state }
      : null,
    ...part,
  });
  const client = new FakeClient(stateOf(ada, [chat]));
  client.older.set(CHAT, [...older]);
  client.keep(CHAT, {
    messages,
    complete: older.length === 0,
    loadingOlder: false,
    loaded: true,
  });
  return client;
}
