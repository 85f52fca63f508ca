import type { Surroundings } from '../ports';

export const browserSurroundings: Surroundings = {
  online: () => navigator.onLine,
  visible: () => document.visibilityState === 'visible',
  watch(changed) {
    const listening = new AbortController();
    const { signal } = listening;
    const network = () => changed('network');
    window.addEventListener('online', network, { signal });
    window.addEventListener('offline', network, { signal });
    document.addEventListener('visibilitychange', () => changed('visibility'), { signal });
    // A page that comes out of the browser's cache, or was frozen; loading isn't waking.
    const shown = ({ persisted }: PageTransitionEvent) => {
      if (persisted) changed('woke');
    };
    window.addEventListener('pageshow', shown, { signal });
    document.addEventListener('resume', () => changed('woke'), { signal });
    window.addEventListener('pagehide', () => changed('leaving'), { signal });
    return () => listening.abort();
  },
};
