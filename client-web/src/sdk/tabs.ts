import type { QueueChanged } from './outbox/pool';
import type { Draft } from './state';

/** What the tabs of one person tell each other. Each may be lost; the server and the disk tell too. */
export type TabMessage =
  | QueueChanged
  | {
      readonly type: 'read';
      /** The life of the database in which the place is one. */
      readonly epoch: string | null;
      readonly conversation: string;
      readonly seq: number;
    }
  | { readonly type: 'draft'; readonly conversation: string; readonly draft: Draft | null }
  | { readonly type: 'signedOut' };

/** A tab of another version may say what this one doesn't know. */
export function isTabMessage(message: unknown): message is TabMessage {
  if (typeof message !== 'object' || message === null || !('type' in message)) {
    return false;
  }
  const fields = message as Record<string, unknown>;
  switch (fields.type) {
    case 'queue':
      return typeof fields.queue === 'string';
    case 'read':
      return typeof fields.conversation === 'string' && Number.isSafeInteger(fields.seq);
    case 'draft':
      return typeof fields.conversation === 'string' && typeof fields.draft === 'object';
    case 'signedOut':
      return true;
    default:
      return false;
  }
}
