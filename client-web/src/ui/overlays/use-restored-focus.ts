import { useEffect, useState } from 'react';

/** Gives the focus back to where it was, unless what was chosen has moved it on purpose. */
export function useRestoredFocus(): void {
  // Looked up before the first effect, for by then what opens has taken the focus.
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      const { activeElement } = document;
      const nowhere = activeElement === null || activeElement === document.body;
      if (nowhere && before instanceof HTMLElement) before.focus({ preventScroll: true });
    },
    [before],
  );
}
