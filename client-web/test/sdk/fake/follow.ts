import type { Clock } from '../../../src/sdk/ports';

/** What a session does for it. */
export interface FollowPorts {
  readonly clock: Clock;
  /** How long one read of a log takes. */
  readDelay(): number;
  /** Events that one read brings. */
  chunk(): number;
  /** How far the log of a conversation reaches by now. */
  head(conversation: string): number;
  /** Pushes what comes after a place, up to another. */
  push(conversation: string, after: number, upTo: number): void;
  caughtUp(conversation: string, seq: number): void;
  /** Tells of the conversation with this head; null for the present one. Answers the head told. */
  announce(conversation: string, base: number | null): number;
  isOver(): boolean;
}

interface Stretch {
  /** The last pushed, or told as the base. */
  position: number;
  /** The highest head heard of. */
  told: number;
  owesCaughtUp: boolean;
  phase: 'expected' | 'announcing' | 'open';
}

/**
 * What one session has been pushed of each conversation, and what it is owed: as the server's
 * Resume, but that live events which come while it reads are read once more instead of kept.
 */
export class Follow {
  private readonly stretches = new Map<string, Stretch>();
  private readonly turns = new Set<string>();
  private reading: { conversation: string; after: number } | null = null;

  constructor(private readonly ports: FollowPorts) {}

  /** Where its cursor stands is being looked up. */
  expect(conversation: string): void {
    if (this.stretches.has(conversation)) return;
    this.stretches.set(conversation, stretch(0, 0, 'expected'));
  }

  dismiss(conversation: string): void {
    if (this.stretches.get(conversation)?.phase !== 'open') this.stretches.delete(conversation);
  }

  replay(conversation: string, cursor: number, head: number): void {
    const begun = this.begin(conversation, cursor, head);
    begun.owesCaughtUp = true;
    this.settle(conversation, begun);
  }

  skip(conversation: string, head: number): void {
    this.settle(conversation, this.begin(conversation, head, head));
  }

  /** The client was told of it, with this head as its base if it has none yet. */
  told(conversation: string, head: number): void {
    if (this.stretches.has(conversation)) this.announced(conversation, head);
    else this.stretches.set(conversation, stretch(head, head, 'open'));
  }

  /** Events from `first` up to the head were just stored. */
  live(conversation: string, first: number, head: number): void {
    const held = this.stretches.get(conversation) ?? this.announce(conversation, first - 1);
    held.told = Math.max(held.told, head);
    if (held.phase !== 'open' || this.reading?.conversation === conversation) return;
    if (first <= held.position + 1) this.push(conversation, held, head);
    this.settle(conversation, held);
    this.pump();
  }

  /** Somebody who knows says that the log reaches this far. */
  heard(conversation: string, head: number): void {
    const held = this.stretches.get(conversation) ?? this.announce(conversation, null);
    held.told = Math.max(held.told, head);
    if (held.phase !== 'open' || this.reading?.conversation === conversation) return;
    this.settle(conversation, held);
    this.pump();
  }

  /** Reads on for whoever is owed something. */
  pump(): void {
    const [conversation] = this.turns;
    if (this.reading || conversation === undefined) return;
    this.turns.delete(conversation);
    const read = { conversation, after: this.stretches.get(conversation)?.position ?? 0 };
    this.reading = read;
    this.ports.clock.after(this.ports.readDelay(), () => {
      if (this.ports.isOver()) return;
      if (this.reading === read) this.readDone(read);
      this.pump();
    });
  }

  private readDone({ conversation, after }: { conversation: string; after: number }): void {
    this.reading = null;
    const held = this.stretches.get(conversation);
    if (!held) return;
    const head = this.ports.head(conversation);
    held.told = Math.max(held.told, head);
    this.push(conversation, held, Math.min(head, after + this.ports.chunk()));
    this.settle(conversation, held);
  }

  private announce(conversation: string, base: number | null): Stretch {
    const held = stretch(0, 0, 'announcing');
    this.stretches.set(conversation, held);
    this.ports.clock.after(this.ports.readDelay(), () => {
      if (this.ports.isOver() || this.stretches.get(conversation) !== held) return;
      if (held.phase !== 'announcing') return;
      this.announced(conversation, this.ports.announce(conversation, base));
    });
    return held;
  }

  private announced(conversation: string, base: number): void {
    const held = this.stretches.get(conversation);
    if (held?.phase !== 'announcing') return;
    held.phase = 'open';
    held.position = base;
    this.settle(conversation, held);
    this.pump();
  }

  private begin(conversation: string, position: number, head: number): Stretch {
    const before = this.stretches.get(conversation);
    const begun = stretch(position, Math.max(head, before?.told ?? 0), 'open');
    this.stretches.set(conversation, begun);
    // What that read brings belongs to the stretch that was.
    if (this.reading?.conversation === conversation) this.reading = null;
    return begun;
  }

  private push(conversation: string, held: Stretch, upTo: number): void {
    if (upTo <= held.position) return;
    this.ports.push(conversation, held.position, upTo);
    held.position = upTo;
  }

  private settle(conversation: string, held: Stretch): void {
    if (held.told > held.position) {
      this.turns.add(conversation);
      return;
    }
    this.turns.delete(conversation);
    if (held.owesCaughtUp) {
      held.owesCaughtUp = false;
      this.ports.caughtUp(conversation, held.position);
    }
  }
}

function stretch(position: number, told: number, phase: Stretch['phase']): Stretch {
  return { position, told, owesCaughtUp: false, phase };
}
