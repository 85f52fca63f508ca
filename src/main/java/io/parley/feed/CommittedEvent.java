package io.parley.feed;

import io.parley.model.SequencedEvent;

/**
 * An event of one conversation, and where it stands in the feed.
 *
 * @param position of its commit; rises along the log of a conversation, not strictly
 */
record CommittedEvent(SequencedEvent sequenced, long position) {
  long seq() {
    return sequenced.seq();
  }
}
