import type {
  ClientFrame,
  ClientHello,
  ClientSend,
  Cursor,
  ServerFrame,
} from '../../../src/sdk/protocol/frames.gen';
import type { Answer } from './conversation';
import type { Cut, Refusal } from './faults';
import { Follow } from './follow';
import { Lanes } from './lanes';
import type { FakeServer } from './server';
import type { Session } from './session';

const PING = 20_000;
const EVENTS_A_FRAME = 100;
const NEWEST = 100;
const MOST_READS = 8;

type Frame<T extends ClientFrame['t']> = Extract<ClientFrame, { t: T }>;

/** A session after its welcome: brings the client up to date, keeps it so, answers it. */
export class Live {
  readonly follow: Follow;
  watched = new Set<string>();
  private readonly lanes: Lanes;
  private readonly reads: (() => void)[] = [];
  private isReading = false;

  constructor(
    private readonly server: FakeServer,
    private readonly session: Session,
    private readonly me: string,
  ) {
    const { clock, database } = server;
    this.lanes = new Lanes(clock, () => server.limits.inFlight);
    this.follow = new Follow({
      clock,
      readDelay: () => server.delays.read(),
      chunk: () => server.chunk,
      head: (conversation) => database.conversations.get(conversation)?.head ?? 0,
      push: (conversation, after, upTo) => this.pushEvents(conversation, after, upTo),
      caughtUp: (conversation, seq) => session.write({ t: 'caught_up', conversation, seq }),
      announce: (conversation, base) => this.announce(conversation, base),
      isOver: () => session.isOver,
    });
  }

  get isIdle(): boolean {
    return this.lanes.areEmpty;
  }

  begin(hello: ClientHello): void {
    const { epoch, limits, database, clock, delays } = this.server;
    this.session.write({
      t: 'welcome',
      re: hello.id,
      epoch,
      session: this.session.id,
      user: database.person(this.me),
      now: clock.now(),
      pingMs: PING,
      limits,
    });
    const isSameLife = !hello.epoch || hello.epoch === epoch;
    const cursors = hello.cursors ?? [];
    if (isSameLife) this.lookUp(cursors, hello.backlog ?? null);
    else for (const [conversation] of cursors) this.resync(conversation);
    const since = isSameLife ? (hello.since ?? null) : null;
    this.session.later(delays.read(), () => this.tellInbox(since, 0));
  }

  onFrame(frame: ClientFrame, cut: Cut | null): void {
    switch (frame.t) {
      case 'send':
        this.onSend(frame, cut);
        break;
      case 'page':
        this.read(frame.id, cut, () => this.page(frame));
        break;
      case 'start':
        this.read(frame.id, cut, () => this.start(frame));
        break;
      case 'resume':
        this.read(frame.id, cut, () => this.resume(frame));
        break;
      default:
        this.note(frame);
        this.session.afterwards(cut);
    }
  }

  /** What is answered at once, or not at all. */
  private note(frame: Exclude<ClientFrame, Frame<'send' | 'page' | 'start' | 'resume'>>): void {
    switch (frame.t) {
      case 'hello':
        this.session.bye('protocol_error');
        break;
      case 'mark':
        this.server.mark(this.me, frame);
        break;
      case 'typing':
        this.server.typing(this.me, frame.conversation, frame.on);
        break;
      case 'watch':
        this.server.watch(this.session, frame.users);
        break;
      case 'ping':
        this.session.write({ t: 'pong', re: frame.id, now: this.server.clock.now() });
        break;
      case 'pong':
        break;
    }
  }

  /** Before every other read: a resume must not be taken back to where the hello began. */
  private lookUp(cursors: readonly Cursor[], backlog: number | null): void {
    for (const [conversation] of cursors) this.follow.expect(conversation);
    this.isReading = true;
    this.session.later(this.server.delays.read(), () => {
      this.replay(cursors, backlog);
      this.readOn();
    });
  }

  private tellInbox(since: string | null, skip: number): void {
    const { database, inboxPage, delays } = this.server;
    const limit = since === null ? NEWEST : inboxPage;
    const page = database.inbox(this.me, versionOf(since), skip, limit);
    const conversations = [...page.conversations];
    while (conversations.length > inboxPage) {
      const some = conversations.splice(0, inboxPage);
      this.session.write({ t: 'inbox', conversations: some, more: true });
    }
    // Without a place the newest are enough; with one, all that changed has to come.
    const next = since === null ? null : page.next;
    const place = next === null ? { since: `v${page.version}` } : {};
    this.session.write({ t: 'inbox', conversations, more: next !== null, ...place });
    for (const { id, head } of page.conversations) this.follow.told(id, head);
    this.follow.pump();
    if (next !== null) this.session.later(delays.read(), () => this.tellInbox(since, next));
  }

  private onSend(frame: ClientSend, cut: Cut | null): void {
    const { id, conversation } = frame;
    const refusal = this.server.faults.takeRefusal(frame);
    if (refusal?.retryable && !refusal.stored) {
      this.refuse(frame, refusal.code, refusal.retryAfterMs);
      this.session.afterwards(cut);
      return;
    }
    const isTaken = this.lanes.send(conversation, this.server.delays.think, () =>
      this.conclude(frame, cut, refusal),
    );
    if (!isTaken) {
      this.refuse({ id, conversation }, 'overloaded');
      this.session.afterwards(cut);
    }
  }

  /** Also when the client is gone by now: what was heard is done, unless the process was. */
  private conclude(frame: ClientSend, cut: Cut | null, refusal: Refusal | null): void {
    const { server, session } = this;
    if (server.isCrashedSince(session)) return;
    const { conversation } = frame;
    const { answer, tell } = server.perform(this.me, conversation, frame, refusal?.final ?? null);
    const reply = (): void =>
      session.write(refusal?.stored ? unknownOutcome(frame) : toFrame(frame, answer));
    // The event and the answer may come in either order.
    const isFirst = server.random.chance(0.5);
    if (isFirst) reply();
    tell();
    if (!isFirst) reply();
    session.afterwards(cut);
    session.partWhenIdle();
  }

  private refuse(
    { id, conversation }: Pick<ClientSend, 'id' | 'conversation'>,
    code: Refusal['code'],
    retryAfterMs?: number,
  ): void {
    const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
    this.session.write({ t: 'error', re: id, conversation, code, retryable: true, ...wait });
  }

  private page(frame: Frame<'page'>): void {
    const { id, conversation, before, after, limit } = frame;
    const page = this.server.page(this.me, conversation, {
      before: before ?? null,
      after: after ?? null,
      limit: limit ?? null,
    });
    this.session.write(
      page
        ? { t: 'page', re: id, conversation, ...page }
        : { t: 'error', re: id, conversation, code: 'not_found', retryable: false },
    );
  }

  private start(frame: Frame<'start'>): void {
    const { database } = this.server;
    const started = database.start(this.me, frame.peer);
    if (typeof started === 'string') {
      this.session.write({ t: 'error', re: frame.id, code: started, retryable: false });
      return;
    }
    const conversation = database.summary(started, this.me);
    this.session.write({ t: 'conversation', re: frame.id, conversation });
    this.follow.told(started.id, started.head);
  }

  private resume(frame: Frame<'resume'>): void {
    this.session.write({ t: 'ok', re: frame.id });
    this.replay(frame.cursors, null);
  }

  private replay(cursors: readonly Cursor[], backlog: number | null): void {
    for (const [id, cursor] of cursors) {
      const head = this.server.database.mine(this.me, id)?.head;
      if (head === undefined || (cursor ?? 0) > head) {
        this.follow.dismiss(id);
        this.resync(id);
      } else if (backlog !== null && head - (cursor ?? head) > backlog) {
        this.session.write({ t: 'behind', conversation: id, cursor: cursor ?? head, head });
        this.follow.skip(id, head);
      } else {
        this.follow.replay(id, cursor ?? head, head);
      }
    }
    this.follow.pump();
  }

  private resync(conversation: string): void {
    this.session.write({ t: 'error', conversation, code: 'resync', retryable: false });
  }

  private announce(id: string, base: number | null): number {
    const { database } = this.server;
    const held = database.conversations.get(id);
    if (!held) return 0;
    const head = base ?? held.head;
    this.session.write({
      t: 'conversation',
      conversation: database.summary(held, this.me, head),
    });
    return head;
  }

  private pushEvents(id: string, after: number, upTo: number): void {
    const held = this.server.database.conversations.get(id);
    const events = held?.seenBy(this.me, after, upTo) ?? [];
    for (let i = 0; i < events.length; i += EVENTS_A_FRAME) {
      const some = events.slice(i, i + EVENTS_A_FRAME);
      this.session.write({ t: 'events', conversation: id, events: some });
    }
  }

  /** Reads go one by one. */
  private read(id: number, cut: Cut | null, done: () => void): void {
    if (this.reads.length >= MOST_READS) {
      this.session.write({ t: 'error', re: id, code: 'overloaded', retryable: true });
      this.session.afterwards(cut);
      return;
    }
    this.reads.push(() => {
      done();
      this.session.afterwards(cut);
    });
    if (!this.isReading) this.readOn();
  }

  private readOn(): void {
    const next = this.reads.shift();
    this.isReading = next !== undefined;
    if (!next) return;
    this.session.later(this.server.delays.read(), () => {
      next();
      this.readOn();
    });
  }
}

/** A place that can't be read is the beginning. */
function versionOf(since: string | null): number {
  return Number(/^v(\d+)$/.exec(since ?? '')?.[1] ?? 0);
}

function unknownOutcome({ id, conversation }: ClientSend): ServerFrame {
  return { t: 'error', re: id, conversation, code: 'unavailable', retryable: true };
}

function toFrame(send: ClientSend, answer: Answer): ServerFrame {
  const { id: re, conversation, outbox, n } = send;
  switch (answer.type) {
    case 'accepted': {
      const { seq, at, duplicate } = answer;
      return { t: 'accepted', re, conversation, outbox, n, seq, at, duplicate };
    }
    case 'skipped':
      return { t: 'skipped', re, conversation, outbox, n };
    case 'out_of_order': {
      const { expected } = answer;
      return { t: 'error', re, conversation, code: 'out_of_order', retryable: true, expected };
    }
    case 'refused': {
      const code = answer.code as Refusal['code'];
      return { t: 'error', re, conversation, code, retryable: false };
    }
  }
}
