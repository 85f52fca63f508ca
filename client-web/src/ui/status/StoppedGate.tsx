import type { ReactNode } from 'react';
import { strings } from '../../lib/strings';
import { useChat } from '../client';
import { Button } from '../primitives/Button';
import { Screen } from './Screen';

interface Props {
  readonly onSignIn: (username: string) => void;
  readonly onContinue: () => void;
  readonly children: ReactNode;
}

/** Shows the chats, or why this tab won't connect again by itself. */
export function StoppedGate({ onSignIn, onContinue, children }: Props) {
  const reason = useChat((s) => (s.connection.phase === 'stopped' ? s.connection.reason : null));
  const me = useChat((s) => s.me);
  const words = strings.stopped;
  switch (reason) {
    case 'other_user':
      return (
        <Screen title={words.otherTitle(me.displayName)} text={words.otherText}>
          <Button kind="primary" onClick={onContinue}>
            {words.otherContinue}
          </Button>
          <Button onClick={() => onSignIn(me.username)}>{words.otherSignIn(me.displayName)}</Button>
        </Screen>
      );
    case 'too_many_sessions':
      return (
        <Screen title={words.sessionsTitle} text={words.sessionsText}>
          <Button kind="primary" onClick={() => location.reload()}>
            {strings.common.tryAgain}
          </Button>
        </Screen>
      );
    case 'client_too_old':
      return (
        <Screen title={words.oldTitle} text={words.oldText}>
          <Button kind="primary" onClick={() => location.reload()}>
            {words.reload}
          </Button>
        </Screen>
      );
    case 'storage_lost':
      return (
        <Screen title={words.storageTitle} text={words.storageText}>
          <Button kind="primary" onClick={() => location.reload()}>
            {words.reload}
          </Button>
        </Screen>
      );
    default:
      return children;
  }
}
