import {
  type RefObject,
  useCallback,
  useEffect,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
} from 'react';
import { rowsOf } from '../../lib/rows';
import { strings } from '../../lib/strings';
import { useChat, useClient, useConversation } from '../client';
import { useLater } from '../use-later';
import { attention } from './attention';
import { DayPill } from './DayPill';
import { JumpToLatest } from './JumpToLatest';
import { loadMessageMenu } from './message-menu';
import { type MenuKind, usePane } from './pane';
import { Rows } from './Rows';
import { Seen } from './seen';
import css from './Timeline.module.css';
import { TimelineSkeleton } from './TimelineSkeleton';
import { TypingDots } from './TypingDots';
import { useRoving } from './use-roving';
import { useScroll } from './use-scroll';
import { useUnread } from './use-unread';

const FLASH_MILLIS = 1600;

export interface TimelineHandle {
  readonly jumpTo: (seq: number) => void;
  readonly toLatest: () => void;
  readonly onSent: () => void;
  readonly openMenu: (key: string, kind: MenuKind, at: () => DOMRect) => void;
  readonly observe: (row: Element, seq: number) => () => void;
}

interface OpenMenu {
  readonly key: string;
  readonly kind: MenuKind;
  readonly at: () => DOMRect;
}

/** The messages, in a window that moves over them. */
export function Timeline({ id, ref }: { id: string; ref: RefObject<TimelineHandle | null> }) {
  const client = useClient();
  const pane = usePane();
  const conversation = useConversation(id);
  const live = useChat((state) => state.connection.phase === 'live');
  const timeline = conversation?.timeline;
  if (conversation === undefined || timeline == null) throw new Error('the pane checks this');
  const { messages, complete, loadingOlder, loaded } = timeline;

  const divider = useUnread(conversation);
  const { unread } = divider;
  const after = unread?.after ?? null;
  const until = unread?.until ?? null;
  const rows = useMemo(
    () => rowsOf(messages, complete, after === null || until === null ? null : { after, until }),
    [messages, complete, after, until],
  );
  const dividerIndex = rows.findIndex((row) => row.kind === 'unread');

  const scroller = useRef<HTMLDivElement>(null);
  const roving = useRoving(rows, scroller);
  const scroll = useScroll({
    rows,
    scroller,
    dividerIndex,
    settling: divider.settling,
    keep: roving.index,
  });
  const [menu, setMenu] = useState<OpenMenu | null>(null);
  const closeMenu = useCallback(() => setMenu(null), []);
  const MessageMenu = useLater(loadMessageMenu, menu !== null, closeMenu);
  const [flashed, setFlashed] = useState<string | null>(null);

  const onMarked = useRef(divider.onMarked);
  onMarked.current = divider.onMarked;
  const seen = useMemo(
    () =>
      new Seen(
        () => scroller.current,
        attention,
        (seq) => {
          onMarked.current();
          client.markRead(id, seq);
        },
      ),
    [client, id],
  );

  const { nearStart } = scroll;
  useEffect(() => {
    if (loaded && !complete && !loadingOlder && live && nearStart) {
      void client.loadOlder(id);
    }
  }, [client, id, loaded, complete, loadingOlder, live, nearStart]);

  useEffect(() => {
    if (flashed === null) return;
    const timer = setTimeout(() => setFlashed(null), FLASH_MILLIS);
    return () => clearTimeout(timer);
  }, [flashed]);

  useImperativeHandle(ref, () => ({
    jumpTo(seq) {
      const index = rows.findIndex((row) => row.kind === 'message' && row.message.seq === seq);
      const key = rows[index]?.key;
      if (key === undefined) return;
      scroll.toIndex(index);
      roving.choose(key);
      setFlashed(key);
    },
    toLatest: () => scroll.toEnd(),
    onSent() {
      divider.clear();
      scroll.toEnd();
    },
    openMenu: (key, kind, at) => setMenu({ key, kind, at }),
    observe: (row, seq) => seen.observe(row, seq),
  }));

  const jump = () => {
    // First to where the new ones begin, and from there to the end.
    if (dividerIndex > scroll.lastIndex) scroll.toIndex(dividerIndex, 'start');
    else scroll.toEnd();
  };
  const subject = menu && messages.find(({ key }) => key === menu.key);

  return (
    <div className={css.timeline} data-landmark="timeline">
      {!loaded && messages.length === 0 ? (
        <TimelineSkeleton />
      ) : (
        <div
          ref={scroller}
          className={css.scroller}
          role="log"
          aria-live="off"
          aria-label={strings.timeline.label(pane.names.peerName)}
          onKeyDown={roving.onKeyDown}
          onFocus={roving.onFocus}
          {...scroll.handlers}
        >
          <Rows
            rows={rows}
            virtualizer={scroll.virtualizer}
            stop={roving.stop}
            flashed={flashed}
            complete={complete}
            loadingOlder={loadingOlder}
          >
            {conversation.typingUntil > 0 && <TypingDots />}
          </Rows>
        </div>
      )}
      <DayPill rows={rows} virtualizer={scroll.virtualizer} scroller={scroller} />
      {scroll.away && <JumpToLatest count={conversation.unread} onJump={jump} />}
      {MessageMenu !== null && menu !== null && subject && (
        <MessageMenu message={subject} kind={menu.kind} at={menu.at} onClose={closeMenu} />
      )}
    </div>
  );
}
