import { useCallback, useEffect, useMemo, useState } from 'react';
import { strings } from '../lib/strings';
import { leaveConversation, openConversation, useRoute } from '../platform/router';
import { useShortcut } from '../platform/use-shortcut';
import { loadMessageMenu } from './chat/message-menu';
import { NoChat } from './chat/NoChat';
import { TimelineSkeleton } from './chat/TimelineSkeleton';
import { useChat, useClient } from './client';
import { focusNextLandmark } from './landmarks';
import { ListPane } from './list/ListPane';
import { loadProfileMenu } from './list/ProfileButton';
import { type Overlay, OverlayContext } from './overlay';
import { LiveRegion } from './primitives/LiveRegion';
import css from './Shell.module.css';
import { fetchEarly, useLater } from './use-later';
import { createWatch, WatchContext } from './watch';

const loadChatPane = () => import('./chat/ChatPane');
// Beside the list, and not before it: a chunk of its own lets both come at once.
fetchEarly(loadChatPane);

const loadOverlays = () => import('./overlays/Overlays');
/** Menus and dialogs are fetched once there is nothing else to do, so that they need no network. */
const EARLY_MILLIS = 1500;

/** Two panes, or one of them: the list of chats, and a conversation. */
export function Shell({ onSignOut }: { onSignOut: () => Promise<void> }) {
  const client = useClient();
  const route = useRoute();
  const [overlay, setOverlay] = useState<Overlay | null>(null);
  const watch = useMemo(() => createWatch((users) => client.watch(users)), [client]);
  const current = route.name === 'conversation' ? route.id : null;

  useTitle();
  useShortcut('find', () => setOverlay({ name: 'find' }));
  useShortcut('help', () => setOverlay({ name: 'shortcuts' }));
  useShortcut('landmark', focusNextLandmark);
  useShortcut('previous', () => move(-1));
  useShortcut('next', () => move(1));

  const move = (step: number) => {
    const { inbox } = client.state.getState();
    const at = current === null ? -1 : inbox.indexOf(current);
    const next = inbox[at === -1 ? (step > 0 ? 0 : inbox.length - 1) : at + step];
    if (next !== undefined) openConversation(next);
  };
  const close = useCallback(() => setOverlay(null), []);
  const ChatPane = useLater(loadChatPane, current !== null, leaveConversation);
  const Overlays = useLater(loadOverlays, overlay !== null, close);
  useEffect(() => {
    const timer = setTimeout(() => {
      fetchEarly(loadOverlays);
      fetchEarly(loadMessageMenu);
      fetchEarly(loadProfileMenu);
    }, EARLY_MILLIS);
    return () => clearTimeout(timer);
  }, []);

  return (
    <OverlayContext value={setOverlay}>
      <WatchContext value={watch}>
        <div className={css.shell} data-showing={route.name}>
          <ListPane current={current} />
          {current === null ? (
            <NoChat />
          ) : ChatPane === null ? (
            <TimelineSkeleton />
          ) : (
            <ChatPane key={current} id={current} />
          )}
          <LiveRegion />
        </div>
        {Overlays !== null && overlay !== null && (
          <Overlays overlay={overlay} onClose={close} onSignOut={onSignOut} />
        )}
      </WatchContext>
    </OverlayContext>
  );
}

function useTitle(): void {
  const unread = useChat((state) =>
    Object.values(state.conversations).reduce((sum, { unread }) => sum + unread, 0),
  );
  useEffect(() => {
    document.title = strings.title(unread);
    return () => {
      document.title = strings.app;
    };
  }, [unread]);
}
