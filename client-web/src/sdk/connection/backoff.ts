const FIRST_MILLIS = 500;
const MOST_MILLIS = 20_000;
const IMMEDIATE_MILLIS = 300;

/**
 * How long to wait before the next dial: full jitter under a doubling bound, so that thousands who
 * lost the same node don't come back together (Brooker, Exponential Backoff And Jitter, 2015). The
 * first retry comes within 300 ms: most breaks are short.
 *
 * @param failures how many dials in a row came to nothing
 * @param fraction from 0 up to, but not, 1
 */
export function dialDelay(failures: number, fraction: number): number {
  return Math.floor(bound(failures) * fraction);
}

/** The same for operations that the server asks to wait with, which never go at once. */
export function retryDelay(failures: number, fraction: number): number {
  const most = Math.min(MOST_MILLIS, FIRST_MILLIS * 2 ** Math.min(failures, 10));
  return Math.floor(most / 2 + (most / 2) * fraction);
}

function bound(failures: number): number {
  if (failures === 0) {
    return IMMEDIATE_MILLIS;
  }
  return Math.min(MOST_MILLIS, FIRST_MILLIS * 2 ** Math.min(failures - 1, 10));
}
