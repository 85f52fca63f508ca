import { createAttention } from '../../platform/attention';

/** There is one window, and one person before it. */
export const attention = createAttention();
