import { strings } from '../../lib/strings';
import { useChat } from '../client';
import { Button } from '../primitives/Button';
import css from './forms.module.css';
import { Actions, Modal } from './Modal';
import { useCall } from './use-call';

interface Props {
  readonly onClose: () => void;
  readonly onSignOut: () => Promise<void>;
}

/** Signing out wipes the device, and with it what hasn't been sent: that is said before. */
export function SignOut({ onClose, onSignOut }: Props) {
  const unsent = useChat((state) =>
    Object.values(state.conversations).reduce((sum, c) => sum + c.waiting + c.failed, 0),
  );
  const call = useCall();
  const words = strings.profile;
  return (
    <Modal asks title={words.signOutTitle} onClose={onClose}>
      <p className={css.text}>{words.signOutText}</p>
      {unsent > 0 && <p className={css.warning}>{words.signOutWaiting(unsent)}</p>}
      {call.errorOf() !== null && (
        <p className={css.warning} role="alert">
          {call.errorOf()}
        </p>
      )}
      <Actions>
        <Button onClick={onClose}>{strings.common.cancel}</Button>
        <Button
          kind={unsent > 0 ? 'danger' : 'primary'}
          aria-disabled={call.busy}
          onClick={() => call.run(onSignOut)}
        >
          {unsent > 0 ? words.signOutAnyway : words.signOut}
        </Button>
      </Actions>
    </Modal>
  );
}
