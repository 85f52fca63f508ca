import type { LogEvent } from './summary';

/** The message whose text this event holds, in its first form or an edited one; null for none. */
export function textOf(event: LogEvent): number | null {
  if (!('text' in event)) {
    return null;
  }
  return event.kind === 'message' ? event.seq : event.kind === 'edit' ? event.of : null;
}

/** The same event as the server leaves it when it erases a deleted message. */
export function withoutText(event: LogEvent): LogEvent {
  const { text: _text, replyTo: _replyTo, ...left } = event as LogEvent & Record<string, unknown>;
  return { ...left, erased: true } as LogEvent;
}
