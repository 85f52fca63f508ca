import type { Log } from './log/log';
import type { Clock } from './ports';
import type { ClientFrame } from './protocol/frames.gen';

const GATHER_MILLIS = 150;
/** The server makes at most one event a second of them. */
const NEXT_MILLIS = 1_000;
const AGAIN_MILLIS = 4_000;

/**
 * Tells the server how far I am, and tells it again as long as it doesn't know: marks are best
 * effort on the way, so what is wanted is kept here until an event says that it is so.
 */
export class Marking {
  private readonly timers = new Map<string, { readonly due: number; cancel(): void }>();

  constructor(
    private readonly clock: Clock,
    /** False when there is no session. */
    private readonly send: (frame: ClientFrame) => boolean,
  ) {}

  /** Mine shall be at least here; sent shortly, with whatever else rises until then. */
  raise(log: Log, delivered: number, read: number): boolean {
    const { wanted } = log;
    const next = {
      delivered: Math.max(wanted.delivered, delivered, read),
      read: Math.max(wanted.read, read),
    };
    const rises = next.delivered > wanted.delivered || next.read > wanted.read;
    log.wanted = next;
    if (log.summary === null || isBehind(log.summary.mine, next)) {
      this.schedule(log, this.timers.has(log.id) ? NEXT_MILLIS : GATHER_MILLIS);
    }
    return rises;
  }

  /** After a replay: what the server doesn't know is said again. */
  repeat(log: Log): void {
    this.schedule(log, 0);
  }

  lost(): void {
    for (const timer of this.timers.values()) {
      timer.cancel();
    }
    this.timers.clear();
  }

  private schedule(log: Log, millis: number): void {
    const due = this.clock.now() + millis;
    const timer = this.timers.get(log.id);
    if (timer === undefined || due < timer.due) {
      timer?.cancel();
      const cancel = this.clock.after(millis, () => {
        this.timers.delete(log.id);
        this.tell(log);
      });
      this.timers.set(log.id, { due, cancel });
    }
  }

  private tell(log: Log): void {
    const { summary, wanted } = log;
    if (summary === null || !isBehind(summary.mine, wanted)) {
      return;
    }
    const { delivered, read } = wanted;
    const mark = { t: 'mark', conversation: log.id, delivered } as const;
    if (this.send(read > 0 ? { ...mark, read } : mark)) {
      this.schedule(log, AGAIN_MILLIS);
    }
  }
}

function isBehind(
  known: { delivered: number; read: number },
  wanted: { delivered: number; read: number },
): boolean {
  return known.delivered < wanted.delivered || known.read < wanted.read;
}
