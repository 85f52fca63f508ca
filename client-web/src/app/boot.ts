import { ApiError } from '../sdk/api';
import type { Person } from '../sdk/state';
import type { Session } from './session';

/**
 * Finds out who sits here. Whoever was here last sees their stored chats at once, while the server
 * is asked whose cookie this browser holds; if it is somebody else's, they are shown theirs.
 */
export async function boot(session: Session, link: string | null): Promise<void> {
  if (link !== null) return await enterByLink(session, link);
  const last = session.lastUser;
  if (last !== null) session.enter(last);
  await enterCurrent(session);
}

/** Shows the chats of whoever is signed in in this browser. */
export async function enterCurrent(session: Session): Promise<void> {
  let person: Person | null;
  try {
    person = await session.account.whoAmI();
  } catch {
    // No answer says nothing: those who were here stay, and others find out when they sign in.
    if (session.state.getState().at === 'starting') session.askToSignIn(null);
    return;
  }
  if (person !== null) session.enter(person);
  else session.askToSignIn(session.lastUser === null ? null : 'signed_out');
}

// A link is good for once, so it isn't given up because the network failed.
let pendingLink: string | null = null;

async function enterByLink(session: Session, link: string): Promise<void> {
  try {
    session.enter(await session.account.signInByLink(link));
  } catch (error) {
    const offline = error instanceof ApiError && error.code === 'offline';
    pendingLink = offline ? link : null;
    session.askToSignIn(offline ? 'link_offline' : 'link_failed');
  }
}

/** Tries a link again that couldn't be used for want of a network. */
export async function retryLink(session: Session): Promise<void> {
  if (pendingLink !== null) await enterByLink(session, pendingLink);
}
