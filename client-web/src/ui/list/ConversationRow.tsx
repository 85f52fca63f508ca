import { CircleAlert } from 'lucide-react';
import { type MouseEvent, memo } from 'react';
import { strings } from '../../lib/strings';
import { useMinute } from '../../platform/now';
import { openConversation, pathOf } from '../../platform/router';
import type { ConversationView } from '../../sdk/state';
import { StateIcon } from '../chat/StateIcon';
import { useChat, useConversation } from '../client';
import { clock } from '../clock';
import { Avatar } from '../primitives/Avatar';
import css from './ConversationRow.module.css';

interface Props {
  readonly id: string;
  readonly current: boolean;
  /** Whether Tab stops here. */
  readonly stop: boolean;
}

export const ConversationRow = memo(function ConversationRow({ id, current, stop }: Props) {
  const conversation = useConversation(id);
  const peer = conversation?.peer.id ?? '';
  const online = useChat((state) => state.presence[peer]?.online ?? false);
  const now = useMinute();
  if (conversation === undefined) return null;
  const { last, unread, failed } = conversation;

  const onClick = (event: MouseEvent) => {
    // Those who want it in a tab of its own get it there.
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    openConversation(id);
  };
  return (
    <a
      href={pathOf(id)}
      className={css.row}
      data-conversation={id}
      aria-current={current ? 'page' : undefined}
      tabIndex={stop ? 0 : -1}
      onClick={onClick}
      draggable={false}
    >
      <Avatar person={conversation.peer} online={online} />
      <span className={css.lines}>
        <span className={css.line}>
          <span className={css.name} data-unread={unread > 0 || undefined}>
            <bdi>{conversation.peer.displayName}</bdi>
          </span>
          {online && <span className="visually-hidden">, {strings.list.online}, </span>}
          {last !== null && (
            <time className={css.time} dateTime={new Date(last.at).toISOString()}>
              {clock.brief(last.at, now)}
            </time>
          )}
        </span>
        <span className={css.line}>
          <Preview conversation={conversation} current={current} />
          {failed > 0 && last?.state !== 'failed' && (
            <span className={css.failed}>
              <CircleAlert size={16} aria-hidden="true" />
              <span className="visually-hidden">{strings.list.failed}</span>
            </span>
          )}
          {unread > 0 && (
            <span className={css.badge}>
              <span aria-hidden="true">{unread > 999 ? '999+' : unread}</span>
              <span className="visually-hidden">{strings.list.unread(unread)}</span>
            </span>
          )}
        </span>
      </span>
    </a>
  );
});

/** What goes on there: somebody types, something waits to be finished, or what was said last. */
function Preview({ conversation, current }: { conversation: ConversationView; current: boolean }) {
  const { last, draft, typingUntil } = conversation;
  if (typingUntil > 0) {
    return <span className={`${css.preview} ${css.typing}`}>{strings.list.typing}</span>;
  }
  if (draft !== null && draft.text !== '' && !current) {
    return (
      <span className={css.preview}>
        <span className={css.draft}>{strings.list.draft}</span> <bdi>{draft.text}</bdi>
      </span>
    );
  }
  if (last === null) return <span className={css.preview}>{strings.list.nothingYet}</span>;
  return (
    <span className={css.preview}>
      {last.state !== null && <StateIcon state={last.state} size={15} />}
      {last.preview === null ? <em>{strings.list.deleted}</em> : <bdi>{last.preview}</bdi>}
    </span>
  );
}
