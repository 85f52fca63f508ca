import { useCallback, useSyncExternalStore } from 'react';

/** Whether a media query holds now. */
export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const list = matchMedia(query);
      list.addEventListener('change', listener);
      return () => list.removeEventListener('change', listener);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches);
}

/** One pane at a time; the same width stands in the style sheets. */
export const NARROW = '(max-width: 719.98px)';
/** A finger is the first pointer: no hover, and focusing a field brings a keyboard up. */
export const TOUCH = '(hover: none) and (pointer: coarse)';
