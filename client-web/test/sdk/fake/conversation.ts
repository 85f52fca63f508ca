import type {
  Event,
  MarkedEvent,
  OpenedEvent,
  Operation,
  UnknownEvent,
} from '../../../src/sdk/protocol/frames.gen';
import { Numbers } from './numbers';
import { isEmoji, textFault } from './text';

export type Stored = Exclude<Event, UnknownEvent>;
export type Said = Exclude<Stored, MarkedEvent | OpenedEvent>;
type Wanted = Exclude<Operation, { kind: 'skip' }>;

export interface Claim {
  readonly delivered: number;
  readonly read: number;
}

/** What was sent, by either door. */
export interface Send {
  readonly by: string;
  readonly outbox: number;
  readonly n: number;
  readonly op: Operation;
  readonly claim: Claim | null;
}

export type Answer =
  | {
      readonly type: 'accepted';
      readonly seq: number;
      readonly at: number;
      readonly duplicate: boolean;
    }
  | { readonly type: 'skipped' }
  | { readonly type: 'out_of_order'; readonly expected: number }
  | { readonly type: 'refused'; readonly code: string };

const DIFFERENT_REACTIONS = 20;

/** One log with the rules by which it grows; what a crash leaves of it is `log` alone. */
export class Conversation {
  readonly log: Stored[] = [];
  private readonly numbers = new Numbers();

  constructor(
    readonly id: string,
    readonly participants: readonly [string, string],
  ) {}

  get head(): number {
    return this.log.length;
  }

  peerOf(user: string): string {
    const [first, second] = this.participants;
    return user === first ? second : first;
  }

  includes(user: string): boolean {
    return this.participants.includes(user);
  }

  /** The log as a participant may see it: numbers stand in the author's own copies only. */
  seenBy(user: string, after: number, upTo: number): Stored[] {
    return this.log.slice(Math.max(0, after), upTo).map((event) => {
      const { outbox, n, ...rest } = event as Said;
      return structuredClone(event.by === user ? event : (rest as Stored));
    });
  }

  /**
   * @param refusal the code of a refusal for good that comes from elsewhere
   */
  perform(send: Send, now: number, refusal: string | null = null): Answer {
    const { by, outbox, n, op } = send;
    const refused = refusal ?? this.refusal(by, op);
    const used = this.numbers.look(by, outbox, n);
    switch (used.type) {
      case 'out_of_order':
        return used;
      case 'stored':
        return this.again(send, used.seq);
      case 'spent':
        if (!used.isTold && refused === null) this.skip(send, now);
        return op.kind === 'skip' ? { type: 'skipped' } : { type: 'refused', code: 'not_stored' };
      case 'forgotten':
        return op.kind === 'skip'
          ? { type: 'skipped' }
          : { type: 'refused', code: 'outbox_expired' };
      case 'next':
        break;
    }
    if (op.kind === 'skip') {
      this.skip(send, now);
      return { type: 'skipped' };
    }
    if (refused === null) return this.store(send, op, now);
    if (this.mayPass(op, refused)) this.skip(send, now);
    else this.numbers.spend(by, outbox, n);
    return { type: 'refused', code: refused };
  }

  /** The event that a mark makes, if it raises anything. */
  mark(by: string, claim: Claim, now: number): void {
    const risen = this.risen(by, claim);
    if (risen) this.append({ seq: this.head + 1, kind: 'marked', by, at: now, ...risen });
  }

  marksOf(user: string): Claim {
    return this.log.reduce<Claim>(
      (marks, event) =>
        event.by === user && 'read' in event && event.read !== undefined
          ? raise(marks, { delivered: event.delivered ?? event.read, read: event.read })
          : marks,
      { delivered: 0, read: 0 },
    );
  }

  /** Takes the text of a deleted message, and of its edits, out of the log. */
  erase(of: number): void {
    for (const [i, event] of this.log.entries()) {
      const isOf =
        event.kind === 'message' ? event.seq === of : event.kind === 'edit' && event.of === of;
      if (!isOf || !('text' in event)) continue;
      const { text, ...rest } = event;
      if ('replyTo' in rest) delete (rest as { replyTo?: unknown }).replyTo;
      this.log[i] = { ...rest, erased: true } as Stored;
    }
  }

  isDeleted(of: number): boolean {
    const author = this.log[of - 1]?.by;
    return this.log.some(
      (event) =>
        (event.kind === 'delete' && event.of === of && event.by === author) ||
        (event.seq === of && 'erased' in event),
    );
  }

  /** As a crash does, or a move to another node: what no event tells of is forgotten. */
  forgetSpent(): void {
    this.numbers.forgetSpent();
  }

  /** The same log in another life of the database. */
  static restored(id: string, participants: readonly [string, string], log: readonly Stored[]) {
    const conversation = new Conversation(id, participants);
    for (const event of log) conversation.append(structuredClone(event));
    return conversation;
  }

  private store(send: Send, op: Wanted, now: number): Answer {
    return { type: 'accepted', seq: this.next(send, fields(op), now), at: now, duplicate: false };
  }

  /** Stores that the number is used for nothing: no copy can come any more. */
  private skip(send: Send, now: number): void {
    this.next(send, { kind: 'skipped' }, now);
  }

  private next(send: Send, content: object, now: number): number {
    const { by, outbox, n } = send;
    if (this.head === 0) {
      const participants: [string, string] = [...this.participants];
      this.append({ seq: 1, kind: 'opened', by, at: now, participants });
    }
    const risen = send.claim && this.risen(by, send.claim);
    const seq = this.head + 1;
    this.append({ seq, by, at: now, outbox, n, ...content, ...(risen ?? {}) } as Stored);
    return seq;
  }

  /** Whether another copy may be fine, looked at before or after. */
  private mayPass(op: Wanted, refused: string): boolean {
    const named = op.kind === 'message' ? (op.replyTo ?? 0) : op.of;
    return refused === 'gone' || (refused === 'invalid' && named > this.head);
  }

  private append(event: Stored): void {
    this.log.push(event);
    const { by, outbox, n, seq } = event as Said;
    if (outbox !== undefined && n !== undefined) this.numbers.store(by, outbox, n, seq);
  }

  private again({ op }: Send, seq: number): Answer {
    const event = this.log[seq - 1] as Stored;
    if (event.kind === 'skipped') {
      return op.kind === 'skip' ? { type: 'skipped' } : { type: 'refused', code: 'not_stored' };
    }
    const isSame =
      op.kind === 'skip' ||
      'erased' in event ||
      JSON.stringify(fields(op)) === JSON.stringify(fields(event as unknown as Wanted));
    return isSame
      ? { type: 'accepted', seq, at: event.at, duplicate: true }
      : { type: 'refused', code: 'conflict' };
  }

  /** Why an operation is refused for good, whatever its number. */
  private refusal(by: string, op: Operation): string | null {
    switch (op.kind) {
      case 'skip':
        return null;
      case 'message': {
        const fault = textFault(op.text);
        const answers = op.replyTo ?? null;
        return fault ?? (answers === null || this.isMessage(answers) ? null : 'invalid');
      }
      case 'edit':
        return textFault(op.text) ?? this.ownRefusal(by, op.of);
      case 'delete':
        return this.ownRefusal(by, op.of);
      case 'react':
        return isEmoji(op.emoji) ? this.reactionRefusal(op.of, op.emoji, op.on) : 'invalid';
    }
  }

  private ownRefusal(by: string, of: number): string | null {
    return this.changeRefusal(of) ?? ((this.log[of - 1] as Stored).by === by ? null : 'forbidden');
  }

  private changeRefusal(of: number): string | null {
    if (!this.isMessage(of)) return 'invalid';
    return this.isDeleted(of) ? 'gone' : null;
  }

  private reactionRefusal(of: number, emoji: string, on: boolean): string | null {
    const refused = this.changeRefusal(of);
    if (refused !== null || !on) return refused;
    const held = new Map<string, boolean>();
    for (const event of this.log) {
      if (event.kind === 'react' && event.of === of) {
        held.set(`${event.by} ${event.emoji}`, event.on);
      }
    }
    const there = new Set(
      [...held].filter(([, isOn]) => isOn).map(([key]) => key.slice(key.indexOf(' ') + 1)),
    );
    return !there.has(emoji) && there.size >= DIFFERENT_REACTIONS ? 'invalid' : null;
  }

  private isMessage(seq: number): boolean {
    return this.log[seq - 1]?.kind === 'message';
  }

  /** What a claim raises, lowered to messages of the peer; null if nothing. */
  private risen(by: string, claim: Claim): Claim | null {
    const marks = this.marksOf(by);
    const read = this.lowered(by, claim.read);
    const delivered = Math.max(read, this.lowered(by, claim.delivered));
    const next = raise(marks, { delivered, read });
    return next.delivered > marks.delivered || next.read > marks.read ? next : null;
  }

  private lowered(by: string, seq: number): number {
    for (let at = Math.min(seq, this.head); at > 0; at--) {
      const event = this.log[at - 1] as Stored;
      if (event.kind === 'message' && event.by !== by) return at;
    }
    return 0;
  }
}

function raise(a: Claim, b: Claim): Claim {
  return { delivered: Math.max(a.delivered, b.delivered), read: Math.max(a.read, b.read) };
}

/** What an operation says, with nothing absent, in one order. */
function fields(op: Wanted): object {
  switch (op.kind) {
    case 'message':
      return { kind: op.kind, text: op.text, replyTo: op.replyTo ?? null };
    case 'edit':
      return { kind: op.kind, of: op.of, text: op.text };
    case 'delete':
      return { kind: op.kind, of: op.of };
    case 'react':
      return { kind: op.kind, of: op.of, emoji: op.emoji, on: op.on };
  }
}
