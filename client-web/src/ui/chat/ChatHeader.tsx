import { ArrowLeft } from 'lucide-react';
import { strings } from '../../lib/strings';
import { NARROW, useMedia } from '../../platform/media';
import { useMinute } from '../../platform/now';
import { leaveConversation } from '../../platform/router';
import { useChat, useConversation } from '../client';
import { clock } from '../clock';
import { Avatar } from '../primitives/Avatar';
import { IconButton } from '../primitives/IconButton';
import css from './ChatHeader.module.css';

export function ChatHeader({ id }: { id: string }) {
  const conversation = useConversation(id);
  const peer = conversation?.peer;
  const presence = useChat((state) => state.presence[peer?.id ?? '']);
  const narrow = useMedia(NARROW);
  const now = useMinute();
  if (conversation === undefined || peer === undefined) return null;

  let status = '';
  if (presence?.online) status = strings.pane.online;
  else if (presence?.lastSeen != null) status = clock.lastSeen(presence.lastSeen, now);
  const typing = conversation.typingUntil > 0;
  return (
    <header className={css.header}>
      {narrow && (
        <IconButton label={strings.common.back} onClick={leaveConversation}>
          <ArrowLeft size={20} className={css.arrow} />
        </IconButton>
      )}
      <Avatar person={peer} online={presence?.online ?? false} />
      <div className={css.words}>
        <h1 className={css.name}>
          <bdi>{peer.displayName}</bdi>
        </h1>
        <p className={css.status}>
          {typing ? (
            <span className={css.typing}>{strings.pane.typing}</span>
          ) : (
            <>
              <bdi>@{peer.username}</bdi>
              {status !== '' && <span className={css.presence}>{status}</span>}
            </>
          )}
        </p>
      </div>
    </header>
  );
}
