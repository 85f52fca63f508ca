import { useEffect, useEffectEvent } from 'react';
import { type ShortcutName, shortcutOf } from './shortcuts';

/** Does something at a key of the table, wherever the focus is, unless an overlay has the word. */
export function useShortcut(name: ShortcutName, run: () => void): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (shortcutOf(event) !== name) return;
    event.preventDefault();
    run();
  });
  useEffect(() => {
    // Asked on the way down: on the way up, the Escape that closed a menu finds it closed.
    let taken = false;
    const onDown = () => {
      taken = overlayIsOpen();
    };
    const onUp = (event: KeyboardEvent) => {
      if (!taken) onKey(event);
    };
    window.addEventListener('keydown', onDown, true);
    window.addEventListener('keydown', onUp);
    return () => {
      window.removeEventListener('keydown', onDown, true);
      window.removeEventListener('keydown', onUp);
    };
  }, []);
}

function overlayIsOpen(): boolean {
  return document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]') !== null;
}
