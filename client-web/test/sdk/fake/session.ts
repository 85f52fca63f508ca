import type { ClientFrame, ClientHello, ServerFrame } from '../../../src/sdk/protocol/frames.gen';
import type { SignIn } from './database';
import type { Cut } from './faults';
import { Live } from './live';
import type { FakeServer } from './server';
import type { ServerEnd, Wire } from './wire';

const HELLO_WITHIN = 5_000;
const TICK = 10_000;
const QUIET = 15_000;
const SILENCE = 60_000;
const STRIKES = 10;

const RECONNECT: ReadonlySet<string> = new Set([
  'draining',
  'slow_consumer',
  'idle',
  'protocol_error',
  'unavailable',
]);

export type ByeCode = Extract<ServerFrame, { t: 'bye' }>['code'];

/** One socket on the server, from its first frame to its last. */
export class Session implements ServerEnd {
  readonly id: string;
  live: Live | null = null;
  signIn: SignIn | null = null;
  isOver = false;
  private saidHello = false;
  private isMuted = false;
  private heardAt: number;
  private wroteAt: number;
  private strikes = 0;
  private draining: number | null = null;

  constructor(
    private readonly server: FakeServer,
    readonly wire: Wire,
    private readonly cookie: string | null,
  ) {
    const { clock } = server;
    this.id = server.nextSession();
    this.heardAt = clock.now();
    this.wroteAt = clock.now();
    this.later(HELLO_WITHIN, () => {
      if (!this.saidHello) this.bye('unauthenticated');
    });
    this.tick();
  }

  /** The person, once the session lives. */
  get user(): string | null {
    return this.live ? (this.signIn?.user ?? null) : null;
  }

  heard(text: string): void {
    if (this.isOver) return;
    this.heardAt = this.server.clock.now();
    // While it drains nothing new is begun: the client sends it again to the next node.
    const frame = this.draining === null ? this.decode(text) : null;
    if (!frame) return;
    const cut = this.server.faults.takeCut(frame);
    if (cut === 'before') {
      this.wire.cut();
      return;
    }
    if (cut === 'unanswered') this.isMuted = true;
    if (this.live) this.live.onFrame(frame, cut);
    else if (frame.t === 'hello' && !this.saidHello) this.onHello(frame, cut);
    else if (frame.t !== 'pong') this.bye('protocol_error');
  }

  gone(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.server.left(this);
  }

  write(frame: ServerFrame): void {
    if (this.isOver) return;
    this.wroteAt = this.server.clock.now();
    this.server.check(frame);
    if (!this.isMuted) this.wire.push(JSON.stringify(frame));
  }

  bye(code: ByeCode, retryAfterMs?: number): void {
    const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
    this.write({ t: 'bye', code, reconnect: RECONNECT.has(String(code)), ...wait });
    this.end();
  }

  /** The server closes, after what it has said. */
  end(): void {
    this.wire.end();
    this.gone();
  }

  /** What is under way is answered first. */
  drain(retryAfterMs: number): void {
    this.draining = retryAfterMs;
    this.partWhenIdle();
  }

  partWhenIdle(): void {
    if (this.draining !== null && (this.live?.isIdle ?? true)) this.bye('draining', this.draining);
  }

  /** Unless the socket is gone by then. */
  later(millis: number, run: () => void): void {
    this.server.clock.after(millis, () => {
      if (!this.isOver) run();
    });
  }

  /** What a planned fault does once a frame was answered. */
  afterwards(cut: Cut | null): void {
    if (cut === 'unanswered') this.wire.cut();
    else if (cut === 'answered') this.end();
  }

  private decode(text: string): ClientFrame | null {
    const { server } = this;
    const fault = server.faultOf(text);
    if (fault === null) return JSON.parse(text) as ClientFrame;
    server.violations.push(`${fault}: ${text}`);
    this.write({ t: 'error', code: 'bad_frame', retryable: false });
    this.strikes += 1;
    if (this.strikes >= STRIKES) this.bye('protocol_error');
    return null;
  }

  private onHello(hello: ClientHello, cut: Cut | null): void {
    this.saidHello = true;
    this.later(this.server.delays.think(), () => {
      const refused = this.admit(hello);
      if (refused) this.bye(refused);
      else this.live?.begin(hello);
      this.afterwards(cut);
    });
  }

  private admit(hello: ClientHello): ByeCode | null {
    const signIn = this.server.database.signIn(hello.token ?? this.cookie);
    if (!signIn) return 'unauthenticated';
    if (hello.user && hello.user !== signIn.user) return 'other_user';
    if (!this.server.hasRoomFor(signIn.user)) return 'too_many_sessions';
    this.signIn = signIn;
    this.live = new Live(this.server, this, signIn.user);
    this.server.came(this);
    return null;
  }

  private tick(): void {
    this.later(TICK, () => {
      const now = this.server.clock.now();
      const silence = now - this.heardAt;
      if (silence > SILENCE) {
        this.bye('idle');
        return;
      }
      if (this.live && Math.max(silence, now - this.wroteAt) > QUIET) this.write({ t: 'ping' });
      this.tick();
    });
  }
}
