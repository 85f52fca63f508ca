import type { Event } from '../protocol/frames.gen';
import { type Item, isOf } from './item';
import { Lane } from './lane';

const ANSWER_EXPECTED = 5_000;
/** The server answers everything within 20 s. */
const ANSWER_OVERDUE = 25_000;

/** A queue's operations by conversation. Each conversation is a line of its own. */
export class Lanes {
  private readonly lanes = new Map<string, Lane>();
  private readonly caughtUp = new Set<string>();

  constructor(
    private readonly spent: (conversation: string) => readonly number[],
    private readonly fraction: () => number,
  ) {}

  [Symbol.iterator](): Iterator<[string, Lane]> {
    return this.lanes[Symbol.iterator]();
  }

  /** Made, where there is none. */
  of(conversation: string): Lane {
    let lane = this.lanes.get(conversation);
    if (lane === undefined) {
      lane = new Lane(() => this.spent(conversation), this.fraction);
      this.lanes.set(conversation, lane);
      if (this.caughtUp.has(conversation)) {
        lane.begin();
      }
    }
    return lane;
  }

  /** All that waits. */
  *items(): Iterable<Item> {
    for (const lane of this.lanes.values()) {
      yield* lane.waiting;
    }
  }

  /** Conversations in which something waits. */
  waitingIn(): string[] {
    return [...this.lanes].filter(([, lane]) => !lane.isEmpty).map(([id]) => id);
  }

  waiting(conversation: string): readonly Item[] {
    return this.lanes.get(conversation)?.waiting ?? [];
  }

  isUnderWay(item: Item): boolean {
    return this.lanes.get(item.conversation)?.isUnderWay(item) ?? false;
  }

  isInDoubt(item: Item): boolean {
    return this.lanes.get(item.conversation)?.isInDoubt(item) ?? true;
  }

  /** What an own event is the event of. */
  sentAs(conversation: string, event: Event): Item | null {
    return this.waiting(conversation).find((item) => isOf(event, item)) ?? null;
  }

  begin(conversation: string): void {
    this.caughtUp.add(conversation);
    this.lanes.get(conversation)?.begin();
  }

  /** The session is over. Answers what it leaves unanswered. */
  lost(): Item[] {
    this.caughtUp.clear();
    return [...this.lanes.values()].flatMap((lane) => [...lane.lost()]);
  }

  /** Whether an answer is late enough to doubt that anybody is there; what is overdue goes again. */
  isLate(now: number): boolean {
    let late = false;
    for (const lane of this.lanes.values()) {
      const oldest = lane.oldestUnderWay ?? now;
      if (now - oldest >= ANSWER_OVERDUE) {
        lane.overdue(now);
      }
      late ||= now - oldest >= ANSWER_EXPECTED;
    }
    return late;
  }

  /** When there may be something to do without anything being heard. */
  due(now: number): number {
    let due = Number.POSITIVE_INFINITY;
    for (const lane of this.lanes.values()) {
      due = Math.min(due, lane.due() ?? due, answerDue(lane, now) ?? due);
    }
    return due;
  }
}

/** When to wonder why there is no answer. */
function answerDue(lane: Lane, now: number): number | null {
  const oldest = lane.oldestUnderWay;
  if (oldest === null) {
    return null;
  }
  return now - oldest < ANSWER_EXPECTED ? oldest + ANSWER_EXPECTED : oldest + ANSWER_OVERDUE;
}
