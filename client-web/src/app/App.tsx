import { useStore } from 'zustand';
import { strings } from '../lib/strings';
import { SignIn } from '../ui/account/SignIn';
import { ClientProvider } from '../ui/client';
import { Shell } from '../ui/Shell';
import { Screen } from '../ui/status/Screen';
import { StoppedGate } from '../ui/status/StoppedGate';
import { enterCurrent, retryLink } from './boot';
import type { Session, SignInReason } from './session';

const NOTICES: Readonly<Record<SignInReason, string>> = {
  signed_out: strings.account.signedOut,
  revoked: strings.account.revoked,
  link_failed: strings.account.linkFailed,
  link_offline: strings.account.linkOffline,
};

/** Which of the three it is: starting, somebody to sign in, or chats. */
export function App({ session }: { session: Session }) {
  const state = useStore(session.state);
  if (state.at === 'starting') return <Screen />;
  if (state.at === 'sign-in') {
    return (
      <SignIn
        account={session.account}
        username={state.username}
        notice={state.reason === null ? null : NOTICES[state.reason]}
        onRetryLink={state.reason === 'link_offline' ? () => retryLink(session) : null}
        onSignedIn={(person) => session.enter(person)}
      />
    );
  }
  return (
    <ClientProvider client={state.client}>
      <StoppedGate
        onSignIn={(username) => session.askToSignIn(null, username)}
        onContinue={() => enterCurrent(session)}
      >
        <Shell onSignOut={() => session.signOut()} />
      </StoppedGate>
    </ClientProvider>
  );
}
