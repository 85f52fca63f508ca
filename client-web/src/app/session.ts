import { createStore, type StoreApi } from 'zustand/vanilla';
import { navigate } from '../platform/router';
import type { AccountApi, ChatClient } from '../sdk/api';
import type { Person } from '../sdk/state';

/** Why somebody is asked to sign in, where it isn't because they never did. */
export type SignInReason = 'signed_out' | 'revoked' | 'link_failed' | 'link_offline';

/** Who sits here: nobody known yet, nobody signed in, or somebody with their chats. */
export type SessionState =
  | { readonly at: 'starting' }
  | {
      readonly at: 'sign-in';
      readonly reason: SignInReason | null;
      /** Who it probably is. */
      readonly username: string;
    }
  | { readonly at: 'chat'; readonly client: ChatClient };

export interface SessionPorts {
  readonly account: AccountApi;
  readonly createClient: (me: Person) => ChatClient;
  readonly lastUser: { read(): Person | null; write(person: Person | null): void };
}

/** Holds at most one client, and lets it go before another person's is made. */
export class Session {
  readonly state: StoreApi<SessionState> = createStore(() => ({ at: 'starting' }));
  readonly account: AccountApi;
  readonly #ports: SessionPorts;
  #client: ChatClient | null = null;
  #unsubscribe: () => void = () => {};

  constructor(ports: SessionPorts) {
    this.#ports = ports;
    this.account = ports.account;
  }

  get lastUser(): Person | null {
    return this.#ports.lastUser.read();
  }

  /** Shows this person's chats; the same person's again does nothing. */
  enter(person: Person): void {
    const { state } = this;
    const now = state.getState();
    if (now.at === 'chat' && now.client === this.#client) {
      const { me, connection } = now.client.state.getState();
      const stopped = connection.phase === 'stopped' && connection.reason !== 'idle';
      if (me.id === person.id && !stopped) return;
    }
    this.#letGo();
    // The address may name a chat of somebody else's.
    if (this.lastUser !== null && this.lastUser.id !== person.id) navigate('/', { replace: true });
    this.#ports.lastUser.write(person);
    const client = this.#ports.createClient(person);
    this.#client = client;
    this.#unsubscribe = client.state.subscribe(() => this.#onState(client));
    state.setState({ at: 'chat', client }, true);
    void client.start();
  }

  /** Asks who it is. What is stored on the device stays. */
  askToSignIn(reason: SignInReason | null, username = this.lastUser?.username ?? ''): void {
    this.#letGo();
    this.state.setState({ at: 'sign-in', reason, username }, true);
  }

  /** Signs out and wipes the device of this person. If the server doesn't hear of it, all stays. */
  async signOut(): Promise<void> {
    const client = this.#client;
    if (client === null) return;
    this.#unsubscribe();
    try {
      await client.signOut();
    } catch (error) {
      this.#listen(client);
      throw error;
    }
    this.#ports.lastUser.write(null);
    navigate('/', { replace: true });
    this.askToSignIn(null, '');
  }

  #listen(client: ChatClient): void {
    this.#unsubscribe = client.state.subscribe(() => this.#onState(client));
    this.#onState(client);
  }

  #onState(client: ChatClient): void {
    if (client !== this.#client) return;
    const { me, connection } = client.state.getState();
    // Another tab may have let in somebody else since.
    const last = this.lastUser;
    if (last?.id === me.id && last.displayName !== me.displayName) this.#ports.lastUser.write(me);
    if (connection.phase !== 'stopped') return;
    if (connection.reason === 'signed_out') this.askToSignIn('signed_out', me.username);
    if (connection.reason === 'revoked') {
      this.#ports.lastUser.write(null);
      this.askToSignIn('revoked', me.username);
    }
  }

  #letGo(): void {
    this.#unsubscribe();
    this.#unsubscribe = () => {};
    void this.#client?.stop();
    this.#client = null;
  }
}
