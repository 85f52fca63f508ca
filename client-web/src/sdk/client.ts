import { createStore, type StoreApi } from 'zustand/vanilla';
import { accountApi } from './account';
import { type AccountApi, ApiError, type ChatClient } from './api';
import { Disk } from './disk';
import { Engine, LIMITS } from './engine';
import type { Wanted } from './outbox/item';
import { textFault } from './outbox/text';
import type { Ports, Tables } from './ports';
import * as bodies from './protocol/bodies';
import type { ChatState, Draft, Person, StopReason } from './state';

/** A disk may hang; nobody waits longer than that for a copy to be on it. */
const KEPT_WITHIN_MILLIS = 2_000;

/** What is there between start and stop. */
interface Running {
  readonly engine: Engine;
  readonly disk: Disk;
  readonly tables: Tables;
}

/** The chat of one person in one tab, as a view uses it. */
export class Client implements ChatClient {
  readonly state: StoreApi<ChatState>;
  readonly account: AccountApi;
  private running: Running | null = null;
  private starting: Promise<void> | null = null;
  private ending: Promise<void> | null = null;

  constructor(
    private readonly ports: Ports,
    private readonly me: Person,
  ) {
    const account = accountApi(ports.http, me.id, ports.device);
    this.account = {
      ...account,
      rename: async (displayName) => {
        const renamed = await account.rename(displayName);
        this.state.setState({ me: renamed });
        return renamed;
      },
    };
    this.state = createStore<ChatState>(() => ({
      me,
      connection: { phase: 'stopped', since: ports.clock.now(), reason: 'idle' },
      inbox: [],
      inboxLoaded: false,
      inboxMore: false,
      conversations: {},
      presence: {},
      textLimit: LIMITS.text,
      durable: true,
    }));
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
    await this.account.signOut().catch((error: unknown) => {
      // Ended already: what is here is to go all the same.
      if (!(error instanceof ApiError && error.code === 'unauthenticated')) throw error;
    });
    await this.starting?.catch(() => {});
    this.running?.engine.post({ type: 'signedOut' });
    await this.end('signed_out');
    await this.ports.storage.wipe(this.me.id);
  }

  retryNow(): void {
    this.running?.engine.connection.retryNow();
  }

  async open(conversation: string): Promise<void> {
    await (await this.started()).reading.show(conversation);
  }

  close(conversation: string): void {
    this.running?.engine.reading.hide(conversation);
  }

  async loadOlder(conversation: string): Promise<void> {
    await (await this.started()).reading.older(conversation);
  }

  async loadMoreConversations(): Promise<void> {
    const engine = await this.started();
    await engine.guarded(engine.inbox.loadMore());
  }

  async startWith(username: string): Promise<string> {
    const engine = await this.started();
    const id = engine.connection.nextId();
    const reply = await engine.asking.request({ t: 'start', id, peer: username });
    if (reply.t !== 'conversation') {
      throw new ApiError('unavailable');
    }
    engine.sync.onTold(reply.conversation);
    // Until something is said in it only this disk tells of it, and whoever has its address may
    // reload the page at once.
    await this.kept();
    return reply.conversation.id;
  }

  async findPeople(prefix: string): Promise<readonly Person[]> {
    const engine = await this.started();
    const path = `/v1/users?q=${encodeURIComponent(prefix)}`;
    const call = engine.calls.read({ method: 'GET', path }, bodies.people);
    const { users } = await engine.guarded(call);
    return users.filter((person) => person.id !== this.me.id);
  }

  textFault(text: string): ReturnType<ChatClient['textFault']> {
    return textFault(text, this.running?.engine.limits.text ?? LIMITS.text);
  }

  async send(conversation: string, text: string, replyTo: number | null = null): Promise<string> {
    this.checkText(text);
    const key = await this.enqueue(conversation, { kind: 'message', text, replyTo });
    this.running?.engine.typing.sent(conversation);
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
    await (await this.started()).pool.retry(key);
  }

  async discard(key: string): Promise<void> {
    await (await this.started()).pool.discard(key);
  }

  markRead(conversation: string, seq: number): void {
    this.running?.engine.markRead(conversation, seq);
  }

  typing(conversation: string, on: boolean): void {
    this.running?.engine.typing.tell(conversation, on);
  }

  watch(users: readonly string[]): void {
    this.running?.engine.watching.watch(users);
  }

  saveDraft(conversation: string, draft: Draft | null): void {
    this.running?.engine.drafts.save(conversation, draft);
    this.running?.engine.views.changed(conversation);
  }

  private async begin(): Promise<void> {
    const { ports, me, state } = this;
    const tables = await ports.storage.open(me.id, () => void this.end('storage_lost'));
    const disk = new Disk(tables, (failure) => {
      ports.log(`not kept: ${String(failure)}`);
      state.setState({ durable: false });
    });
    const kept = await disk.readAll();
    state.setState({ durable: tables.durable });
    const engine = new Engine({
      ports,
      me,
      tables,
      disk,
      kept,
      set: (change) => state.setState(change),
      ended: (reason) => void this.end(reason),
      unknown: () => void this.checkSignIn(),
    });
    this.running = { engine, disk, tables };
    await engine.start();
    // Not before they are there: an empty list would be taken for one.
    if (kept.conversations.length > 0) {
      state.setState({ inboxLoaded: true });
    }
  }

  /** Whether the sign-in has ended; no answer says nothing, and the next dial asks again. */
  private async checkSignIn(): Promise<void> {
    const who = await this.account.whoAmI().catch(() => undefined);
    if (who === null) {
      await this.end('signed_out');
    } else if (who !== undefined && who.id !== this.me.id) {
      await this.end('other_user');
    }
  }

  /** Once: whoever comes later waits for the same end. */
  private end(reason: StopReason): Promise<void> {
    this.ending ??= this.endNow(reason);
    return this.ending;
  }

  private async endNow(reason: StopReason): Promise<void> {
    const { running } = this;
    this.running = null;
    if (running !== null) {
      await running.engine.stop(reason);
      running.tables.close();
    }
    // Somebody else has ended this sign-in: what it left here is not to be found by the next. If the
    // same person has signed in again meanwhile, it is theirs.
    if (reason === 'revoked') {
      const who = await this.account.whoAmI().catch(() => null);
      if (who?.id !== this.me.id) {
        await this.ports.storage.wipe(this.me.id);
      }
    }
  }

  private async enqueue(conversation: string, op: Wanted): Promise<string> {
    const engine = await this.started();
    const key = this.ports.random.id();
    const peer = engine.sync.logs.get(conversation)?.summary?.peer ?? null;
    const at = this.ports.clock.now();
    const epoch = engine.epoch === null ? {} : { epoch: engine.epoch };
    await engine.pool.enqueue({ key, conversation, peer, op, at, ...epoch });
    return key;
  }

  /** Resolves when what was told is on the disk, or that takes too long to wait for. */
  private async kept(): Promise<void> {
    const patience = new Promise<void>((resolve) => {
      this.ports.clock.after(KEPT_WITHIN_MILLIS, resolve);
    });
    await Promise.race([this.running?.disk.idle(), patience]);
  }

  private checkText(text: string): void {
    const fault = this.textFault(text);
    if (fault !== null) {
      throw new ApiError(fault);
    }
  }

  private async started(): Promise<Engine> {
    await this.starting;
    if (this.running === null) {
      throw new ApiError('stopped');
    }
    return this.running.engine;
  }
}
