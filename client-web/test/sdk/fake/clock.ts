import type { Clock } from '../../../src/sdk/ports';

interface Timer {
  readonly due: number;
  readonly order: number;
  readonly run: () => void;
}

/** Time that passes when it is told to. What is due at once runs in the order it was asked for. */
export class FakeClock implements Clock {
  private timers: Timer[] = [];
  private orders = 0;

  constructor(private time = 1_767_225_600_000) {}

  now(): number {
    return this.time;
  }

  after(millis: number, run: () => void): () => void {
    this.orders += 1;
    const timer = { due: this.time + Math.max(0, millis), order: this.orders, run };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  /** When the next timer is due; null when there is none. */
  nextDue(): number | null {
    return this.next()?.due ?? null;
  }

  /** How many timers wait. */
  get waiting(): number {
    return this.timers.length;
  }

  /** Lets time pass, and runs what becomes due in it, each at its time. */
  advance(millis: number): void {
    const end = this.time + millis;
    for (let timer = this.next(); timer && timer.due <= end; timer = this.next()) {
      this.fire(timer);
    }
    this.time = end;
  }

  /**
   * The same, but lets promises come as far as they do after each timer: what they ask for at a
   * time within is done at that time.
   */
  async pass(millis: number): Promise<void> {
    const end = this.time + millis;
    await settle();
    for (let timer = this.next(); timer && timer.due <= end; timer = this.next()) {
      this.fire(timer);
      await settle();
    }
    this.time = end;
  }

  private fire(timer: Timer): void {
    this.timers = this.timers.filter((other) => other !== timer);
    this.time = Math.max(this.time, timer.due);
    timer.run();
  }

  private next(): Timer | undefined {
    return this.timers.reduce<Timer | undefined>(
      (first, timer) =>
        !first || timer.due < first.due || (timer.due === first.due && timer.order < first.order)
          ? timer
          : first,
      undefined,
    );
  }
}

/** Everything that only waits for promises has come as far as it can. */
export function settle(): Promise<void> {
  // A turn of the event loop: it begins when no promise has anything more to do.
  return new Promise((resolve) => setImmediate(resolve));
}
