import { strings } from '../../lib/strings';
import { useClient, useConversation } from '../client';
import { Button } from '../primitives/Button';
import css from './forms.module.css';
import { Actions, Modal } from './Modal';

interface Props {
  readonly conversation: string;
  readonly of: number;
  readonly onClose: () => void;
}

export function Remove({ conversation, of, onClose }: Props) {
  const client = useClient();
  const name = useConversation(conversation)?.peer.displayName ?? '';
  const words = strings.message;
  return (
    <Modal asks title={words.removeTitle} onClose={onClose}>
      <p className={css.text}>{words.removeText(name)}</p>
      <Actions>
        <Button onClick={onClose}>{strings.common.cancel}</Button>
        <Button
          kind="danger"
          onClick={() => {
            void client.remove(conversation, of);
            onClose();
          }}
        >
          {words.removeConfirm}
        </Button>
      </Actions>
    </Modal>
  );
}
