import type { Channel, Channels, Locks, Storage } from '../../../src/sdk/ports';
import { memoryStorage } from '../../../src/sdk/storage/memory';
import { FakeTab } from './tab';
import type { World } from './world';

/** Locks of one browser: whoever waits gets them in turn. */
export class FakeLocks implements Locks {
  private readonly waiting = new Map<string, (() => void)[]>();

  async tryTake(name: string): Promise<(() => void) | null> {
    return this.takeNow(name);
  }

  private takeNow(name: string): (() => void) | null {
    if (this.waiting.has(name)) return null;
    this.waiting.set(name, []);
    return this.release(name);
  }

  take(name: string, signal: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const free = this.takeNow(name);
      if (free) return resolve(free);
      const turn = (): void => {
        signal.removeEventListener('abort', leave);
        resolve(this.release(name));
      };
      const leave = (): void => {
        const line = this.waiting.get(name) ?? [];
        this.waiting.set(
          name,
          line.filter((other) => other !== turn),
        );
        reject(signal.reason);
      };
      this.waiting.get(name)?.push(turn);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  /** Gives it to the next in line, once. */
  private release(name: string): () => void {
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      const next = this.waiting.get(name)?.shift();
      if (next) next();
      else this.waiting.delete(name);
    };
  }
}

/** A person's browser: one cookie, one disk, and as many tabs as they like. */
export class FakeBrowser {
  cookie: string | null = null;
  readonly tabs = new Set<FakeTab>();
  readonly disk: Storage = memoryStorage(true);
  readonly locks = new FakeLocks();
  isOnline = true;
  /** Nothing more can be written. */
  isFull = false;
  /** How long the disk takes before it begins, in milliseconds. */
  diskDelay = (): number => 0;
  /** How long its word takes that something is done, in milliseconds. */
  diskAnswerDelay = (): number => 0;
  /** How long a word takes from tab to tab. */
  channelDelay = (): number => 1;
  private readonly listeners = new Map<string, Set<(message: unknown) => void>>();

  constructor(readonly world: World) {}

  open(): FakeTab {
    const tab = new FakeTab(this);
    this.tabs.add(tab);
    return tab;
  }

  /** Signs in, as a form would; the cookie is there at once. */
  signIn(username: string): void {
    const { database, clock } = this.world.server;
    const person = database.account(username, `password of ${username}`);
    if (!person) throw new Error(`There is no ${username}`);
    this.cookie = database.addSignIn(person.id, 'a test', clock.now()).token;
  }

  /** Plugs the network in or out: old lines are dead after that. */
  setOnline(isOnline: boolean): void {
    this.isOnline = isOnline;
    for (const tab of [...this.tabs]) {
      if (!isOnline) tab.loseLines();
      tab.tell('network');
    }
  }

  /** The power goes: every tab at once, and what isn't on the disk. */
  kill(): void {
    for (const tab of [...this.tabs]) tab.kill();
  }

  seek(): Promise<void> {
    return this.wait(this.diskDelay());
  }

  answered(): Promise<void> {
    return this.wait(this.diskAnswerDelay());
  }

  private wait(millis: number): Promise<void> {
    return millis === 0
      ? Promise.resolve()
      : new Promise((resolve) => {
          this.world.clock.after(millis, resolve);
        });
  }

  readonly hub: Channels = {
    open: (name, heard): Channel => {
      const listeners = this.listeners.get(name) ?? new Set();
      this.listeners.set(name, listeners);
      const own = (message: unknown): void => heard(message);
      listeners.add(own);
      let latest = 0;
      return {
        post: (message) => {
          const { clock } = this.world;
          const copy = structuredClone(message);
          // In order, whatever each takes.
          latest = Math.max(latest, clock.now() + this.channelDelay());
          clock.after(latest - clock.now(), () => {
            for (const other of [...listeners]) if (other !== own) other(copy);
          });
        },
        close: () => listeners.delete(own),
      };
    },
  };
}
