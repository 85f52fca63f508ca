import { CircleAlert } from 'lucide-react';
import { operationFailure } from '../../lib/failures';
import { strings } from '../../lib/strings';
import type { MessageView } from '../../sdk/state';
import { useClient } from '../client';
import css from './Changes.module.css';

/** Edits, deletions and reactions of mine that were refused: each wants a decision. */
export function Changes({ message }: { message: MessageView }) {
  const client = useClient();
  return message.changes.map(
    ({ key, kind, failure }) =>
      failure !== null && (
        <div key={key} className={css.change}>
          <CircleAlert size={15} aria-hidden="true" />
          <p>{strings.message.changes[kind](operationFailure(failure.code))}</p>
          <button type="button" onClick={() => void client.retry(key)}>
            {strings.message.retry}
          </button>
          <button type="button" onClick={() => void client.discard(key)}>
            {strings.message.discardChange}
          </button>
        </div>
      ),
  );
}
