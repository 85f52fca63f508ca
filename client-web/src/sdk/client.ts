import { createStore, type StoreApi } from 'zustand/vanilla';
import { accountApi, Calls } from './account';
import { type AccountApi, ApiError, type ChatClient } from './api';
import { UNAUTHENTICATED } from './connection/byes';
import { retryDelay } from './connection/backoff';
import { Connection } from './connection/connection';
import type { Reply } from './connection/requests';
import { Disk } from './disk';
import { Drafts } from './drafts';
import { Typing, Watching } from './ephemeral';
import { History } from './history';
import type { Log } from './log/log';
import type { LogEvent } from './log/summary';
import { Timeline } from './log/timeline';
import { BACKLOG, Sync } from './log/sync';
import { Marking } from './marks';
import type { Item, Wanted } from './outbox/item';
import type { Answer, Sending } from './outbox/lane';
import { Pool } from './outbox/pool';
import { textFault } from './outbox/text';
import type { Channel, Ports, Tables } from './ports';
import * as bodies from './protocol/bodies';
import type { ClientHello, ServerFrame, ServerWelcome } from './protocol/frames.gen';
import type { ChatState, Person, StopReason } from './state';
import { isTabMessage, type TabMessage } from './tabs';
import { Views } from './views';

/** What one session of this client may rely on, as the last welcome told it. */
interface Limits {
  readonly text: number;
  readonly inFlight: number;
  readonly page: number;
}

const LIMITS: Limits = { text: 8_000, inFlight: 8, page: 100 };
const INBOX_PAGE = 100;

/**
 * One person's chat in one tab: puts the parts together and carries what one of them says to the
 * others. Each part has its own rule; none is here.
 */
export class Client implements ChatClient {
  readonly state: StoreApi<ChatState>;
  readonly account: AccountApi;

  private readonly connection: Connection;
  private readonly sync: Sync;
  private readonly marking: Marking;
  private readonly typingNotes: Typing;
  private readonly watching: Watching;
  private readonly views: Views;
  private readonly calls: Calls;
  private parts: Parts | null = null;
  private starting: Promise<void> | null = null;
  private since: string | null = null;
  private limits = LIMITS;
  private session: { readonly epoch: string } | null = null;
  private asking = false;
  private inboxCursor: string | null | undefined = undefined;

  constructor(
    private readonly ports: Ports,
    private readonly me: Person,
  ) {
    const send = (frame: Parameters<Connection['send']>[0]) => this.connection.send(frame);
    this.account = accountApi(ports.http, me.id, ports.device);
    this.calls = new Calls(ports.http, me.id);
    this.connection = new Connection(ports, {
      hello: (id) => this.hello(id),
      welcomed: (frame) => this.welcomed(frame),
      frame: (frame) => this.onFrame(frame),
      lost: (code) => this.lost(code),
      changed: () => this.connectionChanged(),
    });
    this.sync = new Sync(this.syncPorts());
    this.marking = new Marking(ports.clock, send);
    this.typingNotes = new Typing(ports.clock, send, (id) => this.views.changed(id));
    this.watching = new Watching(send, () => this.set({ presence: this.watching.presence }));
    this.state = createStore<ChatState>(() => this.initial());
    this.views = new Views({
      me: me.id,
      logs: this.sync.logs,
      typingUntil: (id) => this.typingNotes.until(id),
      draft: (id) => this.parts?.drafts.get(id) ?? null,
      items: (id) => this.parts?.pool.items(id) ?? [],
      isUnderWay: (item) => this.parts?.pool.isUnderWay(item) ?? false,
      publish: (views) => this.set(views),
    });
  }

  start(): Promise<void> {
    this.starting ??= this.begin();
    return this.starting;
  }

  async stop(): Promise<void> {
    await this.starting?.catch(() => {});
    await this.end('idle');
  }

  async signOut(): Promise<void> {
    await this.account.signOut();
    await this.starting?.catch(() => {});
    this.post({ type: 'signedOut' });
    await this.end('signed_out');
    await this.ports.storage.wipe(this.me.id);
  }

  retryNow(): void {
    this.connection.retryNow();
  }

  async open(conversation: string): Promise<void> {
    const log = this.sync.log(conversation);
    log.show();
    this.views.changed(conversation);
    this.sync.want(conversation);
    await this.parts?.history.fill(log);
  }

  close(conversation: string): void {
    const log = this.sync.logs.get(conversation);
    if (log !== undefined) {
      log.shown = null;
      this.views.changed(conversation);
    }
  }

  async loadOlder(conversation: string): Promise<void> {
    const log = this.sync.logs.get(conversation);
    if (log !== undefined) {
      await this.parts?.history.older(log);
    }
  }

  async loadMoreConversations(): Promise<void> {
    if (this.inboxCursor === null) {
      return;
    }
    const cursor =
      this.inboxCursor === undefined ? '' : `&cursor=${encodeURIComponent(this.inboxCursor)}`;
    const path = `/v1/conversations?limit=${INBOX_PAGE}${cursor}`;
    const page = await this.guarded(this.calls.read({ method: 'GET', path }, bodies.inbox));
    for (const summary of page.conversations) {
      this.sync.onTold(summary);
    }
    this.inboxCursor = page.cursor;
    this.set({ inboxMore: page.cursor !== null });
  }

  async startWith(username: string): Promise<string> {
    const id = this.connection.nextId();
    const reply = await this.request({ t: 'start', id, peer: username });
    if (reply.t !== 'conversation') {
      throw new ApiError('unavailable');
    }
    this.sync.onTold(reply.conversation);
    return reply.conversation.id;
  }

  async findPeople(prefix: string): Promise<readonly Person[]> {
    const path = `/v1/users?q=${encodeURIComponent(prefix)}`;
    const found = await this.guarded(this.calls.read({ method: 'GET', path }, bodies.people));
    return found.users.filter((person) => person.id !== this.me.id);
  }

  textFault(text: string): ReturnType<ChatClient['textFault']> {
    return textFault(text, this.limits.text);
  }

  async send(conversation: string, text: string, replyTo: number | null = null): Promise<string> {
    this.checkText(text);
    const key = await this.enqueue(conversation, { kind: 'message', text, replyTo });
    this.typingNotes.sent(conversation);
    return key;
  }

  async edit(conversation: string, of: number, text: string): Promise<void> {
    this.checkText(text);
    await this.enqueue(conversation, { kind: 'edit', of, text });
  }

  async remove(conversation: string, of: number): Promise<void> {
    await this.enqueue(conversation, { kind: 'delete', of });
  }

  async react(conversation: string, of: number, emoji: string, on: boolean): Promise<void> {
    await this.enqueue(conversation, { kind: 'react', of, emoji, on });
  }

  async retry(key: string): Promise<void> {
    await this.running().pool.retry(key);
  }

  async discard(key: string): Promise<void> {
    await this.running().pool.discard(key);
  }

  markRead(conversation: string, seq: number): void {
    this.raiseRead(conversation, seq);
    this.post({ type: 'read', conversation, seq });
  }

  typing(conversation: string, on: boolean): void {
    this.typingNotes.tell(conversation, on);
  }

  watch(users: readonly string[]): void {
    this.watching.watch(users);
  }

  saveDraft(conversation: string, draft: Parameters<ChatClient['saveDraft']>[1]): void {
    this.parts?.drafts.save(conversation, draft);
    this.views.changed(conversation);
  }

  private async begin(): Promise<void> {
    const { storage, channels } = this.ports;
    const tables = await storage.open(this.me.id, () => void this.end('signed_out'));
    const disk = new Disk(tables, (failure) => {
      this.ports.log(`not kept: ${String(failure)}`);
      this.set({ durable: false });
    });
    const kept = await disk.readAll();
    this.since = kept.since;
    for (const row of kept.conversations) {
      const log = this.sync.log(row.id);
      log.summary = row.summary;
      log.high = row.high;
      log.wanted = row.wanted;
      if (log.shown !== null) {
        log.rebase(row.high);
      }
    }
    const channel = channels.open(`parley:${this.me.id}`, (message) => this.onTab(message));
    const drafts = new Drafts(this.ports.clock, disk, kept.drafts, (conversation, draft) =>
      this.post({ type: 'draft', conversation, draft }),
    );
    const history = this.history(disk);
    const pool = this.pool(tables, channel);
    this.parts = { tables, disk, drafts, history, pool, channel };
    this.set({ durable: tables.durable, inboxLoaded: kept.conversations.length > 0 });
    this.views.allChanged();
    await pool.start();
    this.connection.start();
    this.fillShown();
  }

  private async end(reason: StopReason): Promise<void> {
    this.connection.stop(reason);
    const { parts } = this;
    this.parts = null;
    if (parts !== null) {
      await parts.drafts.close();
      await parts.pool.close();
      await parts.disk.idle();
      parts.channel.close();
      parts.tables.close();
    }
  }

  private hello(id: number): ClientHello {
    const cursors = this.sync.greet();
    const { epoch } = this.running().disk;
    return {
      t: 'hello',
      id,
      client: this.ports.client,
      user: this.me.id,
      cursors,
      backlog: BACKLOG,
      ...(epoch === null ? {} : { epoch }),
      ...(this.since === null ? {} : { since: this.since }),
    };
  }

  private welcomed(frame: ServerWelcome): void {
    const { disk, pool } = this.running();
    const same = disk.epoch === null || disk.epoch === frame.epoch;
    if (!same) {
      this.ports.log(`epoch ${disk.epoch} -> ${frame.epoch}: all copies are void`);
      this.since = null;
    }
    if (disk.epoch !== frame.epoch) {
      disk.beginEpoch(frame.epoch);
    }
    this.session = { epoch: frame.epoch };
    this.limits = frame.limits;
    this.set({ me: frame.user, textLimit: frame.limits.text });
    this.sync.begin(same);
    pool.began();
    this.watching.began();
    this.fillShown();
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
        if (frame.by !== this.me.id) {
          this.typingNotes.hear(frame.conversation, frame.ttlMs);
        }
        break;
      case 'presence':
        this.watching.hear(frame.user, { online: frame.online, lastSeen: frame.lastSeen });
        break;
      case 'error':
        if (frame.code === 'resync' && frame.conversation !== undefined) {
          this.sync.onResync(frame.conversation);
        } else {
          this.ports.log(`error without a request: ${frame.code}`);
        }
        break;
      default:
    }
  }

  private lost(code: string | null): void {
    this.session = null;
    this.asking = false;
    this.sync.lost();
    this.marking.lost();
    this.typingNotes.lost();
    this.watching.lost();
    this.parts?.pool.lost(code === 'protocol_error');
    if (code === 'revoked') {
      void this.end('revoked').then(() => this.ports.storage.wipe(this.me.id));
    } else if (code === UNAUTHENTICATED) {
      void this.checkSignIn();
    }
  }

  /** Whether the sign-in has ended, or the server just didn't hear of it in time. */
  private async checkSignIn(): Promise<void> {
    const who = await this.account.whoAmI().catch(() => undefined);
    if (who === null) {
      await this.end('signed_out');
    } else if (who !== undefined && who.id !== this.me.id) {
      await this.end('other_user');
    }
  }

  private connectionChanged(): void {
    this.set({ connection: this.connection.shown });
  }

  private syncPorts(): ConstructorParameters<typeof Sync>[0] {
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
        this.parts?.disk.keepSummary(log);
        this.views.changed(log.id);
        this.fill(log);
      },
      caughtUp: (log) => {
        this.parts?.pool.caughtUpIn(log.id);
        this.marking.repeat(log);
        this.fill(log);
        if (isUntold(log)) {
          this.askInbox(0);
        }
      },
      voided: (log) => {
        this.views.changed(log.id);
        this.fill(log);
      },
      dropped: (log) => {
        this.parts?.disk.drop(log.id);
        this.views.changed(log.id);
      },
      untold: () => this.askInbox(0),
      reached: (since) => {
        const first = this.since === null;
        this.since = since;
        this.parts?.disk.reached(since);
        const more = first && this.sync.logs.size >= INBOX_PAGE;
        this.set(more ? { inboxLoaded: true, inboxMore: true } : { inboxLoaded: true });
      },
      isAwaited: (id) => this.parts?.pool.waitingIn().has(id) ?? false,
      log: (line) => this.ports.log(line),
    };
  }

  /**
   * Something is followed that no inbox frame has told of: after a restore the server's inbox is
   * still being rebuilt. Asks until it is told.
   */
  private askInbox(failures: number): void {
    if (this.asking) {
      return;
    }
    this.asking = true;
    const millis = failures === 0 ? 0 : retryDelay(failures, this.ports.random.fraction());
    const ended = !this.whileSession(millis, async () => {
      this.inboxCursor = undefined;
      await this.loadMoreConversations().catch(() => {});
      this.asking = false;
      if ([...this.sync.logs.values()].some(isUntold)) {
        this.askInbox(failures + 1);
      }
    });
    this.asking = !ended;
  }

  private received(log: Log, events: readonly LogEvent[]): void {
    for (const event of events) {
      if (event.by === this.me.id) {
        this.parts?.pool.told(log.id, event);
      }
    }
    const newest = log.newestOfPeer(events);
    if (newest > 0) {
      this.typingNotes.hear(log.id, 0);
    }
    this.views.changed(log.id);
    const kept = this.parts?.disk.keep(log, { low: events[0]?.seq ?? 1, events });
    // Delivered is what this device has kept, not what has passed by.
    void kept?.then(() => this.marking.raise(log, newest, 0));
    if (log.isUncertain) {
      void this.recount(log);
    }
    if (isUntold(log)) {
      this.askInbox(0);
    }
  }

  /** Another device has read some of what isn't on the screen here: the disk may know how many. */
  private async recount(log: Log): Promise<void> {
    const { summary, high } = log;
    if (summary !== null && high !== null) {
      const past = Math.max(1, high - summary.mine.read);
      const events = (await this.parts?.disk.readUpTo(log.id, high, past)) ?? [];
      const [first] = events;
      if (first !== undefined && log.high === high) {
        log.recount(first.seq, Timeline.of(events));
        this.views.changed(log.id);
      }
    }
  }

  private raiseRead(conversation: string, seq: number): void {
    const log = this.sync.logs.get(conversation);
    if (log !== undefined && this.marking.raise(log, seq, seq)) {
      this.parts?.disk.keepSummary(log);
      this.views.changed(conversation);
    }
  }

  private history(disk: Disk): History {
    return new History({
      disk,
      page: (conversation, before) => this.page(conversation, before),
      found: (log, events) => {
        for (const event of events) {
          if (event.by === this.me.id) {
            this.parts?.pool.told(log.id, event);
          }
        }
        this.marking.raise(log, log.newestOfPeer(events), 0);
      },
      changed: (log) => this.views.changed(log.id),
    });
  }

  private async page(conversation: string, before: number): Promise<readonly LogEvent[] | null> {
    const id = this.connection.nextId();
    const limit = this.limits.page;
    try {
      const reply = await this.request({ t: 'page', id, conversation, before, limit });
      return reply.t === 'page' ? reply.events : null;
    } catch {
      return null;
    }
  }

  private pool(tables: Tables, channel: Channel): Pool {
    const { clock, random, locks } = this.ports;
    return new Pool({
      user: this.me.id,
      tables,
      locks,
      channel,
      caughtUp: () =>
        [...this.sync.logs.values()].filter((log) => log.caughtUp).map((log) => log.id),
      wanted: (conversation) => this.sync.want(conversation),
      queue: {
        tables,
        clock,
        random,
        epoch: () => this.session?.epoch ?? null,
        window: () => this.limits.inFlight,
        send: (conversation, sending, answered) =>
          this.sendOperation(conversation, sending, answered),
        mint: async () => {
          const request = { method: 'POST', path: '/v1/outboxes', body: {} } as const;
          return (await this.guarded(this.calls.read(request, bodies.outbox))).outbox;
        },
        changed: (conversation) => this.views.changed(conversation),
        written: (queue) => this.post({ type: 'queue', queue }),
        stored: (item, seq, at) => this.stored(item, seq, at),
        doubt: () => this.connection.doubt(),
        log: (line) => this.ports.log(line),
      },
    });
  }

  private sendOperation(
    conversation: string,
    { number, op }: Sending,
    answered: (answer: Answer) => void,
  ): boolean {
    const id = this.connection.nextId();
    return this.connection.request({ t: 'send', id, conversation, ...number, op }, (reply) => {
      const answer = reply === null ? null : answerOf(reply);
      if (answer !== null) {
        answered(answer);
      }
    });
  }

  private stored(item: Item, seq: number, at: number): void {
    this.views.stored(item, seq, at);
    this.parts?.pool.tidy();
  }

  private async enqueue(conversation: string, op: Wanted): Promise<string> {
    await this.starting;
    const key = this.ports.random.id();
    const at = this.ports.clock.now();
    await this.running().pool.enqueue({ key, conversation, op, at });
    return key;
  }

  private onTab(message: unknown): void {
    if (!isTabMessage(message)) {
      return;
    }
    switch (message.type) {
      case 'queue':
        void this.parts?.pool.heard(message);
        break;
      case 'read':
        this.raiseRead(message.conversation, message.seq);
        break;
      case 'draft':
        this.parts?.drafts.hear(message.conversation, message.draft);
        this.views.changed(message.conversation);
        break;
      case 'signedOut':
        void this.end('signed_out');
        break;
    }
  }

  /** Calls back later, unless the session ends before; false when there is none. */
  private whileSession(millis: number, run: () => void): boolean {
    const { session } = this;
    if (session === null) {
      return false;
    }
    this.ports.clock.after(millis, () => {
      if (this.session === session) {
        run();
      }
    });
    return true;
  }

  private fillShown(): void {
    for (const log of this.sync.logs.values()) {
      this.fill(log);
    }
  }

  private fill(log: Log): void {
    if (log.shown !== null) {
      void this.parts?.history.fill(log);
    }
  }

  private async request(
    frame: Parameters<Connection['request']>[0],
  ): Promise<Exclude<Reply, { t: 'error' }>> {
    const reply = await new Promise<Reply | null>((resolve) => {
      if (!this.connection.request(frame, resolve)) {
        resolve(null);
      }
    });
    if (reply === null) {
      throw new ApiError('offline');
    }
    if (reply.t === 'error') {
      throw new ApiError(String(reply.code), null, reply.retryAfterMs ?? null);
    }
    return reply;
  }

  /** What a call tells about the sign-in concerns the whole client. */
  private guarded<T>(call: Promise<T>): Promise<T> {
    return call.catch((failure: unknown) => {
      if (failure instanceof ApiError && failure.code === 'other_user') {
        void this.end('other_user');
      }
      throw failure;
    });
  }

  private checkText(text: string): void {
    const fault = this.textFault(text);
    if (fault !== null) {
      throw new ApiError(fault);
    }
  }

  private post(message: TabMessage): void {
    this.parts?.channel.post(message);
  }

  private running(): Parts {
    if (this.parts === null) {
      throw new ApiError('stopped');
    }
    return this.parts;
  }

  private set(change: Partial<ChatState>): void {
    this.state.setState(change);
  }

  private initial(): ChatState {
    return {
      me: this.me,
      connection: this.connection.shown,
      inbox: [],
      inboxLoaded: false,
      inboxMore: false,
      conversations: {},
      presence: {},
      textLimit: LIMITS.text,
      durable: true,
    };
  }
}

/** What is there between start and stop. */
interface Parts {
  readonly tables: Tables;
  readonly disk: Disk;
  readonly drafts: Drafts;
  readonly history: History;
  readonly pool: Pool;
  readonly channel: Channel;
}

/** Its place is known, and not what it comes to, nor with whom it is. */
function isUntold(log: Log): boolean {
  return log.summary === null && log.high !== null && log.high > 0 && !log.gone;
}

function answerOf(reply: Reply): Answer | null {
  switch (reply.t) {
    case 'accepted':
      return { type: 'accepted', seq: reply.seq, at: reply.at };
    case 'skipped':
      return { type: 'skipped' };
    case 'error':
      return {
        type: 'refused',
        code: String(reply.code),
        retryable: reply.retryable,
        expected: reply.expected ?? null,
        retryAfterMillis: reply.retryAfterMs ?? null,
      };
    default:
      return null;
  }
}
