import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import { strings } from '../lib/strings';
import { openConversation, useRoute } from '../platform/router';
import { useShortcut } from '../platform/use-shortcut';
import { ChatPane } from './chat/ChatPane';
import { NoChat } from './chat/NoChat';
import { useChat, useClient } from './client';
import { focusNextLandmark } from './landmarks';
import { ListPane } from './list/ListPane';
import { type Overlay, OverlayContext } from './overlay';
import { LiveRegion } from './primitives/LiveRegion';
import css from './Shell.module.css';
import { ConnectionBar } from './status/ConnectionBar';
import { createWatch, WatchContext } from './watch';

const importOverlays = () => import('./overlays/Overlays');
const Overlays = lazy(importOverlays);

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

  // What dialogs and menus are made of is fetched once there is nothing else to do.
  useEffect(() => {
    const timer = setTimeout(importOverlays, 2000);
    return () => clearTimeout(timer);
  }, []);

  return (
    <OverlayContext value={setOverlay}>
      <WatchContext value={watch}>
        <div className={css.shell} data-showing={route.name}>
          <ConnectionBar />
          <ListPane current={current} />
          {current === null ? <NoChat /> : <ChatPane key={current} id={current} />}
          <LiveRegion />
        </div>
        {overlay !== null && (
          <Suspense fallback={null}>
            <Overlays overlay={overlay} onClose={close} onSignOut={onSignOut} />
          </Suspense>
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
