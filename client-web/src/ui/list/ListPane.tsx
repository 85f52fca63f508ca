import { Search } from 'lucide-react';
import { useState } from 'react';
import { strings } from '../../lib/strings';
import { NARROW, useMedia } from '../../platform/media';
import { isMac } from '../../platform/shortcuts';
import { useChat } from '../client';
import { useOverlay } from '../overlay';
import { Button } from '../primitives/Button';
import { ConnectionBar } from '../status/ConnectionBar';
import { ConversationList } from './ConversationList';
import { EmptyList, ListSkeleton } from './EmptyList';
import css from './ListPane.module.css';
import { ProfileButton } from './ProfileButton';

export function ListPane({ current }: { current: string | null }) {
  const openOverlay = useOverlay();
  const empty = useChat((state) => state.inbox.length === 0);
  const loaded = useChat((state) => state.inboxLoaded);
  // Alone on the page, it is what the page is about.
  const narrow = useMedia(NARROW);
  const alone = narrow && current === null;
  const behind = narrow && current !== null;
  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: both of its roles are named
    <div
      className={css.pane}
      role={alone ? 'main' : 'navigation'}
      aria-label={strings.list.label}
      data-landmark="list"
    >
      {alone && <h1 className="visually-hidden">{strings.list.label}</h1>}
      <div className={css.head}>
        <ProfileButton />
        <button
          type="button"
          className={css.find}
          aria-keyshortcuts={isMac ? 'Meta+K' : 'Control+K'}
          onClick={() => openOverlay({ name: 'find' })}
        >
          <Search size={16} aria-hidden="true" />
          {strings.list.find}
          <span className={css.keys} aria-hidden="true">
            {isMac ? '⌘K' : 'Ctrl K'}
          </span>
        </button>
      </div>
      {!behind && <ConnectionBar />}
      <NotDurable />
      {!empty ? <ConversationList current={current} /> : loaded ? <EmptyList /> : <ListSkeleton />}
    </div>
  );
}

function NotDurable() {
  const durable = useChat((state) => state.durable);
  const [dismissed, setDismissed] = useState(false);
  if (durable || dismissed) return null;
  return (
    <div className={css.notice} role="status">
      <p>{strings.connection.notDurable}</p>
      <Button small kind="quiet" onClick={() => setDismissed(true)}>
        {strings.common.dismiss}
      </Button>
    </div>
  );
}
