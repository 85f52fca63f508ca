import { CircleAlert } from 'lucide-react';
import { operationFailure } from '../../lib/failures';
import { strings } from '../../lib/strings';
import type { MessageView } from '../../sdk/state';
import { useClient } from '../client';
import { copyText } from './copy';
import css from './Failed.module.css';
import { usePane } from './pane';

/** Why a message wasn't sent, and what can be done. It stands where the message stands. */
export function Failed({ message }: { message: MessageView }) {
  const client = useClient();
  const pane = usePane();
  const words = strings.message;
  const act = (run: () => unknown) => () => {
    void run();
    pane.focusComposer();
  };
  return (
    <div className={css.failed}>
      <p className={css.reason}>
        <CircleAlert size={15} aria-hidden="true" />
        {words.notSent(operationFailure(message.failure?.code ?? ''))}
      </p>
      <div className={css.actions}>
        <button type="button" onClick={act(() => client.retry(message.key))}>
          {words.retry}
        </button>
        <button type="button" onClick={() => void copyText(message.text)}>
          {words.copy}
        </button>
        <button type="button" onClick={act(() => client.discard(message.key))}>
          {words.discard}
        </button>
      </div>
    </div>
  );
}
