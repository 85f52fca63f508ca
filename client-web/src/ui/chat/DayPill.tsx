import { type RefObject, useEffect, useRef, useState } from 'react';
import type { Row } from '../../lib/rows';
import { useMinute } from '../../platform/now';
import { clock } from '../clock';
import css from './DayPill.module.css';
import type { TimelineVirtualizer } from './Rows';

/** How long it stays after the scrolling. */
const SHOWN_MILLIS = 3000;
/** Where the messages begin that it speaks of. */
const BELOW_PIXELS = 40;

interface Props {
  readonly rows: readonly Row[];
  readonly virtualizer: TimelineVirtualizer;
  readonly scroller: RefObject<HTMLDivElement | null>;
}

/** The day of the topmost message, while somebody scrolls. Separators say it to everybody else. */
export function DayPill({ rows, virtualizer, scroller }: Props) {
  const [at, setAt] = useState<number | null>(null);
  const now = useMinute();
  const current = useRef(rows);
  current.current = rows;

  const present = rows.length > 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the scroller is there once rows are
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    let timer: ReturnType<typeof setTimeout>;
    let moved = false;
    // The timeline places itself when it opens; only a hand on it is somebody who looks around.
    const onHand = () => {
      moved = true;
    };
    const onScroll = () => {
      if (!moved) return;
      clearTimeout(timer);
      timer = setTimeout(() => setAt(null), SHOWN_MILLIS);
      const item = virtualizer.getVirtualItemForOffset(element.scrollTop + BELOW_PIXELS);
      const row = item && current.current.slice(item.index).find((r) => r.kind === 'message');
      if (row?.kind === 'message') setAt(new Date(row.message.at).setHours(0, 0, 0, 0));
    };
    element.addEventListener('scroll', onScroll, { passive: true });
    for (const hand of ['wheel', 'touchmove', 'pointerdown', 'keydown']) {
      element.addEventListener(hand, onHand, { passive: true });
    }
    return () => {
      clearTimeout(timer);
      element.removeEventListener('scroll', onScroll);
      for (const hand of ['wheel', 'touchmove', 'pointerdown', 'keydown']) {
        element.removeEventListener(hand, onHand);
      }
    };
  }, [scroller, virtualizer, present]);

  if (at === null) return null;
  return (
    <div className={css.pill} aria-hidden="true">
      {clock.day(at, now)}
    </div>
  );
}
