import { type FormEvent, useState } from 'react';
import { strings } from '../../lib/strings';
import { useChat, useClient } from '../client';
import { Button } from '../primitives/Button';
import { Field } from '../primitives/Field';
import css from './forms.module.css';
import { Actions, Modal } from './Modal';
import { useCall } from './use-call';

export function ChangePassword({ onClose }: { onClose: () => void }) {
  const client = useClient();
  const username = useChat((state) => state.me.username);
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const [done, setDone] = useState(false);
  const call = useCall(['current', 'password']);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (await call.run(() => client.account.changePassword(current, password))) setDone(true);
  };
  if (done) {
    return (
      <Modal title={strings.profile.password} onClose={onClose}>
        <p role="status">{strings.profile.passwordChanged}</p>
        <Actions>
          <Button kind="primary" onClick={onClose}>
            {strings.common.close}
          </Button>
        </Actions>
      </Modal>
    );
  }
  return (
    <Modal title={strings.profile.password} onClose={onClose}>
      <form className={css.form} onSubmit={submit} noValidate>
        {/* Tells a password manager whose password it is. */}
        <input type="hidden" name="username" autoComplete="username" value={username} readOnly />
        <Field
          label={strings.profile.currentPassword}
          type="password"
          value={current}
          onChange={(event) => setCurrent(event.target.value)}
          error={call.errorOf('current')}
          autoComplete="current-password"
        />
        <Field
          label={strings.profile.newPassword}
          type="password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          hint={strings.account.passwordHint}
          error={call.errorOf('password')}
          autoComplete="new-password"
          maxLength={128}
        />
        {call.errorOf() !== null && (
          <p className={css.fault} role="alert">
            {call.errorOf()}
          </p>
        )}
        <Actions>
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button type="submit" kind="primary" aria-disabled={call.busy}>
            {strings.common.save}
          </Button>
        </Actions>
      </form>
    </Modal>
  );
}
