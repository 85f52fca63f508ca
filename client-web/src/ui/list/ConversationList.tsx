import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { strings } from '../../lib/strings';
import { useChat, useClient } from '../client';
import { useWatch } from '../watch';
import css from './ConversationList.module.css';
import { ConversationRow } from './ConversationRow';

const ROW_PIXELS = 68;
/** How far from the end more are asked for. */
const AHEAD_ROWS = 10;

/** The chats, newest first. Only those on screen are in the document, and the one with the focus. */
export function ConversationList({ current }: { current: string | null }) {
  const client = useClient();
  const inbox = useChat((state) => state.inbox);
  const more = useChat((state) => state.inboxMore);
  const live = useChat((state) => state.connection.phase === 'live');
  const scroller = useRef<HTMLDivElement>(null);
  // The row that Tab comes to: the last one that had the focus, else the open one, else the first.
  const [chosen, setChosen] = useState<string | null>(null);
  const stop = [chosen, current].find((id) => id !== null && inbox.includes(id)) ?? inbox[0];
  const stopIndex = inbox.indexOf(stop ?? '');
  const moving = useRef(false);

  const virtualizer = useVirtualizer({
    count: inbox.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PIXELS,
    getItemKey: (index) => inbox[index] ?? index,
    overscan: 6,
    paddingStart: 6,
    paddingEnd: 6,
    rangeExtractor: ({ startIndex, endIndex, overscan, count }) => {
      const from = Math.max(0, startIndex - overscan);
      const to = Math.min(count - 1, endIndex + overscan);
      const indexes = Array.from({ length: to - from + 1 }, (_, i) => from + i);
      if (stopIndex >= 0 && (stopIndex < from || stopIndex > to)) indexes.push(stopIndex);
      return indexes.sort((a, b) => a - b);
    },
  });
  const items = virtualizer.getVirtualItems();
  const lastIndex = items.at(-1)?.index ?? 0;

  useEffect(() => {
    if (more && live && lastIndex >= inbox.length - AHEAD_ROWS) void client.loadMoreConversations();
  }, [client, more, live, lastIndex, inbox.length]);

  const shown = items.map((item) => inbox[item.index]).join(' ');
  const peers = useChat((state) =>
    shown
      .split(' ')
      .map((id) => state.conversations[id]?.peer.id ?? '')
      .join(' '),
  );
  useWatch('list', peers.split(' ').filter(Boolean));

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -inbox.length, End: inbox.length }[event.key];
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const index = Math.min(inbox.length - 1, Math.max(0, stopIndex + step));
    virtualizer.scrollToIndex(index);
    moving.current = true;
    setChosen(inbox[index] ?? null);
  };
  useEffect(() => {
    if (!moving.current || stop === undefined) return;
    moving.current = false;
    scroller.current
      ?.querySelector<HTMLElement>(`a[data-conversation="${CSS.escape(stop)}"]`)
      ?.focus({ preventScroll: true });
  });

  return (
    <div className={css.scroller} ref={scroller}>
      <ul
        className={css.list}
        style={{ blockSize: virtualizer.getTotalSize() }}
        onKeyDown={onKeyDown}
        onFocus={(event) => setChosen(event.target.dataset.conversation ?? null)}
      >
        {items.map((item) => {
          const id = inbox[item.index];
          if (id === undefined) return null;
          return (
            <li
              key={item.key}
              className={css.item}
              style={{ '--top': `${item.start}px` }}
              aria-setsize={inbox.length}
              aria-posinset={item.index + 1}
            >
              <ConversationRow id={id} current={id === current} stop={id === stop} />
            </li>
          );
        })}
      </ul>
      {more && <p className={css.more}>{live ? strings.list.more : ''}</p>}
    </div>
  );
}
