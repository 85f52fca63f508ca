import type { MessageView } from '../sdk/state';
import { startOfDay } from './time';

/** Messages of one person that follow each other within this time stand together. */
const GROUP_MILLIS = 3 * 60_000;

export interface MessageRow {
  readonly kind: 'message';
  readonly key: string;
  readonly message: MessageView;
  /** Whether it begins, or ends, a group of the same author's. */
  readonly first: boolean;
  readonly last: boolean;
  /** Whether time and state stand in the bubble: at a group's end, or where the state changes. */
  readonly signed: boolean;
}

/** What the timeline shows, one below the other. */
export type Row =
  | MessageRow
  | { readonly kind: 'day'; readonly key: string; readonly at: number }
  | { readonly kind: 'unread'; readonly key: string; readonly count: number };

/** Where the divider stands: before the first message of the peer's in (after, until]. */
export interface Unread {
  readonly after: number;
  readonly until: number;
}

/**
 * The rows of a timeline. Older messages may be put before these at any time without moving what
 * is being read, and that takes three rules: separators are named by the message that they
 * precede; the first row is always a message while there may be older ones; and nothing about a
 * message's height depends on the message before it.
 */
export function rowsOf(
  messages: readonly MessageView[],
  complete: boolean,
  unread: Unread | null,
): Row[] {
  const rows: Row[] = [];
  const divider = unread === null ? -1 : messages.findIndex((m) => isUnread(m, unread));
  messages.forEach((message, index) => {
    const before = messages[index - 1];
    const after = messages[index + 1];
    const mayPrecede = index > 0 || complete;
    if (mayPrecede && (before === undefined || !sameDay(before, message))) {
      rows.push({ kind: 'day', key: `day:${message.key}`, at: message.at });
    }
    if (mayPrecede && index === divider && unread !== null) {
      const count = messages.filter((m) => isUnread(m, unread)).length;
      rows.push({ kind: 'unread', key: `unread:${message.key}`, count });
    }
    const first = before === undefined || index === divider || !together(before, message);
    const last = after === undefined || index + 1 === divider || !together(message, after);
    rows.push({
      kind: 'message',
      key: message.key,
      message,
      first,
      last,
      signed: last || changesState(message, after),
    });
  });
  return rows;
}

export function isUnread(message: MessageView, unread: Unread): boolean {
  const { seq } = message;
  return (
    !message.mine && !message.deleted && seq !== null && seq > unread.after && seq <= unread.until
  );
}

function together(a: MessageView, b: MessageView): boolean {
  return a.by === b.by && b.at - a.at < GROUP_MILLIS && sameDay(a, b);
}

function sameDay(a: MessageView, b: MessageView): boolean {
  return startOfDay(a.at) === startOfDay(b.at);
}

/**
 * Whether the peer is further with this one than with the next. What passes within moments, from
 * queued to stored, isn't shown within a group: icons that come and go would make bubbles breathe.
 */
function changesState({ state }: MessageView, next: MessageView): boolean {
  return (state === 'delivered' || state === 'read') && next.state !== state;
}
