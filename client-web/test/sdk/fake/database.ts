import type { ConversationSummary, Person } from '../../../src/sdk/protocol/frames.gen';
import { Conversation, type Stored } from './conversation';
import { summarise } from './summary';

export interface SignIn {
  readonly token: string;
  readonly id: string;
  readonly user: string;
  readonly device: string | null;
  readonly createdAt: number;
}

interface Account {
  readonly person: Person;
  readonly password: string;
}

/** A row of somebody's inbox: at which of its changes, and when there was a message last. */
interface Listed {
  version: number;
  activity: number;
}

interface State {
  accounts: Account[];
  signIns: SignIn[];
  links: Record<string, string>;
  outboxes: Record<string, number>;
  conversations: { id: string; participants: [string, string]; log: Stored[]; asOf: number }[];
  versions: Record<string, number>;
  inboxes: Record<string, Record<string, Listed>>;
  activity: number;
  ids: number;
}

export type Snapshot = { readonly state: string };

export interface InboxPage {
  readonly conversations: readonly ConversationSummary[];
  /** How many of those asked for come before the next page; null on the last. */
  readonly next: number | null;
  readonly version: number;
}

/** All that outlives the server's processes. */
export class Database {
  readonly conversations = new Map<string, Conversation>();
  private readonly summed = new Map<string, number>();
  private state: State = {
    accounts: [],
    signIns: [],
    links: {},
    outboxes: {},
    conversations: [],
    versions: {},
    inboxes: {},
    activity: 0,
    ids: 0,
  };

  snapshot(): Snapshot {
    const conversations = [...this.conversations.values()].map(({ id, participants, log }) => ({
      id,
      participants,
      log,
      asOf: this.asOf(id),
    }));
    return { state: JSON.stringify({ ...this.state, conversations }) };
  }

  restore(snapshot: Snapshot): void {
    this.state = JSON.parse(snapshot.state) as State;
    this.conversations.clear();
    this.summed.clear();
    for (const { id, participants, log, asOf } of this.state.conversations) {
      this.conversations.set(id, Conversation.restored(id, participants, log));
      this.summed.set(id, asOf);
    }
    // Devices may hold ordinals that were minted after the backup; none is minted a second time.
    for (const { person } of this.state.accounts) {
      this.state.outboxes[person.id] = (this.state.outboxes[person.id] ?? 0) + 1_000;
    }
  }

  addAccount(username: string, password: string, displayName: string | null): Person | null {
    if (this.byUsername(username)) return null;
    const person = { id: this.id('u'), username, displayName: displayName ?? username };
    this.state.accounts.push({ person, password });
    return person;
  }

  person(id: string): Person {
    const found = this.state.accounts.find(({ person }) => person.id === id);
    if (!found) throw new Error(`There is no ${id}`);
    return found.person;
  }

  account(username: string, password: string): Person | null {
    const found = this.byUsername(username);
    return found && found.password === password ? found.person : null;
  }

  find(prefix: string): Person[] {
    return this.state.accounts
      .map(({ person }) => person)
      .filter(({ username }) => username.startsWith(prefix.toLowerCase()))
      .slice(0, 20);
  }

  /** Changes what stands of somebody; null keeps it. */
  change(user: string, displayName: string | null, password: string | null): Person {
    this.state.accounts = this.state.accounts.map((account) =>
      account.person.id === user
        ? {
            person: { ...account.person, displayName: displayName ?? account.person.displayName },
            password: password ?? account.password,
          }
        : account,
    );
    return this.person(user);
  }

  addLink(user: string): string {
    const link = this.id('link');
    this.state.links[link] = user;
    return link;
  }

  spendLink(link: string): Person | null {
    const user = this.state.links[link];
    delete this.state.links[link];
    return user === undefined ? null : this.person(user);
  }

  addSignIn(user: string, device: string | null, now: number): SignIn {
    const id = this.id('s');
    const signIn = { token: `token-of-${id}`, id, user, device, createdAt: now };
    this.state.signIns.push(signIn);
    return signIn;
  }

  signIn(token: string | null): SignIn | null {
    return this.state.signIns.find((signIn) => signIn.token === token) ?? null;
  }

  signInsOf(user: string): SignIn[] {
    return this.state.signIns.filter((signIn) => signIn.user === user);
  }

  removeSignIn(id: string): void {
    this.state.signIns = this.state.signIns.filter((signIn) => signIn.id !== id);
  }

  mint(user: string): number {
    const outbox = (this.state.outboxes[user] ?? 0) + 1;
    this.state.outboxes[user] = outbox;
    return outbox;
  }

  isMinted(user: string, outbox: number): boolean {
    return outbox <= (this.state.outboxes[user] ?? 0);
  }

  /** The conversation of a pair, made if there is none; null when there is no such person. */
  start(me: string, username: string): Conversation | 'not_found' | 'invalid' {
    const peer = this.byUsername(username)?.person.id;
    if (peer === undefined) return 'not_found';
    return peer === me ? 'invalid' : this.pair(me, peer);
  }

  pair(a: string, b: string): Conversation {
    for (const held of this.conversations.values()) {
      if (held.includes(a) && held.includes(b)) return held;
    }
    const made = new Conversation(this.id('c'), [a, b]);
    this.conversations.set(made.id, made);
    return made;
  }

  /** A conversation that isn't theirs answers as one that doesn't exist. */
  mine(user: string, id: string): Conversation | null {
    const held = this.conversations.get(id);
    return held?.includes(user) ? held : null;
  }

  arePeers(a: string, b: string): boolean {
    return [...this.conversations.values()].some((held) => held.includes(a) && held.includes(b));
  }

  /** The feed has come to the head of this conversation: both inboxes list it anew. */
  sumUp(conversation: Conversation): void {
    const { id, participants, log, head } = conversation;
    const fresh = log.slice(this.asOf(id));
    if (fresh.length === 0) return;
    this.summed.set(id, head);
    const rises = fresh.some(({ kind }) => kind === 'opened' || kind === 'message');
    if (rises) this.state.activity += 1;
    for (const user of participants) {
      const version = (this.state.versions[user] ?? 0) + 1;
      this.state.versions[user] = version;
      const inbox = this.state.inboxes[user] ?? {};
      const activity = rises ? this.state.activity : (inbox[id]?.activity ?? 0);
      this.state.inboxes[user] = { ...inbox, [id]: { version, activity } };
    }
  }

  asOf(id: string): number {
    return this.summed.get(id) ?? 0;
  }

  summary(conversation: Conversation, me: string, head = conversation.head): ConversationSummary {
    const peer = this.person(conversation.peerOf(me));
    return summarise(conversation, me, peer, this.asOf(conversation.id), head);
  }

  /** What changed in an inbox past a version, newest activity first. */
  inbox(me: string, since: number, skip: number, limit: number): InboxPage {
    const version = this.state.versions[me] ?? 0;
    const listed = Object.entries(this.state.inboxes[me] ?? {})
      .filter(([, row]) => row.version > (since > version ? 0 : since))
      .sort(([, a], [, b]) => b.activity - a.activity);
    const page = listed.slice(skip, skip + limit);
    return {
      conversations: page.map(([id]) =>
        this.summary(this.conversations.get(id) as Conversation, me),
      ),
      next: skip + limit < listed.length ? skip + limit : null,
      version,
    };
  }

  private byUsername(username: string): Account | undefined {
    return this.state.accounts.find(({ person }) => person.username === username.toLowerCase());
  }

  private id(prefix: string): string {
    this.state.ids += 1;
    return `${prefix}_${this.state.ids.toString(36)}`;
  }
}
