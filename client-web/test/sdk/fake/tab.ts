import type {
  Channel,
  Clock,
  Http,
  HttpRequest,
  HttpResponse,
  Ports,
  Socket,
  SocketEvents,
  Storage,
  Tables,
} from '../../../src/sdk/ports';
import type { FakeBrowser } from './browser';
import { answer } from './http';
import { wrapped } from './tables';
import type { Wire } from './wire';

const CALL_WITHIN = 20_000;

type Change = 'network' | 'visibility' | 'woke' | 'leaving';

/**
 * One tab of a browser. Its scripts can't be stopped, as a real tab's are; so once it is killed
 * nothing they ask for is ever answered, and nothing they do has an effect.
 */
export class FakeTab {
  isAlive = true;
  isVisible = true;
  readonly lines: string[] = [];
  private readonly watchers = new Set<(what: Change) => void>();
  private readonly wires = new Set<Wire>();
  private readonly releases = new Set<() => void>();
  private readonly channels = new Set<Channel>();
  private readonly losers = new Set<() => void>();
  readonly ports: Ports;

  constructor(readonly browser: FakeBrowser) {
    const { world } = browser;
    this.ports = {
      clock: this.clock(),
      random: world.random,
      sockets: { dial: (events) => this.dial(events) },
      http: this.http(),
      storage: this.storage(),
      locks: {
        tryTake: (name) => this.alive(async () => this.held(await browser.locks.tryTake(name))),
        take: (name, signal) =>
          this.alive(async () => this.mine(await browser.locks.take(name, signal))),
      },
      channels: { open: (name, heard) => this.channel(name, heard) },
      surroundings: {
        online: () => browser.isOnline,
        visible: () => this.isVisible,
        watch: (changed) => {
          this.watchers.add(changed);
          return () => this.watchers.delete(changed);
        },
      },
      client: 'web/0.0.0',
      device: 'a test',
      log: (line) => this.lines.push(`${world.clock.now()} ${line}`),
    };
  }

  /** The process ends: the system closes its sockets, and its locks are free. */
  kill(): void {
    this.isAlive = false;
    for (const wire of this.wires) wire.leave();
    for (const channel of this.channels) channel.close();
    for (const release of this.releases) release();
    this.browser.tabs.delete(this);
  }

  show(isVisible: boolean): void {
    this.isVisible = isVisible;
    this.tell('visibility');
  }

  tell(what: Change): void {
    if (!this.isAlive) return;
    for (const changed of [...this.watchers]) changed(what);
  }

  /** The network is another one: lines over the old one are dead, and nobody is told. */
  loseLines(): void {
    for (const wire of this.wires) wire.stall(true);
  }

  /** The browser closes the tables, as when its storage breaks down; what they hold stays. */
  loseTables(): void {
    for (const lose of this.losers) lose();
    this.losers.clear();
  }

  private clock(): Clock {
    const { clock } = this.browser.world;
    return {
      now: () => clock.now(),
      after: (millis, run) =>
        clock.after(millis, () => {
          if (this.isAlive) run();
        }),
    };
  }

  private dial(events: SocketEvents): Socket {
    const { world, isOnline } = this.browser;
    const guarded: SocketEvents = {
      opened: () => this.isAlive && events.opened(),
      message: (text) => this.isAlive && events.message(text),
      closed: () => this.isAlive && events.closed(),
    };
    if (!this.isAlive) return { send: () => undefined, close: () => undefined };
    if (!isOnline) {
      const cancel = world.clock.after(1, () => guarded.closed());
      return { send: () => undefined, close: cancel };
    }
    const wire = world.server.dial(guarded, () => this.browser.cookie);
    for (const old of this.wires) if (old.isOver) this.wires.delete(old);
    this.wires.add(wire);
    return {
      send: (text) => this.isAlive && wire.socket.send(text),
      close: () => this.isAlive && wire.socket.close(),
    };
  }

  private http(): Http {
    return { call: (request) => this.alive(() => this.call(structuredClone(request))) };
  }

  private call(request: HttpRequest): Promise<HttpResponse> {
    const { world } = this.browser;
    const { server, clock } = world;
    const { cookie } = this.browser;
    return new Promise((resolve, reject) => {
      const over = server.calling(() => fail('broken'));
      const cancel = clock.after(CALL_WITHIN, () => fail('late'));
      function fail(why: string): void {
        over();
        cancel();
        reject(new Error(why));
      }
      if (!this.browser.isOnline) return fail('offline');
      /** One way, unless the line is dead. */
      const travel = (run: () => void): void => {
        clock.after(server.delays.line(), () => server.pass(run));
      };
      travel(() => {
        if (server.isDown) return fail('down');
        const planned = server.faults.takeCall(request);
        if (planned === 'before') return fail('broken');
        const answered = planned instanceof Object ? planned : answer(server, request, cookie);
        if (planned === 'unanswered') return fail('broken');
        travel(() => {
          over();
          cancel();
          if (!this.isAlive) return;
          if (answered.cookie !== undefined) this.browser.cookie = answered.cookie;
          const { status, body } = answered;
          resolve({ status, body: structuredClone(body) });
        });
      });
    });
  }

  private storage(): Storage {
    const { disk } = this.browser;
    return {
      open: (user, lost) =>
        this.alive(async () => {
          const tables: Tables = await disk.open(user, () => this.isAlive && lost());
          this.losers.add(() => {
            tables.close();
            lost();
          });
          return wrapped(tables, this);
        }),
      wipe: (user) => this.alive(() => disk.wipe(user)),
    };
  }

  private channel(name: string, heard: (message: unknown) => void): Channel {
    const channel = this.browser.hub.open(name, (message) => this.isAlive && heard(message));
    this.channels.add(channel);
    return {
      post: (message) => this.isAlive && channel.post(message),
      close: () => channel.close(),
    };
  }

  private held(release: (() => void) | null): (() => void) | null {
    return release && this.mine(release);
  }

  private mine(release: () => void): () => void {
    // It came to a tab that is dead by now.
    if (!this.isAlive) release();
    this.releases.add(release);
    return () => {
      this.releases.delete(release);
      release();
    };
  }

  /** Of a dead tab nothing comes any more, good or bad. */
  alive<T>(work: () => Promise<T>): Promise<T> {
    if (!this.isAlive) return NEVER as Promise<T>;
    return new Promise((resolve, reject) => {
      work().then(
        (value) => this.isAlive && resolve(value),
        (fault: unknown) => this.isAlive && reject(fault),
      );
    });
  }
}

const NEVER = new Promise<never>(() => undefined);
