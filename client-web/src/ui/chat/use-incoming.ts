import { useEffect } from 'react';
import { strings } from '../../lib/strings';
import type { MessageView } from '../../sdk/state';
import { useClient } from '../client';
import { announce } from '../primitives/LiveRegion';

/** Several that come close together are told as one. */
const BATCH_MILLIS = 1000;

/** Tells those who hear the page what comes in while the conversation is open, and who types. */
export function useIncoming(id: string): void {
  const client = useClient();
  useEffect(() => {
    let batch: MessageView[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    let known = newestOf(client.state.getState().conversations[id]?.timeline?.messages ?? []);
    let typing = false;

    const speak = () => {
      timer = undefined;
      const name = client.state.getState().conversations[id]?.peer.displayName ?? '';
      const [first] = batch;
      if (first !== undefined) {
        announce(
          batch.length === 1
            ? strings.timeline.incoming(name, first.text)
            : strings.timeline.incomingMany(batch.length, name),
        );
      }
      batch = [];
    };

    const unsubscribe = client.state.subscribe((state, before) => {
      const now = state.conversations[id];
      if (now === undefined || now === before.conversations[id]) return;
      if (now.typingUntil > 0 && !typing) announce(strings.pane.isTyping(now.peer.displayName));
      typing = now.typingUntil > 0;
      const messages = now.timeline?.messages ?? [];
      const newest = newestOf(messages);
      // What is there when a conversation opens isn't news.
      const wasLoaded = before.conversations[id]?.timeline?.loaded ?? false;
      if (wasLoaded && newest > known) {
        batch.push(...messages.filter((m) => !m.mine && !m.deleted && (m.seq ?? 0) > known));
        if (batch.length > 0) timer ??= setTimeout(speak, BATCH_MILLIS);
      }
      known = Math.max(known, newest);
    });
    return () => {
      unsubscribe();
      clearTimeout(timer);
    };
  }, [client, id]);
}

function newestOf(messages: readonly MessageView[]): number {
  for (let i = messages.length - 1; i >= 0; i -= 1) {
    const seq = messages[i]?.seq;
    if (seq != null) return seq;
  }
  return 0;
}
