import { Ellipsis, Reply, SmilePlus } from 'lucide-react';
import type { MouseEvent } from 'react';
import { strings } from '../../lib/strings';
import type { MessageView } from '../../sdk/state';
import { IconButton } from '../primitives/IconButton';
import css from './MessageActions.module.css';
import { type MenuKind, usePane } from './pane';

/** What a pointer over a message offers, beside it. By keyboard, its menu has the same and more. */
export function MessageActions({ message }: { message: MessageView }) {
  const pane = usePane();
  const open = (kind: MenuKind) => (event: MouseEvent<HTMLElement>) => {
    const button = event.currentTarget;
    pane.openMenu(message.key, kind, () => button.getBoundingClientRect());
  };
  const stored = message.seq !== null;
  return (
    <div className={css.actions} data-mine={message.mine || undefined}>
      {stored && (
        <>
          <IconButton small tabIndex={-1} label={strings.message.react} onClick={open('react')}>
            <SmilePlus size={17} />
          </IconButton>
          <IconButton
            small
            tabIndex={-1}
            label={strings.message.reply}
            onClick={() => pane.reply(message)}
          >
            <Reply size={17} />
          </IconButton>
        </>
      )}
      <IconButton small tabIndex={-1} label={strings.message.more} onClick={open('all')}>
        <Ellipsis size={17} />
      </IconButton>
    </div>
  );
}
