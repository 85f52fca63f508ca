import { nameOf } from '../../lib/label';
import { strings } from '../../lib/strings';
import type { MessageView } from '../../sdk/state';
import { useClient } from '../client';
import { usePane } from './pane';
import css from './Reactions.module.css';

/** The emoji on a message; a press adds mine, or takes it back. */
export function Reactions({ message }: { message: MessageView }) {
  const client = useClient();
  const { conversation, names } = usePane();
  const { seq, reactions, mine } = message;
  return (
    <div className={css.reactions} data-mine={mine || undefined}>
      {reactions.map(({ emoji, by, mine: isMine }) => {
        const label = strings.message.reaction(emoji, by.map((id) => nameOf(id, names)).join(', '));
        return (
          <button
            key={emoji}
            type="button"
            className={css.reaction}
            aria-pressed={isMine}
            aria-label={label}
            title={label}
            disabled={seq === null}
            onClick={() => {
              if (seq !== null) void client.react(conversation, seq, emoji, !isMine);
            }}
          >
            {emoji}
            {by.length > 1 && <span className={css.count}>{by.length}</span>}
          </button>
        );
      })}
    </div>
  );
}
