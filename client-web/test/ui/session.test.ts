import { beforeEach, describe, expect, test } from 'vitest';
import { boot, retryLink } from '../../src/app/boot';
import { takeLink } from '../../src/app/link';
import { Session } from '../../src/app/session';
import { ApiError } from '../../src/sdk/api';
import type { Person, StopReason } from '../../src/sdk/state';
import { FakeAccount } from './fake-account';
import { FakeClient, stateOf } from './fake-client';
import { ada, bob } from './talk';

function house(last: Person | null, cookie: Person | null) {
  const clients: FakeClient[] = [];
  const account = new FakeAccount(ada);
  account.whoAmI = async () => {
    if (account.failure !== null) throw account.failure;
    return cookie;
  };
  let remembered = last;
  const session = new Session({
    account,
    createClient(me) {
      const client = new FakeClient(stateOf(me));
      clients.push(client);
      return client;
    },
    lastUser: {
      read: () => remembered,
      write: (person) => {
        remembered = person;
      },
    },
  });
  const stop = (reason: StopReason) =>
    clients.at(-1)?.set({ connection: { phase: 'stopped', since: 0, reason } });
  const remember = (person: Person) => {
    remembered = person;
  };
  return { session, account, clients, stop, remember, remembered: () => remembered };
}

const whose = (session: Session) => {
  const state = session.state.getState();
  return state.at === 'chat' ? state.client.state.getState().me : state.at;
};
const did = (client: FakeClient | undefined) => client?.calls.map(({ name }) => name);

beforeEach(() => history.replaceState(null, '', '/'));

describe('the session', () => {
  test('shows the last person’s chats before anybody has answered', async () => {
    const { session, clients } = house(ada, ada);
    const booted = boot(session, null);
    expect(whose(session)).toBe(ada);
    await booted;
    expect(clients.length).toBe(1);
    expect(did(clients[0])).toEqual(['start']);
  });

  test('goes over to whoever the cookie belongs to', async () => {
    const { session, clients, remembered } = house(ada, bob);
    history.replaceState(null, '', '/c/c_of-ada');
    await boot(session, null);
    expect(whose(session)).toBe(bob);
    expect(location.pathname).toBe('/');
    expect(did(clients[0])).toEqual(['start', 'stop']);
    expect(remembered()).toBe(bob);
  });

  test('stays with what is stored while there is no network', async () => {
    const { session, account } = house(ada, null);
    account.failure = new ApiError('offline');
    await boot(session, null);
    expect(whose(session)).toBe(ada);
  });

  test('asks to sign in when nobody is, and knows who it was', async () => {
    const { session } = house(ada, null);
    await boot(session, null);
    expect(session.state.getState()).toEqual({
      at: 'sign-in',
      reason: 'signed_out',
      username: 'ada',
    });
  });

  test('keeps what is stored when the sign-in ended, and forgets it when it was revoked', () => {
    const { session, clients, stop, remembered } = house(null, null);
    session.enter(ada);
    stop('signed_out');
    expect(session.state.getState()).toMatchObject({ at: 'sign-in', reason: 'signed_out' });
    expect(remembered()).toBe(ada);
    session.enter(ada);
    expect(clients.length).toBe(2);
    stop('revoked');
    expect(session.state.getState()).toMatchObject({ at: 'sign-in', reason: 'revoked' });
    expect(remembered()).toBeNull();
  });

  test('lets the client wipe the device, and remembers nobody', async () => {
    const { session, clients, remembered } = house(null, null);
    session.enter(ada);
    await session.signOut();
    expect(did(clients[0])).toContain('signOut');
    expect(remembered()).toBeNull();
    expect(session.state.getState()).toEqual({ at: 'sign-in', reason: null, username: '' });
  });

  test('that can’t be signed out of stays, and says so', async () => {
    const { session, clients, remembered } = house(null, null);
    session.enter(ada);
    const [client] = clients;
    if (client === undefined) throw new Error('nobody');
    client.signOut = () => Promise.reject(new ApiError('offline'));
    await expect(session.signOut()).rejects.toMatchObject({ code: 'offline' });
    expect(whose(session)).toBe(ada);
    expect(remembered()).toBe(ada);
    client.set({ connection: { phase: 'stopped', since: 0, reason: 'revoked' } });
    expect(whose(session), 'and hears on of what becomes of it').toBe('sign-in');
  });

  test('of before doesn’t take the place of who signed in in another tab', () => {
    const { session, stop, remember, remembered } = house(null, null);
    session.enter(ada);
    remember(bob);
    stop('other_user');
    expect(remembered()).toBe(bob);
  });
});

describe('a link', () => {
  test('is taken out of the address before it is used', async () => {
    history.replaceState(null, '', '/?a=1#link=secret-1');
    expect(takeLink()).toBe('secret-1');
    expect(location.href).not.toContain('secret');
    expect(takeLink()).toBeNull();
  });

  test('signs in whoever it is for, even where another was before', async () => {
    const { session, clients } = house(bob, bob);
    await boot(session, 'secret');
    expect(whose(session)).toBe(ada);
    expect(clients.length).toBe(1);
  });

  test('that is used up is said so, and one that couldn’t be tried is kept', async () => {
    const { session, account } = house(null, null);
    account.failure = new ApiError('unauthenticated');
    await boot(session, 'old');
    expect(session.state.getState()).toMatchObject({ at: 'sign-in', reason: 'link_failed' });
    account.failure = new ApiError('offline');
    await boot(session, 'good');
    expect(session.state.getState()).toMatchObject({ at: 'sign-in', reason: 'link_offline' });
    account.failure = null;
    await retryLink(session);
    expect(whose(session)).toBe(ada);
  });
});
