import { useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Row } from '../../lib/rows';

/** So near to the end, a reader is at the end. */
const AT_END_PIXELS = 80;
/** Room for what stands before the first row and after the last. */
export const HEAD_PIXELS = 56;
export const FOOT_PIXELS = 34;
/** So near to the first row, older messages are wanted. */
const NEAR_START_PIXELS = 1200;
/** Where a divider or a first new message comes to stand. */
const QUARTER = 0.25;

interface Options {
  readonly rows: readonly Row[];
  readonly scroller: RefObject<HTMLDivElement | null>;
  /** The divider's index, or -1. */
  readonly dividerIndex: number;
  readonly settling: boolean;
  /** A row that must stay in the document, because it has the focus; or -1. */
  readonly keep: number;
}

/**
 * Where the timeline stands. It sticks to the end while the reader is at the end; everywhere else
 * what is being read stays where it is, whatever comes before or after it. Only this file moves it.
 */
export function useScroll({ rows, scroller, dividerIndex, settling, keep }: Options) {
  const pinned = useRef(true);
  /** The reader has moved by themselves: nothing is placed for them any more. */
  const touched = useRef(false);
  const placedAt = useRef<string | null>(null);
  const [away, setAway] = useState(false);
  const [nearStart, setNearStart] = useState(false);
  const [height, setHeight] = useState(0);

  const virtualizer = useVirtualizer<HTMLDivElement, HTMLDivElement>({
    count: rows.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => rows[index]?.key ?? index,
    estimateSize: (index) => estimate(rows[index]),
    overscan: 8,
    paddingStart: HEAD_PIXELS,
    paddingEnd: FOOT_PIXELS,
    scrollPaddingStart: Math.round(height * QUARTER),
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: AT_END_PIXELS,
    directDomUpdates: true,
    directDomUpdatesMode: 'position',
    rangeExtractor: ({ startIndex, endIndex, overscan, count }) => {
      const from = Math.max(0, startIndex - overscan);
      const to = Math.min(count - 1, endIndex + overscan);
      const indexes = Array.from({ length: to - from + 1 }, (_, i) => from + i);
      if (keep >= 0 && keep < count && (keep < from || keep > to)) indexes.push(keep);
      return indexes.sort((a, b) => a - b);
    },
  });

  const toEnd = () => {
    pinned.current = true;
    virtualizer.scrollToEnd();
  };

  // The first rows are placed: at the divider, or else at the end. While what was missed is still
  // coming in, a divider that appears later is gone to as well, unless the reader has moved.
  const dividerKey = rows[dividerIndex]?.key ?? null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: new rows and a new height, and only those
  useLayoutEffect(() => {
    if (rows.length === 0 || scroller.current === null) return;
    const place = dividerKey ?? 'end';
    const again = settling && !touched.current && place !== 'end' && placedAt.current !== place;
    if (placedAt.current === null || again) {
      placedAt.current = place;
      if (dividerKey === null) {
        toEnd();
      } else {
        pinned.current = false;
        virtualizer.scrollToIndex(dividerIndex, { align: 'start' });
      }
    } else if (pinned.current) {
      virtualizer.scrollToEnd();
    }
    setNearStart(scroller.current.scrollTop < NEAR_START_PIXELS);
  }, [rows, height]);

  const present = rows.length > 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the scroller is there once rows are
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setHeight(element.clientHeight));
    observer.observe(element);
    const onScroll = () => {
      const distance = element.scrollHeight - element.clientHeight - element.scrollTop;
      pinned.current = distance <= AT_END_PIXELS;
      setAway(!pinned.current);
      setNearStart(element.scrollTop < NEAR_START_PIXELS);
    };
    element.addEventListener('scroll', onScroll, { passive: true });
    onScroll();
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', onScroll);
    };
  }, [scroller, present]);

  const touch = () => {
    touched.current = true;
  };
  return {
    virtualizer,
    /** Whether the reader isn't at the end. */
    away,
    nearStart,
    lastIndex: virtualizer.range?.endIndex ?? rows.length,
    toEnd,
    toIndex(index: number, align: 'center' | 'start' = 'center') {
      touch();
      pinned.current = false;
      virtualizer.scrollToIndex(index, { align });
    },
    handlers: { onWheel: touch, onTouchMove: touch, onPointerDown: touch },
  };
}

/** Near enough that the scroll bar doesn't jump; the real height is measured. */
function estimate(row: Row | undefined): number {
  if (row === undefined) return 40;
  if (row.kind !== 'message') return 44;
  const { message, last } = row;
  const lines = Math.ceil((message.text.length + (last ? 12 : 0)) / 62) || 1;
  const quote = message.replyTo === null ? 0 : 46;
  const reactions = message.reactions.length > 0 ? 26 : 0;
  return 16 + lines * 22 + quote + reactions + (last ? 10 : 2);
}
