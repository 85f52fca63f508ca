import { useSyncExternalStore } from 'react';

const MINUTE_MILLIS = 60_000;

/**
 * The time, to the minute, told to all who show it. One timer serves them, and it stands still
 * while nobody listens. It turns with the minute, so days change at local midnight.
 */
const listeners = new Set<() => void>();
let minute = floor(Date.now());
let timer: ReturnType<typeof setTimeout> | undefined;

function floor(at: number): number {
  return at - (at % MINUTE_MILLIS);
}

function tick(): void {
  // A timer may come late, after a sleep, or a little early: the clock decides.
  const next = floor(Date.now());
  if (next !== minute) {
    minute = next;
    for (const listener of listeners) listener();
  }
  timer = setTimeout(tick, MINUTE_MILLIS - (Date.now() % MINUTE_MILLIS) + 20);
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) tick();
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) clearTimeout(timer);
  };
}

/** When the minute began; the view is made anew when the next one does. */
export function useMinute(): number {
  return useSyncExternalStore(subscribe, () => minute);
}
