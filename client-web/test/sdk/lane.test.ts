import { expect, test } from 'vitest';
import { CANCELLED, type Item } from '../../src/sdk/outbox/item';
import { type Answer, Lane, type Outcome, type Sending } from '../../src/sdk/outbox/lane';
import { Conversation } from './fake/conversation';
import { SeededRandom } from './fake/random';

const ME = 'u_ada';
const WINDOW = 8;

function item(order: number, n: number | null = order): Item {
  return {
    queue: 'q',
    order,
    key: `k${order}`,
    conversation: 'c',
    peer: null,
    op: { kind: 'message', text: `text ${order}` },
    at: 0,
    number: n === null ? null : { outbox: 1, n },
    settle: null,
    withdrawn: null,
    failure: null,
  };
}

function laneOf(items: readonly Item[], spent: readonly number[] = []): Lane {
  const lane = new Lane(
    () => spent,
    () => 0.5,
  );
  for (const one of items) {
    lane.put(one);
  }
  lane.begin();
  return lane;
}

function sent(lane: Lane, now = 0): number[] {
  const numbers: number[] = [];
  for (let next = lane.next(now, WINDOW); next !== null; next = lane.next(now, WINDOW)) {
    numbers.push(next.number.n);
  }
  return numbers;
}

const refused = (
  code: string,
  rest: Partial<Extract<Answer, { type: 'refused' }>> = {},
): Answer => ({
  type: 'refused',
  code,
  retryable: false,
  expected: null,
  retryAfterMillis: null,
  ...rest,
});

const number = (n: number) => ({ outbox: 1, n });

test('sends nothing before the conversation is caught up', () => {
  const lane = new Lane(
    () => [],
    () => 0,
  );
  lane.put(item(1));
  expect(sent(lane)).toEqual([]);
  lane.begin();
  expect(sent(lane)).toEqual([1]);
});

test('keeps eight under way, and sends the next as one is answered', () => {
  const lane = laneOf(Array.from({ length: 12 }, (_, i) => item(i + 1)));
  expect(sent(lane)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  const outcome = lane.answered(number(1), { type: 'accepted', seq: 2, at: 5 }, 0);
  expect(outcome).toMatchObject({ type: 'stored', seq: 2 });
  lane.remove(item(1));
  expect(sent(lane)).toEqual([9]);
});

test('goes back to the lowest unanswered when a number is out of order', () => {
  const lane = laneOf([item(1), item(2), item(3)]);
  sent(lane);
  const outOfOrder = refused('out_of_order', { retryable: true, expected: 1 });
  lane.answered(number(2), outOfOrder, 0);
  expect(sent(lane), 'waits until the window is answered').toEqual([]);
  lane.answered(number(3), outOfOrder, 0);
  lane.answered(number(1), { type: 'accepted', seq: 2, at: 0 }, 0);
  lane.remove(item(1));
  expect(sent(lane)).toEqual([2, 3]);
});

test('waits five seconds at most for what is under way', () => {
  const lane = laneOf([item(1), item(2)]);
  sent(lane);
  lane.answered(number(2), refused('out_of_order', { retryable: true, expected: 1 }), 0);
  expect(lane.due()).toBe(5_000);
  expect(sent(lane, 4_999)).toEqual([]);
  expect(sent(lane, 5_000)).toEqual([1, 2]);
});

test('waits as long as the server asks for', () => {
  const lane = laneOf([item(1)]);
  sent(lane);
  lane.answered(number(1), refused('rate_limited', { retryable: true, retryAfterMillis: 700 }), 0);
  expect(sent(lane, 699)).toEqual([]);
  expect(lane.due()).toBe(700);
  expect(sent(lane, 700)).toEqual([1]);
});

test('out of order behind another in doubt says nothing of whether it is stored', () => {
  const lane = laneOf([]);
  lane.restore({ ...item(2), settle: 'same' });
  lane.restore({ ...item(3), settle: 'same' });
  expect(sent(lane)).toEqual([2, 3]);
  const outOfOrder = refused('out_of_order', { retryable: true, expected: 2 });
  expect(lane.answered(number(2), refused('rate_limited', { retryable: true }), 0)).toBe(null);
  expect(lane.answered(number(3), outOfOrder, 0)).toBe(null);
  expect(sent(lane, 10_000)).toEqual([2, 3]);
  // A number below both was forgotten: then neither is.
  expect(lane.answered(number(2), outOfOrder, 10_000)).toMatchObject({ type: 'unstored' });
});

test('backs off while the server expects what is below all it holds', () => {
  const lane = laneOf([item(5)]);
  const stale = refused('out_of_order', { retryable: true, expected: 2 });
  let now = 0;
  const waits: number[] = [];
  for (let i = 0; i < 6; i++) {
    expect(sent(lane, now)).toEqual([5]);
    lane.answered(number(5), stale, now);
    const began = now;
    lane.next(now, 0);
    now = Math.max(now, lane.due() ?? now);
    waits.push(now - began);
  }
  expect(waits[0]).toBe(0);
  expect(waits.at(-1)).toBeGreaterThan(2_000);
});

test('skips a number that it knows was refused, when a server has forgotten that', () => {
  const lane = laneOf([item(5)], [3, 4]);
  sent(lane);
  lane.answered(number(5), refused('out_of_order', { retryable: true, expected: 3 }), 0);
  expect(lane.next(0, WINDOW)).toEqual({ number: number(3), op: { kind: 'skip' } });
  expect(lane.next(0, WINDOW), 'nothing else meanwhile').toBeNull();
  lane.answered(number(3), { type: 'skipped' }, 0);
  expect(sent(lane)).toEqual([5]);
});

test('a refusal for good fails the item and spends its number', () => {
  const lane = laneOf([item(1)]);
  sent(lane);
  expect(lane.answered(number(1), refused('forbidden'), 0)).toMatchObject({
    type: 'failed',
    code: 'forbidden',
    spent: true,
  });
});

test('what was called back is skipped, and dropped unless it was stored', () => {
  const called = { ...item(1), withdrawn: CANCELLED };
  const lane = laneOf([called]);
  expect(lane.next(0, WINDOW)).toEqual({ number: number(1), op: { kind: 'skip' } });
  expect(lane.answered(number(1), { type: 'skipped' }, 0)).toMatchObject({ type: 'dropped' });
  const late = laneOf([called]);
  sent(late);
  const accepted = late.answered(number(1), { type: 'accepted', seq: 9, at: 0 }, 0);
  expect(accepted).toMatchObject({ type: 'stored', seq: 9 });
});

test('numbers of an earlier outbox are settled before anything gets another', () => {
  const lane = laneOf([
    { ...item(1), settle: 'skip' },
    { ...item(2), settle: 'skip' },
    item(3, null),
  ]);
  expect(lane.next(0, WINDOW)).toEqual({ number: number(1), op: { kind: 'skip' } });
  expect(lane.next(0, WINDOW)).toEqual({ number: number(2), op: { kind: 'skip' } });
  expect(lane.next(0, WINDOW)).toBeNull();
  const stored = lane.answered(number(1), { type: 'accepted', seq: 4, at: 0 }, 0);
  expect(stored).toMatchObject({ type: 'stored' });
  lane.remove(item(1));
  const gone = lane.answered(
    number(2),
    refused('out_of_order', { retryable: true, expected: 2 }),
    0,
  );
  expect(gone).toMatchObject({ type: 'unstored' });
});

test.each(['conflict', 'outbox_expired', 'invalid'])('%s retires the outbox', (code) => {
  const lane = laneOf([item(1)]);
  sent(lane);
  expect(lane.answered(number(1), refused(code), 0)).toEqual({ type: 'retire' });
  expect(lane.isInDoubt(item(1)), 'it was told what became of it').toBe(false);
});

test('an operation whose answer was lost is in doubt, one that was not sent is not', () => {
  const lane = laneOf([item(1), item(2)]);
  expect(lane.isInDoubt(item(1))).toBe(false);
  lane.next(0, WINDOW);
  lane.lost();
  expect(lane.isInDoubt(item(1))).toBe(true);
  expect(lane.isInDoubt(item(2))).toBe(false);
});

/** What happens to a queue in a life full of accidents, with the server's real rules. */
class Life {
  readonly random: SeededRandom;
  readonly server = new Conversation('c', [ME, 'u_bob']);
  readonly failed = new Set<string>();
  readonly dropped = new Set<string>();
  readonly stored = new Map<string, number>();
  private readonly spent: number[] = [];
  private readonly waiting = new Map<number, Item>();
  private lane = this.restarted();
  private wire: { readonly sending: Sending; readonly session: number }[] = [];
  private answers: {
    readonly sending: Sending;
    readonly session: number;
    readonly answer: Answer;
  }[] = [];
  private session = 1;
  private orders = 0;
  private now = 0;
  private calm = false;

  constructor(seed: number) {
    this.random = new SeededRandom(seed);
  }

  run(steps: number): void {
    for (let step = 0; step < steps; step++) {
      this.accident();
    }
    this.calm = true;
    for (let step = 0; step < 4_000 && this.waiting.size > 0; step++) {
      this.calmly();
    }
  }

  get left(): number {
    return this.waiting.size;
  }

  get texts(): string[] {
    return this.server.log.flatMap((event) => ('text' in event ? [event.text] : []));
  }

  private accident(): void {
    const chance = this.random.fraction();
    if (chance < 0.2) this.write();
    else if (chance < 0.45) this.pump();
    else if (chance < 0.65) this.arrive();
    else if (chance < 0.85) this.answer();
    else if (chance < 0.9) this.loseSession();
    else if (chance < 0.92) this.restart();
    else if (chance < 0.94) this.crash();
    else if (chance < 0.97) this.callBack();
    else this.now += Math.floor(this.random.fraction() * 6_000);
  }

  private calmly(): void {
    this.pump();
    this.arrive();
    this.answer();
    this.now += 500;
  }

  private write(): void {
    const order = ++this.orders;
    this.waiting.set(order, item(order));
    this.lane.put(item(order));
  }

  private pump(): void {
    const sending = this.lane.next(this.now, WINDOW);
    if (sending !== null) this.wire.push({ sending, session: this.session });
  }

  /** Frames arrive in any order across sessions, in order within one; and some only much later. */
  private arrive(): void {
    const next = this.wire[this.pick(this.wire)];
    if (next === undefined) return;
    const first = this.wire.find((one) => one.session === next.session) ?? next;
    this.wire.splice(this.wire.indexOf(first), 1);
    const { op } = first.sending;
    // An unruly text is refused for good; a server under load refuses for now.
    const bad = op.kind === 'message' && /7$/.test(op.text) ? 'forbidden' : null;
    const busy = !this.calm && this.random.fraction() < 0.1;
    const answer = busy
      ? refused('unavailable', { retryable: true })
      : said(this.server.perform({ by: ME, ...first.sending.number, op, claim: null }, 0, bad));
    this.answers.push({ ...first, answer });
  }

  private answer(): void {
    const next = this.answers[this.pick(this.answers)];
    if (next === undefined) return;
    this.answers.splice(this.answers.indexOf(next), 1);
    if (next.session !== this.session) return;
    this.apply(this.lane.answered(next.sending.number, next.answer, this.now));
  }

  private apply(outcome: Outcome | null): void {
    if (outcome === null || outcome.type === 'retire' || outcome.type === 'unstored') {
      expect(outcome, 'nothing of this belongs to one outbox and one life').toBeNull();
      return;
    }
    const { item } = outcome;
    this.lane.remove(item);
    this.waiting.delete(item.order);
    if (outcome.type === 'stored') this.stored.set(item.key, outcome.seq);
    else if (outcome.type === 'failed') this.failed.add(item.key);
    else this.dropped.add(item.key);
    if (outcome.type !== 'stored' && outcome.spent && item.number !== null) {
      this.spent.push(item.number.n);
    }
  }

  private loseSession(): void {
    this.session++;
    this.lane.lost();
    // A copy may still be on its way to a server; it arrives, or it doesn't.
    this.wire = this.wire.filter(() => this.random.fraction() < 0.5);
    this.lane.begin();
  }

  /** The server forgets what no event tells; copies are still on their way all the same. */
  private crash(): void {
    this.server.forgetSpent();
  }

  private restart(): void {
    this.session++;
    this.lane = this.restarted();
    for (const one of this.waiting.values()) this.lane.restore(one);
    this.lane.begin();
  }

  private restarted(): Lane {
    const lane = new Lane(
      () => this.spent,
      () => this.random.fraction(),
    );
    lane.begin();
    return lane;
  }

  private callBack(): void {
    const one = [...this.waiting.values()][this.pick([...this.waiting.values()])];
    if (one !== undefined && one.withdrawn === null) {
      const called = { ...one, withdrawn: CANCELLED };
      this.waiting.set(one.order, called);
      this.lane.put(called);
    }
  }

  private pick(list: readonly unknown[]): number {
    return Math.floor(this.random.fraction() * list.length);
  }
}

function said(answer: ReturnType<Conversation['perform']>): Answer {
  switch (answer.type) {
    case 'accepted':
    case 'skipped':
      return answer;
    case 'out_of_order':
      return refused('out_of_order', { retryable: true, expected: answer.expected });
    case 'refused':
      return refused(answer.code);
  }
}

test('whatever happens, each operation is stored once and in order, or known not to be', () => {
  for (let seed = 1; seed <= 400; seed++) {
    const life = new Life(seed);
    life.run(400);
    const told = `seed ${seed}`;
    expect(life.left, `${told}: nothing is stuck`).toBe(0);
    const { texts } = life;
    expect(new Set(texts).size, `${told}: none twice`).toBe(texts.length);
    const numbers = texts.map((text) => Number(text.slice(5)));
    expect(numbers, `${told}: in the order written`).toEqual([...numbers].sort((a, b) => a - b));
    const stored = new Set([...life.stored.keys()].map((key) => Number(key.slice(1))));
    expect(new Set(numbers), `${told}: stored is what was told so`).toEqual(stored);
  }
});
