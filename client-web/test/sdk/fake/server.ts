import type { SocketEvents } from '../../../src/sdk/ports';
import type {
  ClientMark,
  Event,
  Operation,
  Person,
  ServerFrame,
} from '../../../src/sdk/protocol/frames.gen';
import { schemas } from '../examples';
import type { FakeClock } from './clock';
import type { Answer, Claim, Conversation } from './conversation';
import { Database, type Snapshot } from './database';
import { Faults } from './faults';
import type { SeededRandom } from './random';
import { type ByeCode, Session } from './session';
import { Wire } from './wire';

const TYPING = 6_000;
const SESSIONS = 10;
const fault = schemas();

export interface Page {
  readonly events: Event[];
  readonly start: boolean;
  readonly head: number;
}

/** What both doors may say with an operation. */
export interface Sent {
  readonly outbox: number;
  readonly n: number;
  readonly op: Operation;
  readonly delivered?: number | null;
  readonly read?: number | null;
}

/**
 * The whole server in one object, as docs/protocol.md has it, under a clock that stands still until
 * it is told. Everything that happens in a network, a process or a database can be made to happen.
 */
export class FakeServer {
  readonly database = new Database();
  readonly faults = new Faults();
  readonly sessions = new Set<Session>();
  /** Frames of clients that break the protocol; a test that ends with any has failed. */
  readonly violations: string[] = [];
  epoch = 'e_1';
  limits = { text: 8_000, inFlight: 8, page: 100 };
  /** Conversations in an `inbox` frame. */
  inboxPage = 100;
  /** Events that one read for a replay brings. */
  chunk = 200;
  /** New lines and calls are refused. */
  isDown = false;
  /** Each is asked whenever it is needed, and may answer differently each time; in milliseconds. */
  delays = {
    /** One way through the network. */
    line: (): number => 5,
    think: (): number => 0,
    read: (): number => 1,
    /** From a stored event to the inbox that lists it. */
    feed: (): number => 0,
    /** From a deletion to the erasure of what was deleted. */
    erase: (): number => 1_000,
  };
  private readonly wires = new Set<Wire>();
  private readonly lastSeen = new Map<string, number>();
  private readonly crashed = new WeakSet<Session>();
  private stalled = false;
  private held: (() => void)[] = [];
  private readonly calls = new Set<() => void>();
  private generation = 0;
  private sessionIds = 0;

  constructor(
    readonly clock: FakeClock,
    readonly random: SeededRandom,
  ) {}

  // What people do, without a client of ours.

  signUp(username: string): Person {
    const person = this.database.addAccount(username, `password of ${username}`, null);
    if (!person) throw new Error(`${username} is taken`);
    return person;
  }

  /** Somebody says something from elsewhere, under an outbox of its own. */
  say(by: Person, to: Person, op: Exclude<Operation, { kind: 'skip' }>): Answer {
    const conversation = this.database.pair(by.id, to.id);
    const outbox = this.database.mint(by.id);
    const done = this.perform(by.id, conversation.id, { outbox, n: 1, op }, null);
    done.tell();
    return done.answer;
  }

  text(by: Person, to: Person, text: string): Answer {
    return this.say(by, to, { kind: 'message', text });
  }

  // What happens to a server.

  snapshot(): Snapshot {
    return this.database.snapshot();
  }

  /** A backup is restored: another life of the database, as it once was. */
  restore(snapshot: Snapshot): void {
    this.crash();
    this.database.restore(snapshot);
    this.generation += 1;
    this.epoch = `e_${this.generation + 1}`;
    // The inbox is rebuilt from the logs, while people are already there.
    for (const held of this.database.conversations.values()) {
      this.clock.after(this.delays.feed(), () => this.sumUp(held));
    }
  }

  /** The process ends at once and comes back: all lines break, what only memory knew is gone. */
  crash(): void {
    for (const session of this.sessions) this.crashed.add(session);
    this.held = [];
    for (const wire of [...this.wires]) wire.cut();
    for (const broken of [...this.calls]) broken();
    this.forgetSpent();
  }

  /** As when a conversation moves to another node: no line breaks. */
  forgetSpent(): void {
    for (const conversation of this.database.conversations.values()) conversation.forgetSpent();
  }

  /** This node stops; another is there at once. */
  drain(retryAfterMs = 1_000): void {
    for (const session of [...this.sessions]) session.drain(retryAfterMs);
  }

  /** Nothing passes any more on any line, and nobody is told. */
  stall(): void {
    this.stalled = true;
    for (const wire of this.wires) wire.stall(true);
  }

  /** What was held back passes, late. */
  release(): void {
    this.stalled = false;
    for (const wire of this.wires) wire.stall(false);
    const held = this.held;
    this.held = [];
    for (const run of held) run();
  }

  /** Breaks all lines, or those of one person. */
  cut(user?: Person): void {
    for (const session of [...this.sessions]) {
      if (!user || session.signIn?.user === user.id) session.wire.cut();
    }
  }

  bye(code: ByeCode, retryAfterMs?: number): void {
    for (const session of [...this.sessions]) session.bye(code, retryAfterMs);
  }

  /** Ends a sign-in, or all of somebody's. */
  revoke(user: string, signIn?: string): void {
    for (const { id } of this.database.signInsOf(user)) {
      if (signIn !== undefined && id !== signIn) continue;
      this.database.removeSignIn(id);
      for (const session of [...this.sessions]) {
        if (session.signIn?.id === id) session.bye('revoked');
      }
    }
  }

  // What lines and calls need.

  dial(events: SocketEvents, cookie: () => string | null): Wire {
    const wire: Wire = new Wire(
      this.clock,
      () => this.delays.line(),
      events,
      (accepted) => {
        if (this.isDown) return null;
        const session = new Session(this, accepted, cookie());
        this.sessions.add(session);
        return session;
      },
    );
    for (const old of this.wires) if (old.isOver) this.wires.delete(old);
    this.wires.add(wire);
    if (this.stalled) wire.stall(true);
    return wire;
  }

  /** Now, or when the lines are no longer stalled. */
  pass(run: () => void): void {
    if (this.stalled) this.held.push(run);
    else run();
  }

  /** A call is under way, until `over` is called; `broken` is when the process ends before. */
  calling(broken: () => void): () => void {
    const own = (): void => broken();
    this.calls.add(own);
    return () => this.calls.delete(own);
  }

  nextSession(): string {
    this.sessionIds += 1;
    return `session_${this.sessionIds}`;
  }

  /** What is wrong with a text from a client, or null. */
  faultOf(text: string): string | null {
    try {
      return fault('client-frame.json', JSON.parse(text));
    } catch {
      return 'no JSON';
    }
  }

  /** This server keeps to the protocol itself. */
  check(frame: ServerFrame): void {
    const wrong = fault('server-frame.json', frame);
    if (wrong) throw new Error(`The fake server would say ${JSON.stringify(frame)}: ${wrong}`);
  }

  isCrashedSince(session: Session): boolean {
    return this.crashed.has(session);
  }

  hasRoomFor(user: string): boolean {
    return this.of(user).length < SESSIONS;
  }

  came(session: Session): void {
    const { user } = session;
    if (user !== null && this.of(user).length === 1) this.tellPresence(user);
  }

  left(session: Session): void {
    const { user } = session;
    this.sessions.delete(session);
    if (user !== null && this.of(user).length === 0) {
      this.lastSeen.set(user, Math.floor(this.clock.now() / 60_000) * 60_000);
      this.tellPresence(user);
    }
  }

  /** Decides an operation; `tell` brings what was stored to everybody. */
  perform(
    by: string,
    conversation: string,
    sent: Sent,
    refusal: string | null,
  ): { readonly answer: Answer; tell(): void } {
    const nothing = (): void => undefined;
    const held = this.database.mine(by, conversation);
    if (!held) return { answer: { type: 'refused', code: 'not_found' }, tell: nothing };
    if (!this.database.isMinted(by, sent.outbox)) {
      return { answer: { type: 'refused', code: 'invalid' }, tell: nothing };
    }
    const { outbox, n, op } = sent;
    const before = held.head;
    const answer = held.perform(
      { by, outbox, n, op, claim: claim(sent) },
      this.clock.now(),
      refusal,
    );
    if (op.kind === 'delete' && held.head > before) this.eraseLater(held, op.of);
    return { answer, tell: () => this.stored(held, before) };
  }

  mark(by: string, mark: ClientMark): void {
    const held = this.database.mine(by, mark.conversation);
    const claimed = claim(mark);
    if (!held || !claimed) return;
    const before = held.head;
    held.mark(by, claimed, this.clock.now());
    this.stored(held, before);
  }

  typing(by: string, conversation: string, on: boolean): void {
    const held = this.database.mine(by, conversation);
    if (!held) return;
    for (const session of this.of(held.peerOf(by))) {
      session.write({ t: 'typing', conversation, by, ttlMs: on ? TYPING : 0 });
    }
  }

  watch(session: Session, users: readonly string[]): void {
    const { live, user: me } = session;
    if (!live || me === null) return;
    const before = live.watched;
    const wanted = users.filter((user) => user !== me);
    live.watched = new Set(wanted.filter((user) => this.database.arePeers(me, user)));
    for (const user of wanted) {
      if (!live.watched.has(user)) {
        session.write({ t: 'presence', user, online: false, lastSeen: null });
      } else if (!before.has(user)) {
        session.write(this.presence(user));
      }
    }
  }

  page(
    me: string,
    conversation: string,
    bounds: { before: number | null; after: number | null; limit: number | null },
  ): Page | null {
    const held = this.database.mine(me, conversation);
    if (!held) return null;
    const { before, after } = bounds;
    const limit = Math.min(bounds.limit ?? this.limits.page, this.limits.page);
    const end = after === null ? Math.min((before ?? Infinity) - 1, held.head) : after + limit;
    const events = held.seenBy(me, after ?? end - limit, Math.max(0, end));
    const first = events[0];
    return { events, start: first ? first.seq === 1 : after === null, head: held.head };
  }

  private of(user: string): Session[] {
    return [...this.sessions].filter((session) => session.user === user);
  }

  private stored(held: Conversation, before: number): void {
    if (held.head === before) return;
    for (const session of this.sessions) {
      if (session.user !== null && held.includes(session.user)) {
        session.live?.follow.live(held.id, before + 1, held.head);
      }
    }
    const delay = this.delays.feed();
    if (delay === 0) this.sumUp(held);
    else this.clock.after(delay, () => this.sumUp(held));
  }

  private sumUp(held: Conversation): void {
    // Of another life of the database by now.
    if (this.database.conversations.get(held.id) !== held) return;
    this.database.sumUp(held);
    for (const session of this.sessions) {
      if (session.user !== null && held.includes(session.user)) {
        session.live?.follow.heard(held.id, this.database.asOf(held.id));
      }
    }
  }

  private eraseLater(held: Conversation, of: number): void {
    this.clock.after(this.delays.erase(), () => held.erase(of));
  }

  private presence(user: string): ServerFrame {
    const online = this.of(user).length > 0;
    const lastSeen = online ? null : (this.lastSeen.get(user) ?? null);
    return { t: 'presence', user, online, lastSeen };
  }

  private tellPresence(user: string): void {
    for (const session of this.sessions) {
      if (session.live?.watched.has(user)) session.write(this.presence(user));
    }
  }
}

function claim({ delivered, read }: Pick<Sent, 'delivered' | 'read'>): Claim | null {
  if ((delivered ?? null) === null && (read ?? null) === null) return null;
  return { delivered: Math.max(delivered ?? 0, read ?? 0), read: read ?? 0 };
}
