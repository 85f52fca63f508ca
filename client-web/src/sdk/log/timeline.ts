import type { LogEvent } from './summary';

/** A message, folded from its event and all later ones about it. */
export interface Message {
  readonly seq: number;
  readonly by: string;
  readonly at: number;
  readonly text: string;
  readonly replyTo: number | null;
  readonly edited: boolean;
  readonly deleted: boolean;
  /** Who put which emoji, in the order of the first. */
  readonly reactions: ReadonlyMap<string, readonly string[]>;
  /** The number under which its author sent it; only of my own. */
  readonly number: string | null;
}

/**
 * The messages of a stretch of a log. Events come in order at its end; when earlier ones come in
 * front, it is folded anew, since what changes an earlier message was met before the message.
 */
export class Timeline {
  private readonly messages = new Map<number, Message>();
  private readonly order: number[] = [];
  private readonly numbers = new Set<string>();

  static of(events: Iterable<LogEvent>): Timeline {
    const timeline = new Timeline();
    for (const event of events) {
      timeline.add(event);
    }
    return timeline;
  }

  /** Folds the next event. */
  add(event: LogEvent): void {
    const number = numberOf(event);
    if (number !== null && event.kind !== 'skipped') {
      this.numbers.add(number);
    }
    switch (event.kind) {
      case 'message':
        this.order.push(event.seq);
        this.messages.set(event.seq, message(event, number));
        break;
      case 'edit':
        this.change(event.of, (of) =>
          'erased' in event ? erased(of) : { ...of, text: event.text, edited: true },
        );
        break;
      case 'delete':
        this.change(event.of, erased);
        break;
      case 'react':
        this.change(event.of, (of) => reacted(of, event.emoji, event.by, event.on));
        break;
      case 'skipped':
        // A place in the log: what was given up is nowhere to be seen.
        break;
      default:
    }
  }

  /** In order. */
  *all(): Iterable<Message> {
    for (const seq of this.order) {
      const found = this.messages.get(seq);
      if (found !== undefined) {
        yield found;
      }
    }
  }

  get(seq: number): Message | null {
    return this.messages.get(seq) ?? null;
  }

  get length(): number {
    return this.order.length;
  }

  /** Whether what I did under this number is in the stretch; a number given up is not that. */
  has(number: string): boolean {
    return this.numbers.has(number);
  }

  /** A deletion wins over whatever else happens to the message, before or after. */
  private change(seq: number, change: (message: Message) => Message): void {
    const found = this.messages.get(seq);
    if (found !== undefined && !found.deleted) {
      this.messages.set(seq, change(found));
    }
  }
}

/** How an own event names its operation: outbox and number; null for the peer's. */
export function numberOf(event: LogEvent): string | null {
  return 'outbox' in event && event.outbox !== undefined ? `${event.outbox}:${event.n}` : null;
}

function message(event: Extract<LogEvent, { kind: 'message' }>, number: string | null): Message {
  const { seq, by, at } = event;
  const common = { seq, by, at, number, edited: false, reactions: NO_REACTIONS };
  return 'erased' in event
    ? { ...common, text: '', replyTo: null, deleted: true }
    : { ...common, text: event.text, replyTo: event.replyTo, deleted: false };
}

function erased(message: Message): Message {
  return {
    ...message,
    text: '',
    replyTo: null,
    edited: false,
    deleted: true,
    reactions: NO_REACTIONS,
  };
}

/** The message with this emoji of this person's put on or taken off. */
export function reacted(message: Message, emoji: string, by: string, on: boolean): Message {
  const reactions = new Map(message.reactions);
  const others = (reactions.get(emoji) ?? []).filter((user) => user !== by);
  const users = on ? [...others, by] : others;
  if (users.length === 0) {
    reactions.delete(emoji);
  } else {
    reactions.set(emoji, users);
  }
  return { ...message, reactions };
}

const NO_REACTIONS: ReadonlyMap<string, readonly string[]> = new Map();
