import { type MouseEvent, type PointerEvent, useRef } from 'react';
import { usePane } from './pane';

const LONG_PRESS_MILLIS = 450;
/** A finger is never quite still. */
const SLACK_PIXELS = 10;

/** Opens a message's menu by a right click, or by a long press where there is no such click. */
export function useMenuGesture(key: string, disabled: boolean) {
  const pane = usePane();
  const press = useRef<{ timer: ReturnType<typeof setTimeout>; x: number; y: number }>(null);

  const end = () => {
    clearTimeout(press.current?.timer);
    press.current = null;
  };
  const openAt = (x: number, y: number) => {
    end();
    pane.openMenu(key, 'all', () => new DOMRect(x, y, 0, 0));
  };

  return {
    onContextMenu(event: MouseEvent) {
      // The browser's own menu is the better one for links and for a selection.
      const native = (event.target as Element).closest('a') || !getSelection()?.isCollapsed;
      if (disabled || native) return;
      event.preventDefault();
      openAt(event.clientX, event.clientY);
    },
    onPointerDown({ pointerType, clientX: x, clientY: y }: PointerEvent) {
      end();
      if (disabled || pointerType !== 'touch') return;
      press.current = { timer: setTimeout(() => openAt(x, y), LONG_PRESS_MILLIS), x, y };
    },
    onPointerMove({ clientX, clientY }: PointerEvent) {
      const start = press.current;
      if (start && Math.hypot(clientX - start.x, clientY - start.y) > SLACK_PIXELS) end();
    },
    onPointerUp: end,
    onPointerCancel: end,
  };
}
