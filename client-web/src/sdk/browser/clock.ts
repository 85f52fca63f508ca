import type { Clock } from '../ports';

/** A browser's timer that is set for longer goes off at once. */
const LONGEST_MILLIS = 2 ** 31 - 1;

/** How far the time of day is ahead of the page's own, at most so far. */
let ahead = Number.NEGATIVE_INFINITY;

function after(millis: number, run: () => void): () => void {
  const timer = setTimeout(run, Math.min(millis, LONGEST_MILLIS));
  return () => clearTimeout(timer);
}

/**
 * The time of day, which never goes back: were it set back by an hour, what is due in a second would
 * be due in an hour. What is set forward, or slept through, it follows.
 */
export const browserClock: Clock = {
  now() {
    const steady = performance.now();
    ahead = Math.max(ahead, Date.now() - steady);
    return Math.floor(ahead + steady);
  },
  after,
};

/** The time of day as all tabs have it, whatever becomes of it. */
export const wallClock: Clock = { now: () => Date.now(), after };
