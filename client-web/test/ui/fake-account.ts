import { type AccountApi, ApiError, type Device } from '../../src/sdk/api';
import type { Person } from '../../src/sdk/state';

/** An account that knows one password, and refuses as the server does. */
export class FakeAccount implements AccountApi {
  password = 'correct horse battery';
  /** What the next calls fail with. */
  failure: ApiError | null = null;
  list: Device[] = [];

  constructor(readonly me: Person) {}

  async signUp(username: string, password: string, displayName: string | null): Promise<Person> {
    this.#fail();
    if (username === this.me.username) throw new ApiError('taken', 'username');
    if (password.length < 12) throw new ApiError('invalid', 'password');
    return { id: 'u_new', username, displayName: displayName ?? username };
  }

  async signIn(username: string, password: string): Promise<Person> {
    this.#fail();
    if (username !== this.me.username || password !== this.password) {
      throw new ApiError('unauthenticated');
    }
    return this.me;
  }

  async signInByLink(): Promise<Person> {
    this.#fail();
    return this.me;
  }

  async whoAmI(): Promise<Person | null> {
    this.#fail();
    return this.me;
  }

  async signOut(): Promise<void> {
    this.#fail();
  }

  async devices(): Promise<readonly Device[]> {
    this.#fail();
    return this.list;
  }

  async signOutDevice(id: string): Promise<void> {
    this.#fail();
    this.list = this.list.filter((device) => device.id !== id);
  }

  async rename(displayName: string): Promise<Person> {
    this.#fail();
    if (displayName === '') throw new ApiError('invalid', 'displayName');
    return { ...this.me, displayName };
  }

  async changePassword(current: string, password: string): Promise<void> {
    this.#fail();
    if (current !== this.password) throw new ApiError('forbidden', 'current');
    if (password.length < 12) throw new ApiError('invalid', 'password');
    this.password = password;
  }

  #fail(): void {
    if (this.failure !== null) throw this.failure;
  }
}
