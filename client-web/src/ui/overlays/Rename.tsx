import { type FormEvent, useState } from 'react';
import { strings } from '../../lib/strings';
import { useChat, useClient } from '../client';
import { Button } from '../primitives/Button';
import { Field } from '../primitives/Field';
import { Actions, Modal } from './Modal';
import { useCall } from './use-call';

export function Rename({ onClose }: { onClose: () => void }) {
  const client = useClient();
  const me = useChat((state) => state.me);
  const [name, setName] = useState(me.displayName);
  const call = useCall();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (await call.run(() => client.account.rename(name.trim()))) onClose();
  };
  return (
    <Modal title={strings.profile.rename} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <Field
          label={strings.account.displayName}
          value={name}
          onChange={(event) => setName(event.target.value)}
          error={call.errorOf()}
          autoComplete="name"
          dir="auto"
          maxLength={64}
        />
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
