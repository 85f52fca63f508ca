import type { Clock } from '../../../src/sdk/ports';

interface Lane {
  inFlight: number;
  readonly waiting: (() => void)[];
  isBusy: boolean;
}

/** Operations of a conversation are decided in the order in which they came to a session. */
export class Lanes {
  private readonly lanes = new Map<string, Lane>();

  constructor(
    private readonly clock: Clock,
    private readonly most: () => number,
  ) {}

  get areEmpty(): boolean {
    return this.lanes.size === 0;
  }

  /** False when as many as may be are under way there. */
  send(conversation: string, think: () => number, conclude: () => void): boolean {
    const lane = this.lanes.get(conversation) ?? { inFlight: 0, waiting: [], isBusy: false };
    if (lane.inFlight >= this.most()) return false;
    this.lanes.set(conversation, lane);
    lane.inFlight += 1;
    lane.waiting.push(() => {
      const done = (): void => {
        lane.inFlight -= 1;
        if (lane.inFlight === 0) this.lanes.delete(conversation);
        conclude();
        lane.isBusy = false;
        this.next(lane);
      };
      const millis = think();
      if (millis === 0) done();
      else this.clock.after(millis, done);
    });
    this.next(lane);
    return true;
  }

  private next(lane: Lane): void {
    const run = lane.isBusy ? undefined : lane.waiting.shift();
    if (!run) return;
    lane.isBusy = true;
    run();
  }
}
