import { type AccountApi, ApiError, type Device } from './api';
import type { Http, HttpRequest } from './ports';
import * as bodies from './protocol/bodies';
import type { Person } from './state';

/** Whom a call takes itself for: refused as `other_user` when the cookie is somebody else's. */
const USER_HEADER = 'Parley-User';

/** Calls of one person, or of nobody yet. */
export class Calls {
  constructor(
    private readonly http: Http,
    private readonly user: string | null,
  ) {}

  /** The body as `read` finds it. Rejects with ApiError. */
  async read<T>(request: HttpRequest, read: bodies.Reader<T>): Promise<T> {
    const value = read(await this.body(request));
    if (value === null) {
      throw new ApiError('unavailable');
    }
    return value;
  }

  /** For calls that answer nothing. */
  async done(request: HttpRequest): Promise<void> {
    await this.body(request);
  }

  private async body(request: HttpRequest): Promise<unknown> {
    const headers = this.user === null ? {} : { [USER_HEADER]: this.user };
    const response = await this.http.call({ ...request, headers }).catch(() => {
      throw new ApiError('offline');
    });
    if (response.status >= 200 && response.status < 300) {
      return response.body;
    }
    const problem = bodies.problem(response.body);
    if (problem === null) {
      // Not our server's word: something between us and it.
      throw new ApiError('unavailable');
    }
    throw new ApiError(String(problem.code), problem.field ?? null, problem.retryAfterMs ?? null);
  }
}

/** @param device what this browser is called in the list of sign-ins */
export function accountApi(http: Http, user: string | null, device: string): AccountApi {
  const calls = new Calls(http, user);
  const signIn = async (credentials: object): Promise<Person> => {
    const body = { ...credentials, device, cookie: true };
    const signedIn = await calls.read(
      { method: 'POST', path: '/v1/session', body },
      bodies.signedIn,
    );
    return signedIn.user;
  };
  return {
    signUp: async (username, password, displayName) => {
      const body = { username, password, ...(displayName === null ? {} : { displayName }) };
      await calls.read({ method: 'POST', path: '/v1/users', body }, bodies.user);
      return signIn({ username, password });
    },
    signIn: (username, password) => signIn({ username, password }),
    signInByLink: (link) => signIn({ link }),
    whoAmI: async () => {
      try {
        // Whose it is shall be told, not whether it is mine.
        const anyone = new Calls(http, null);
        return (await anyone.read({ method: 'GET', path: '/v1/session' }, bodies.whoAmI)).user;
      } catch (failure) {
        if (failure instanceof ApiError && failure.code === 'unauthenticated') {
          return null;
        }
        throw failure;
      }
    },
    signOut: () => calls.done({ method: 'DELETE', path: '/v1/session' }),
    devices: async () => {
      const { signIns } = await calls.read({ method: 'GET', path: '/v1/sessions' }, bodies.signIns);
      return signIns.map(
        (entry): Device => ({
          id: entry.id,
          device: entry.device ?? null,
          address: entry.address ?? null,
          createdAt: entry.createdAt,
          lastUsedAt: entry.lastUsedAt,
          current: entry.current,
        }),
      );
    },
    signOutDevice: (id) =>
      calls.done({ method: 'DELETE', path: `/v1/sessions/${encodeURIComponent(id)}` }),
    rename: async (displayName) => {
      const request = { method: 'PATCH', path: '/v1/users/me', body: { displayName } } as const;
      return (await calls.read(request, bodies.user)).user;
    },
    changePassword: (current, password) =>
      calls.done({ method: 'PUT', path: '/v1/users/me/password', body: { current, password } }),
  };
}
