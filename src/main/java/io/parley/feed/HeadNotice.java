package io.parley.feed;

import io.parley.model.ConversationId;
import java.util.HashMap;
import java.util.Map;

/**
 * How far conversations of one person had come when the feed applied them.
 *
 * @param feedVersion of this person's inbox, with these heads in it
 * @param changes of the inbox that this tells of, without a hole, the last of them that version
 */
public record HeadNotice(long feedVersion, long changes, Map<ConversationId, Long> heads) {
  public HeadNotice {
    heads = Map.copyOf(heads);
  }

  /** Of what was applied in one go, which is one change. */
  HeadNotice(long feedVersion, Map<ConversationId, Long> heads) {
    this(feedVersion, 1, heads);
  }

  /**
   * Both in one: the later version, the higher heads. Of two between which something is missing,
   * only the later one's changes are told of: who hears it finds out that there was more.
   */
  HeadNotice and(HeadNotice other) {
    if (feedVersion > other.feedVersion) {
      return other.and(this);
    }
    Map<ConversationId, Long> both = new HashMap<>(heads);
    other.heads.forEach((conversation, head) -> both.merge(conversation, head, Math::max));
    long from = other.before() <= feedVersion ? Math.min(before(), other.before()) : other.before();
    return new HeadNotice(other.feedVersion, other.feedVersion - from, both);
  }

  /** The version before its first change. */
  private long before() {
    return feedVersion - changes;
  }
}
