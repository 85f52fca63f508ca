/** What a conversation knows of a number. */
export type Use =
  | { readonly type: 'next' }
  | { readonly type: 'stored'; readonly seq: number }
  /** Used for nothing; the log tells of it, or only memory does. */
  | { readonly type: 'spent'; readonly isTold: boolean }
  | { readonly type: 'out_of_order'; readonly expected: number }
  | { readonly type: 'forgotten' };

interface Outbox {
  last: number;
  readonly seqs: Map<number, number>;
}

const REMEMBERED = 32;

/** The numbers used in one conversation, by (person, outbox). */
export class Numbers {
  /** As the log tells; also of outboxes that the conversation has forgotten. */
  private readonly stored = new Map<string, Outbox>();
  /** The last number used for nothing, which only memory knows. */
  private readonly spent = new Map<string, number>();
  private readonly remembered = new Map<string, Set<number>>();
  private readonly evicted = new Map<string, number>();

  look(by: string, outbox: number, n: number): Use {
    const key = `${by}/${outbox}`;
    const seq = this.stored.get(key)?.seqs.get(n);
    if (this.isForgotten(by, outbox)) {
      return seq === undefined ? { type: 'forgotten' } : { type: 'stored', seq };
    }
    const told = this.stored.get(key)?.last ?? 0;
    const last = Math.max(told, this.spent.get(key) ?? 0);
    if (n > last + 1) return { type: 'out_of_order', expected: last + 1 };
    if (n === last + 1) return { type: 'next' };
    return seq === undefined ? { type: 'spent', isTold: n <= told } : { type: 'stored', seq };
  }

  store(by: string, outbox: number, n: number, seq: number): void {
    const key = `${by}/${outbox}`;
    const held = this.stored.get(key) ?? { last: 0, seqs: new Map<number, number>() };
    held.last = Math.max(held.last, n);
    held.seqs.set(n, seq);
    this.stored.set(key, held);
    this.remember(by, outbox);
  }

  spend(by: string, outbox: number, n: number): void {
    this.spent.set(`${by}/${outbox}`, n);
  }

  forgetSpent(): void {
    this.spent.clear();
  }

  private isForgotten(by: string, outbox: number): boolean {
    const held = this.remembered.get(by) ?? new Set();
    if (held.has(outbox)) return false;
    const isTooLow = held.size >= REMEMBERED && outbox < Math.min(...held);
    return isTooLow || outbox <= (this.evicted.get(by) ?? 0);
  }

  private remember(by: string, outbox: number): void {
    const held = this.remembered.get(by) ?? new Set<number>();
    held.add(outbox);
    if (held.size > REMEMBERED) {
      const lowest = Math.min(...held);
      held.delete(lowest);
      this.evicted.set(by, Math.max(lowest, this.evicted.get(by) ?? 0));
    }
    this.remembered.set(by, held);
  }
}
