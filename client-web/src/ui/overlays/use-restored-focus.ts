import { useEffect } from 'react';

/** Gives the focus back to where it was, unless what was chosen has moved it on purpose. */
export function useRestoredFocus(): void {
  useEffect(() => {
    const before = document.activeElement;
    return () => {
      const { activeElement } = document;
      const nowhere = activeElement === null || activeElement === document.body;
      if (nowhere && before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, []);
}
