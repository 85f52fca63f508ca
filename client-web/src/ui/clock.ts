import { createClock } from '../lib/time';

/** Times as this person's browser writes them. */
export const clock = createClock(navigator.language);
