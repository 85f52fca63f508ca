import {
  type FocusEvent,
  type KeyboardEvent,
  type RefObject,
  useEffect,
  useRef,
  useState,
} from 'react';
import type { Row } from '../../lib/rows';
import { usePane } from './pane';

/**
 * One message is the stop of Tab; the arrows move it. The row that has the focus stays in the
 * document however far away it is scrolled, or the focus would be lost with it.
 */
export function useRoving(rows: readonly Row[], scroller: RefObject<HTMLDivElement | null>) {
  const pane = usePane();
  const [chosen, setChosen] = useState<string | null>(null);
  const moving = useRef(false);
  const chosenIndex = chosen === null ? -1 : rows.findIndex(({ key }) => key === chosen);
  const stop = chosenIndex >= 0 ? chosen : (rows.at(-1)?.key ?? null);
  const index = chosenIndex >= 0 ? chosenIndex : rows.length - 1;

  useEffect(() => {
    if (!moving.current || stop === null) return;
    const row = rowOf(scroller.current, stop);
    if (row === null) return;
    moving.current = false;
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: 'nearest' });
  });

  const choose = (key: string) => {
    moving.current = true;
    setChosen(key);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const { target, key } = event;
    if (!(target instanceof HTMLElement) || target.tagName !== 'ARTICLE') return;
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const next = destination(rows, index, key);
    if (next !== null) {
      event.preventDefault();
      choose(next);
    } else if (key === 'Enter' || key === 'ContextMenu' || (key === 'F10' && event.shiftKey)) {
      event.preventDefault();
      const bubble = target.querySelector('[data-bubble]') ?? target;
      pane.openMenu(stop ?? '', 'all', () => bubble.getBoundingClientRect());
    }
  };

  const onFocus = (event: FocusEvent) => {
    const key = (event.target as HTMLElement).closest('article')?.dataset.key;
    if (key !== undefined) setChosen(key);
  };

  return { stop, index, choose, onKeyDown, onFocus };
}

function rowOf(scroller: HTMLElement | null, key: string): HTMLElement | null {
  return scroller?.querySelector(`article[data-key="${CSS.escape(key)}"]`) ?? null;
}

/** Which message an arrow leads to; null when none, or when it is another key. */
function destination(rows: readonly Row[], from: number, key: string): string | null {
  const messages = rows.filter((row) => row.kind === 'message');
  if (key === 'Home') return messages[0]?.key ?? null;
  if (key === 'End') return messages.at(-1)?.key ?? null;
  if (key !== 'ArrowUp' && key !== 'ArrowDown') return null;
  const at = messages.findIndex((row) => row.key === rows[from]?.key);
  return messages[at + (key === 'ArrowUp' ? -1 : 1)]?.key ?? null;
}
