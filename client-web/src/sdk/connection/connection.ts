import type { Ports, Socket } from '../ports';
import { encode, parse } from '../protocol/codec';
import type { ClientFrame, ClientHello, ServerFrame, ServerWelcome } from '../protocol/frames.gen';
import type { Connection as Shown, StopReason } from '../state';
import { parting } from './byes';
import * as machine from './machine';
import { type Reply, Requests } from './requests';

export interface ConnectionEvents {
  /** What to say first. */
  hello(id: number): ClientHello;
  /** The session lives. */
  welcomed(frame: ServerWelcome): void;
  /** Anything else that isn't the answer to a request. */
  frame(frame: ServerFrame): void;
  /** The session is over, or never came to be; with the code of its goodbye. */
  lost(code: string | null): void;
  /** There is another state to show. */
  changed(): void;
}

/**
 * Keeps one session alive: does what the machine wants, and hands frames on. Each dial begins a
 * life of its own; what still comes of an earlier one is told apart by the socket.
 */
export class Connection {
  private state: machine.State;
  private socket: Socket | null = null;
  private retired: Socket | null = null;
  private requests = new Requests();
  private goodbye: string | null = null;
  private greeted = false;
  private alarm: (() => void) | null = null;
  private unwatch: (() => void) | null = null;

  constructor(
    private readonly ports: Ports,
    private readonly events: ConnectionEvents,
  ) {
    const { clock, surroundings } = ports;
    this.state = machine.initial(clock.now(), surroundings.online(), surroundings.visible());
  }

  start(): void {
    this.unwatch ??= this.ports.surroundings.watch((what) => {
      const { surroundings } = this.ports;
      switch (what) {
        case 'network':
          this.happen({ type: 'network', online: surroundings.online() });
          break;
        case 'visibility':
          this.happen({ type: 'visibility', visible: surroundings.visible() });
          break;
        case 'woke':
        case 'leaving':
          this.happen({ type: what });
          break;
      }
    });
    this.happen({ type: 'start' });
  }

  stop(reason: StopReason): void {
    this.happen({ type: 'stop', reason });
    this.unwatch?.();
    this.unwatch = null;
  }

  retryNow(): void {
    this.happen({ type: 'retry' });
  }

  /** An answer is overdue. */
  doubt(): void {
    this.happen({ type: 'doubted' });
  }

  get isLive(): boolean {
    return this.state.phase === 'live';
  }

  get shown(): Shown {
    const { phase, since, due, reason, online } = this.state;
    if (phase === 'stopped') {
      return { phase, since, reason };
    }
    if (phase === 'waiting') {
      return { phase, since, retryAt: due, offline: !online };
    }
    return { phase: phase === 'live' ? 'live' : 'connecting', since };
  }

  nextId(): number {
    return this.requests.nextId();
  }

  /** False when there is no session. */
  send(frame: ClientFrame): boolean {
    if (!this.isLive || this.socket === null) {
      return false;
    }
    this.socket.send(encode(frame));
    return true;
  }

  /** False when there is no session; a null reply says that it ended before the answer came. */
  request(frame: ClientFrame & { id: number }, answered: (reply: Reply | null) => void): boolean {
    if (!this.isLive) {
      return false;
    }
    this.requests.expect(frame.id, answered);
    return this.send(frame);
  }

  private happen(happening: machine.Happening): void {
    const before = this.state;
    const now = this.ports.clock.now();
    const [state, effects] = machine.step(before, happening, now, this.ports.random.fraction());
    this.state = state;
    for (const effect of effects) {
      this.perform(effect);
    }
    // What was alive and isn't any more: whoever waits for it must know before the next dial.
    if (machine.hasSocket(before) && !machine.hasSocket(state)) {
      this.over();
    }
    this.setAlarm();
    if (before.phase !== state.phase || before.online !== state.online) {
      this.ports.log(`connection: ${before.phase} -> ${state.phase} by ${happening.type}`);
      this.events.changed();
    }
  }

  private perform(effect: machine.Effect): void {
    switch (effect.type) {
      case 'dial':
        this.dial();
        break;
      case 'greet': {
        this.greeted = true;
        const hello = this.events.hello(this.requests.nextId());
        this.socket?.send(encode(hello));
        break;
      }
      case 'ping':
        this.socket?.send(encode({ t: 'ping', id: this.requests.nextId() }));
        break;
      case 'hangUp': {
        const socket = this.socket;
        this.socket = null;
        socket?.close();
        break;
      }
      case 'retire':
        // The server closes it after its goodbye; if it doesn't, it goes when the next one lives.
        this.retired = this.socket;
        this.socket = null;
        break;
    }
  }

  private dial(): void {
    this.requests = new Requests();
    this.goodbye = null;
    this.greeted = false;
    const current = (): boolean => this.socket === socket;
    const socket: Socket = this.ports.sockets.dial({
      opened: () => {
        if (current()) {
          this.happen({ type: 'opened' });
        }
      },
      message: (text) => {
        if (current()) {
          this.hear(text);
        }
      },
      closed: () => {
        if (current()) {
          this.socket = null;
          this.happen({ type: 'closed' });
        }
      },
    });
    this.socket = socket;
  }

  private hear(text: string): void {
    const frame = parse(text);
    this.happen({ type: 'heard' });
    if (frame !== null && 'fault' in frame) {
      this.ports.log(`frame not understood: ${frame.fault}`);
    } else if (frame !== null) {
      this.onFrame(frame);
    }
  }

  private onFrame(frame: ServerFrame): void {
    switch (frame.t) {
      case 'welcome':
        this.happen({ type: 'welcomed', pingMillis: frame.pingMs });
        this.retired?.close();
        this.retired = null;
        this.events.welcomed(frame);
        break;
      case 'ping':
        this.send({ t: 'pong' });
        break;
      case 'pong':
        break;
      case 'bye':
        this.onBye(frame);
        break;
      default:
        if (!('re' in frame) || frame.re === undefined || !this.requests.answer(frame as Reply)) {
          this.events.frame(frame);
        }
    }
  }

  private onBye(frame: Extract<ServerFrame, { t: 'bye' }>): void {
    const code = String(frame.code);
    this.goodbye = code;
    this.ports.log(`bye ${code}`);
    const part = parting(code, frame.reconnect);
    if (part.stop !== null) {
      this.happen({ type: 'stop', reason: part.stop });
    } else {
      const retryAfterMillis = frame.retryAfterMs ?? 0;
      this.happen({ type: 'parted', draining: part.draining, retryAfterMillis });
    }
  }

  private over(): void {
    this.requests.lost();
    if (this.greeted) {
      this.greeted = false;
      this.events.lost(this.goodbye);
    }
  }

  private setAlarm(): void {
    this.alarm?.();
    this.alarm = null;
    const { due } = this.state;
    if (due < Number.POSITIVE_INFINITY) {
      const millis = Math.max(0, due - this.ports.clock.now());
      this.alarm = this.ports.clock.after(millis, () => this.happen({ type: 'tick' }));
    }
  }
}
