import type { Reply } from '../connection/requests';
import type { Answer } from './lane';

/** What a reply says of the number it answers; null for what isn't about one. */
export function answerOf(reply: Reply): Answer | null {
  switch (reply.t) {
    case 'accepted':
      return { type: 'accepted', seq: reply.seq, at: reply.at };
    case 'skipped':
      return { type: 'skipped' };
    case 'error':
      return {
        type: 'refused',
        code: String(reply.code),
        retryable: reply.retryable,
        expected: reply.expected ?? null,
        retryAfterMillis: reply.retryAfterMs ?? null,
      };
    default:
      return null;
  }
}
