import { Calls } from './account';
import { ApiError } from './api';
import { Asking } from './asking';
import { UNAUTHENTICATED } from './connection/byes';
import { Connection } from './connection/connection';
import type { Disk } from './disk';
import { Drafts } from './drafts';
import { Typing, Watching } from './ephemeral';
import { Inbox } from './inbox';
import type { Log } from './log/log';
import type { Kept } from './log/records';
import type { LogEvent } from './log/summary';
import { BACKLOG, Sync } from './log/sync';
import { Marking } from './marks';
import type { Pool } from './outbox/pool';
import type { Channel, Ports, Tables } from './ports';
import type { ClientHello, ServerFrame, ServerWelcome } from './protocol/frames.gen';
import { Reading } from './reading';
import { sendingPool } from './sending';
import type { ChatState, Person, StopReason } from './state';
import { isTabMessage, type TabMessage } from './tabs';
import { Views } from './views';

/** What a session may rely on until it is told otherwise. */
export const LIMITS = { text: 8_000, inFlight: 8, page: 100 };

export interface EngineOptions {
  readonly ports: Ports;
  readonly me: Person;
  readonly tables: Tables;
  readonly disk: Disk;
  readonly kept: Kept;
  /** Shows a change. */
  set(change: Partial<ChatState>): void;
  /** It can't go on, for this reason: whoever made it has to stop it. */
  ended(reason: StopReason): void;
  /** The server doesn't know the sign-in, or it didn't hear of it in time. */
  unknown(): void;
}

/**
 * A person's chat while it runs in a tab: puts the parts together and carries what one of them says
 * to the others. Each part has its own rule; none is here.
 */
export class Engine {
  readonly connection: Connection;
  readonly asking: Asking;
  readonly sync: Sync;
  readonly pool: Pool;
  readonly drafts: Drafts;
  readonly inbox: Inbox;
  readonly typing: Typing;
  readonly watching: Watching;
  readonly reading: Reading;
  readonly views: Views;
  readonly calls: Calls;
  limits = LIMITS;

  private readonly marking: Marking;
  private readonly channel: Channel;
  private session: { readonly epoch: string } | null = null;
  private since: string | null;

  constructor(private readonly options: EngineOptions) {
    const { ports, me, disk, kept, set } = options;
    const send = (frame: Parameters<Connection['send']>[0]) => this.connection.send(frame);
    const changed = (conversation: string) => this.views.changed(conversation);
    this.since = kept.since;
    this.calls = new Calls(ports.http, me.id);
    this.connection = new Connection(ports, {
      hello: (id) => this.hello(id),
      welcomed: (frame) => this.welcomed(frame),
      frame: (frame) => this.onFrame(frame),
      lost: (code) => this.lost(code),
      changed: () => set({ connection: this.connection.shown }),
    });
    this.asking = new Asking({
      clock: ports.clock,
      random: ports.random,
      connection: this.connection,
      session: () => this.session,
      page: () => this.limits.page,
    });
    this.sync = new Sync(this.syncPorts());
    this.marking = new Marking(ports.clock, send);
    this.typing = new Typing(ports.clock, send, changed);
    this.watching = new Watching(send, () => set({ presence: this.watching.presence }));
    this.inbox = new Inbox(this.inboxPorts());
    this.reading = new Reading({
      disk,
      sync: this.sync,
      inbox: this.inbox,
      isLive: () => this.session !== null,
      page: (conversation, before) => this.asking.page(conversation, before),
      found: (log, events) => {
        this.tellPool(log, events);
        this.marking.raise(log, log.newestOfPeer(events), 0);
      },
      changed,
    });
    this.channel = ports.channels.open(`parley:${me.id}`, (message) => this.onTab(message));
    this.drafts = new Drafts(ports.clock, disk, kept.drafts, (conversation, draft) =>
      this.post({ type: 'draft', conversation, draft }),
    );
    this.pool = sendingPool({
      ports,
      me,
      tables: options.tables,
      channel: this.channel,
      connection: this.connection,
      sync: this.sync,
      calls: this.calls,
      views: () => this.views,
      epoch: () => this.session?.epoch ?? null,
      window: () => this.limits.inFlight,
      guarded: (call) => this.guarded(call),
    });
    this.views = new Views({
      me: me.id,
      log: (id) => this.sync.log(id),
      typingUntil: (id) => this.typing.until(id),
      draft: (id) => this.drafts.get(id),
      items: (id) => this.pool.items(id),
      isUnderWay: (item) => this.pool.isUnderWay(item),
      publish: set,
    });
  }

  /** Shows what is kept, then connects. */
  async start(): Promise<void> {
    for (const row of this.options.kept.conversations) {
      this.sync.log(row.id).restore(row);
    }
    this.views.changed(...this.sync.logs.keys());
    await this.pool.start();
    this.connection.start();
  }

  async stop(reason: StopReason): Promise<void> {
    this.connection.stop(reason);
    await this.drafts.close();
    await this.pool.close();
    await this.options.disk.idle();
    this.channel.close();
  }

  /** The life of the database that is shown; null before the first. */
  get epoch(): string | null {
    return this.options.disk.epoch;
  }

  /** Tells the other tabs. */
  post(message: TabMessage): void {
    this.channel.post(message);
  }

  /** The person has seen here what the peer said up to this place. */
  markRead(conversation: string, upTo: number): void {
    const seq = this.sync.logs.get(conversation)?.newestUpTo(upTo) ?? 0;
    if (seq > 0) {
      this.raiseRead(conversation, seq);
      this.post({ type: 'read', epoch: this.options.disk.epoch, conversation, seq });
    }
  }

  private raiseRead(conversation: string, seq: number): void {
    const log = this.sync.logs.get(conversation);
    if (log !== undefined && this.marking.raise(log, seq, seq)) {
      this.options.disk.keepSummary(log);
      this.views.changed(conversation);
    }
  }

  /** What a call tells of the sign-in concerns the whole client. */
  async guarded<T>(call: Promise<T>): Promise<T> {
    try {
      return await call;
    } catch (failure) {
      if (failure instanceof ApiError && failure.code === 'other_user') {
        this.options.ended('other_user');
      }
      throw failure;
    }
  }

  private hello(id: number): ClientHello {
    const { me, disk, ports } = this.options;
    return {
      t: 'hello',
      id,
      client: ports.client,
      user: me.id,
      cursors: this.sync.greet(),
      backlog: BACKLOG,
      ...(disk.epoch === null ? {} : { epoch: disk.epoch }),
      ...(this.since === null ? {} : { since: this.since }),
    };
  }

  private welcomed(frame: ServerWelcome): void {
    const { disk, ports, set } = this.options;
    const same = disk.epoch === null || disk.epoch === frame.epoch;
    if (!same) {
      ports.log(`epoch ${disk.epoch} -> ${frame.epoch}: all copies are void`);
      this.since = null;
      this.views.forget();
      this.drafts.forgetPlaces();
      this.views.changed(...this.sync.logs.keys());
    }
    if (disk.epoch !== frame.epoch) {
      disk.beginEpoch(frame.epoch);
    }
    this.session = { epoch: frame.epoch };
    this.limits = frame.limits;
    set({ me: frame.user, textLimit: frame.limits.text });
    this.sync.begin(same);
    this.pool.began();
    this.watching.began();
    this.reading.fillAll();
  }

  private onFrame(frame: ServerFrame): void {
    switch (frame.t) {
      case 'inbox':
        this.sync.onInbox(frame);
        break;
      case 'conversation':
        this.sync.onTold(frame.conversation);
        break;
      case 'events':
        this.sync.onEvents(frame, frame.events);
        break;
      case 'caught_up':
        this.sync.onCaughtUp(frame);
        break;
      case 'behind':
        this.sync.onBehind(frame);
        break;
      case 'typing':
        if (frame.by !== this.options.me.id) {
          this.typing.hear(frame.conversation, frame.ttlMs);
        }
        break;
      case 'presence':
        this.watching.hear(frame.user, { online: frame.online, lastSeen: frame.lastSeen });
        break;
      case 'error':
        if (frame.code === 'resync' && frame.conversation !== undefined) {
          this.sync.onResync(frame.conversation);
        } else {
          this.options.ports.log(`error without a request: ${frame.code}`);
        }
        break;
      default:
    }
  }

  private lost(code: string | null): void {
    this.session = null;
    this.inbox.lost();
    this.sync.lost();
    this.marking.lost();
    this.typing.lost();
    this.watching.lost();
    this.pool.lost(code === 'protocol_error');
    if (code === UNAUTHENTICATED) {
      this.options.unknown();
    } else if (this.connection.shown.phase === 'stopped') {
      this.options.ended(this.connection.shown.reason);
    }
  }

  private syncPorts(): ConstructorParameters<typeof Sync>[0] {
    const { disk, ports, set } = this.options;
    return {
      request: (frame, answered) => {
        this.connection.request(frame, (reply) => {
          if (reply !== null) {
            answered(reply.t !== 'error');
          }
        });
      },
      nextId: () => this.connection.nextId(),
      later: (millis, run) => this.whileSession(millis, run),
      received: (log, events) => this.received(log, events),
      told: (log) => {
        disk.keepSummary(log);
        this.views.changed(log.id);
        this.reading.fill(log);
      },
      caughtUp: (log) => {
        this.pool.caughtUpIn(log.id);
        this.marking.repeat(log);
        this.reading.fill(log);
        this.askIfUntold(log);
      },
      voided: (log) => {
        this.views.changed(log.id);
        this.reading.fill(log);
      },
      dropped: (log) => {
        disk.drop(log.id);
        this.views.changed(log.id);
      },
      untold: () => this.inbox.ask(),
      reached: (since) => {
        if (this.since === null) {
          this.inbox.begin(this.sync.logs.size);
        }
        this.since = since;
        disk.reached(since);
        set({ inboxLoaded: true });
        this.reading.findAll();
      },
      isAwaited: (id) => this.pool.waitingIn().has(id),
      log: ports.log,
    };
  }

  private received(log: Log, events: readonly LogEvent[]): void {
    this.tellPool(log, events);
    const newest = log.newestOfPeer(events);
    if (newest > 0) {
      this.typing.hear(log.id, 0);
    }
    this.views.changed(log.id);
    const { disk } = this.options;
    const { epoch } = disk;
    const kept = disk.keep(log, { low: events[0]?.seq ?? 1, events });
    // Delivered is what this device has kept, not what has passed by.
    void kept.then(() => disk.epoch === epoch && this.marking.raise(log, newest, 0));
    void this.reading.recount(log);
    this.askIfUntold(log);
  }

  /** What is in the log needs no answer any more. */
  private tellPool(log: Log, events: readonly LogEvent[]): void {
    for (const event of events) {
      if (event.by === this.options.me.id) {
        this.pool.told(log.id, event);
      }
    }
  }

  private askIfUntold(log: Log): void {
    if (log.isUntold) {
      this.inbox.ask();
    }
  }

  private inboxPorts(): ConstructorParameters<typeof Inbox>[0] {
    const { ports, set } = this.options;
    return {
      calls: this.calls,
      random: ports.random,
      later: (millis, run) => this.whileSession(millis, run),
      told: (summary) => this.sync.onTold(summary),
      more: (inboxMore) => set({ inboxMore }),
      isLacking: () => [...this.sync.logs.values()].some((log) => log.isUntold),
    };
  }

  private onTab(message: unknown): void {
    if (!isTabMessage(message)) {
      return;
    }
    switch (message.type) {
      case 'queue':
        this.pool.heard(message).catch((failure: unknown) => {
          this.options.ports.log(`queue not read: ${String(failure)}`);
        });
        break;
      case 'read':
        // A tab that isn't connected may be in an earlier life, in which the place meant another.
        if (message.epoch === this.options.disk.epoch) {
          this.raiseRead(message.conversation, message.seq);
        }
        break;
      case 'draft':
        this.drafts.hear(message.conversation, message.draft);
        this.views.changed(message.conversation);
        break;
      case 'signedOut':
        // There it is wiped as well, and for whoever looks here it is the same.
        this.options.ended('revoked');
        break;
    }
  }

  /** Calls back later, unless the session ends before; false when there is none. */
  private whileSession(millis: number, run: () => void): boolean {
    const { session } = this;
    if (session === null) {
      return false;
    }
    this.options.ports.clock.after(millis, () => {
      if (this.session === session) {
        run();
      }
    });
    return true;
  }
}
