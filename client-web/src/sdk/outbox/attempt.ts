import { retryDelay } from '../connection/backoff';
import type { Clock, Random } from '../ports';

/** Something that has to succeed once: one try at a time, and after a failure not at once again. */
export class Attempt {
  private underWay = false;
  private failures = 0;
  private notBefore = 0;

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
    /** A try has ended, either way. */
    private readonly ended: () => void,
  ) {}

  get isUnderWay(): boolean {
    return this.underWay;
  }

  /** When it may be tried again; null when it may be now. */
  get due(): number | null {
    return this.notBefore > this.clock.now() ? this.notBefore : null;
  }

  /** The world is another: earlier failures say nothing. */
  reset(): void {
    this.failures = 0;
    this.notBefore = 0;
  }

  /** Tries, unless it is being tried or it is too early. A failure is told, and never thrown. */
  run(work: () => Promise<unknown>, failed: (failure: unknown) => void): void {
    if (this.underWay || this.due !== null) {
      return;
    }
    this.underWay = true;
    work()
      .then(() => this.reset())
      .catch((failure: unknown) => {
        failed(failure);
        const delay = retryDelay(this.failures++, this.random.fraction());
        this.notBefore = this.clock.now() + delay;
      })
      .finally(() => {
        this.underWay = false;
        this.ended();
      });
  }
}
