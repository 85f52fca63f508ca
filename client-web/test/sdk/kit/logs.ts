import fc from 'fast-check';
import { type LogEvent, type Summary, told } from '../../../src/sdk/log/summary';
import type { Person } from '../../../src/sdk/protocol/frames.gen';
import { Conversation, type Stored } from '../fake/conversation';
import { summarise } from '../fake/summary';

export const ADA: Person = { id: 'u_ada', username: 'ada', displayName: 'Ada' };
export const BOB: Person = { id: 'u_bob', username: 'bob', displayName: 'Bob' };

/** What somebody does; `which` picks a message, among those there are. */
interface Step {
  readonly does: 'say' | 'answer' | 'edit' | 'delete' | 'react' | 'unreact' | 'skip' | 'mark';
  readonly mine: boolean;
  readonly which: number;
  readonly marks: boolean;
}

const step: fc.Arbitrary<Step> = fc.record({
  does: fc.constantFrom(
    'say',
    'say',
    'say',
    'answer',
    'edit',
    'delete',
    'react',
    'unreact',
    'skip',
    'mark',
  ),
  mine: fc.boolean(),
  which: fc.nat(1_000),
  marks: fc.boolean(),
});

/** A log as a server makes it out of what two people do: by its rules, so that any of it can be. */
export function logs(most = 40): fc.Arbitrary<Conversation> {
  return fc.array(step, { minLength: 1, maxLength: most, size: 'max' }).map((steps) => {
    const conversation = new Conversation('c_1', [ADA.id, BOB.id]);
    for (const [i, one] of steps.entries()) {
      perform(conversation, one, i + 1);
    }
    return conversation;
  });
}

function perform(conversation: Conversation, step: Step, order: number): void {
  const { log } = conversation;
  const messages = log.filter((event) => event.kind === 'message');
  const of = messages[step.which % Math.max(1, messages.length)]?.seq ?? 0;
  const by = step.mine ? ADA.id : BOB.id;
  const claim = step.marks ? { delivered: of, read: of } : null;
  if (step.does === 'mark') {
    conversation.mark(by, { delivered: of, read: step.marks ? of : 0 }, order);
    return;
  }
  const op = {
    say: { kind: 'message', text: `text ${order}` },
    answer: { kind: 'message', text: `text ${order}`, replyTo: of === 0 ? null : of },
    edit: { kind: 'edit', of, text: `edit ${order}` },
    delete: { kind: 'delete', of },
    react: { kind: 'react', of, emoji: step.which % 2 === 0 ? '👍' : '❤️', on: true },
    unreact: { kind: 'react', of, emoji: step.which % 2 === 0 ? '👍' : '❤️', on: false },
    skip: { kind: 'skip' },
  } as const;
  conversation.perform({ by, outbox: order, n: 1, op: op[step.does], claim }, order);
}

/** A log with so many messages of Bob's, and nothing else. */
export function talk(messages: number): Conversation {
  const conversation = new Conversation('c_1', [ADA.id, BOB.id]);
  for (let n = 1; n <= messages; n++) {
    const op = { kind: 'message', text: `text ${n}` } as const;
    conversation.perform({ by: BOB.id, outbox: 1, n, op, claim: null }, n);
  }
  return conversation;
}

/** As Ada sees it. */
export function seen(conversation: Conversation): LogEvent[] {
  return conversation.seenBy(ADA.id, 0, conversation.head) as LogEvent[];
}

/** The same log once the server has taken the texts of what was deleted out of it. */
export function erased(conversation: Conversation): LogEvent[] {
  const log = structuredClone(conversation.log) as Stored[];
  const copy = Conversation.restored(conversation.id, conversation.participants, log);
  for (const event of log) {
    if (event.kind === 'delete') {
      copy.erase(event.of);
    }
  }
  return seen(copy);
}

/** What the server says the conversation comes to, counting everything up to `asOf`. */
export function counted(conversation: Conversation, asOf: number, head = asOf): Summary {
  return told(summarise(conversation, ADA.id, BOB, asOf, head));
}

/** Cuts a list into pieces, none of them empty. */
export function pieces<T>(list: readonly T[], sizes: readonly number[]): T[][] {
  const cut: T[][] = [];
  let from = 0;
  for (let i = 0; from < list.length; i++) {
    const size = 1 + ((sizes[i % Math.max(1, sizes.length)] ?? 0) % 7);
    cut.push(list.slice(from, from + size));
    from += size;
  }
  return cut;
}
