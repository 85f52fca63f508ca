import type { Clock } from './ports';
import type { ClientFrame } from './protocol/frames.gen';
import type { Presence } from './state';

const TELL_AGAIN_MILLIS = 3_000;

/** Who types, on both sides. Nothing of it is kept, and what is lost expires. */
export class Typing {
  private readonly told = new Map<string, number>();
  private readonly heard = new Map<string, { until: number; cancel: () => void }>();

  constructor(
    private readonly clock: Clock,
    private readonly send: (frame: ClientFrame) => boolean,
    private readonly changed: (conversation: string) => void,
  ) {}

  /** I type, or have stopped: said at most every 3 s. */
  tell(conversation: string, on: boolean): void {
    const now = this.clock.now();
    const last = this.told.get(conversation);
    const due = on ? last === undefined || now - last >= TELL_AGAIN_MILLIS : last !== undefined;
    if (due && this.send({ t: 'typing', conversation, on })) {
      if (on) {
        this.told.set(conversation, now);
      } else {
        this.told.delete(conversation);
      }
    }
  }

  /** The peer types for so long, unless it is said again; 0 when they have stopped. */
  hear(conversation: string, millis: number): void {
    this.heard.get(conversation)?.cancel();
    this.heard.delete(conversation);
    if (millis > 0) {
      const cancel = this.clock.after(millis, () => this.hear(conversation, 0));
      this.heard.set(conversation, { until: this.clock.now() + millis, cancel });
    }
    this.changed(conversation);
  }

  until(conversation: string): number {
    return this.heard.get(conversation)?.until ?? 0;
  }

  /** My message is on its way, so I don't type it any more; the server needn't be told. */
  sent(conversation: string): void {
    this.told.delete(conversation);
  }

  lost(): void {
    this.told.clear();
    for (const conversation of [...this.heard.keys()]) {
      this.hear(conversation, 0);
    }
  }
}

/** Whether those on the screen are there; unknown while nobody can tell. */
export class Watching {
  private users: readonly string[] = [];
  private known: Record<string, Presence> = {};

  constructor(
    private readonly send: (frame: ClientFrame) => boolean,
    private readonly changed: () => void,
  ) {}

  get presence(): Readonly<Record<string, Presence>> {
    return this.known;
  }

  watch(users: readonly string[]): void {
    const wanted = [...new Set(users)].sort().slice(0, MOST_WATCHED);
    if (wanted.join() !== this.users.join()) {
      this.users = wanted;
      this.known = Object.fromEntries(
        Object.entries(this.known).filter(([user]) => wanted.includes(user)),
      );
      this.send({ t: 'watch', users: wanted });
      this.changed();
    }
  }

  began(): void {
    if (this.users.length > 0) {
      this.send({ t: 'watch', users: [...this.users] });
    }
  }

  hear(user: string, presence: Presence): void {
    if (this.users.includes(user)) {
      this.known = { ...this.known, [user]: presence };
      this.changed();
    }
  }

  lost(): void {
    this.known = {};
    this.changed();
  }
}

const MOST_WATCHED = 50;
