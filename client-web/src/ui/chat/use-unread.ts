import { useState } from 'react';
import type { Unread } from '../../lib/rows';
import type { ConversationView } from '../../sdk/state';
import { useChat } from '../client';

export interface UnreadDivider {
  readonly unread: Unread | null;
  /** Whether what was missed is still coming in, and the divider may still find its place. */
  readonly settling: boolean;
  /** Something was marked as read here, so the mark says no more where reading began. */
  readonly onMarked: () => void;
  readonly clear: () => void;
}

/**
 * Where the divider stands: between what had been read when the conversation was opened and what
 * had come until then. "Until then" ends when the client is told of everything; messages that come
 * afterwards, before the eyes of the reader, move nothing.
 */
export function useUnread(conversation: ConversationView): UnreadDivider {
  const live = useChat((state) => state.connection.phase === 'live');
  const loaded = conversation.timeline?.loaded ?? false;
  const [after, setAfter] = useState(conversation.mine.read);
  const [until, setUntil] = useState<number | null>(null);
  const [marked, setMarked] = useState(false);
  const [cleared, setCleared] = useState(false);

  // It may have been read on another device; the mark is the better witness until ours moves it.
  if (until === null && !marked && after !== conversation.mine.read) {
    setAfter(conversation.mine.read);
  }
  if (until === null && live && loaded) setUntil(conversation.head);

  return {
    unread: cleared ? null : { after, until: until ?? conversation.head },
    settling: until === null,
    onMarked: () => setMarked(true),
    clear: () => setCleared(true),
  };
}
