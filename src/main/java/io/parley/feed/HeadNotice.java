package io.parley.feed;

import io.parley.model.ConversationId;
import java.util.HashMap;
import java.util.Map;

/**
 * How far conversations of one person had come when the feed applied them.
 *
 * @param feedVersion of this person's inbox, with these heads in it
 */
public record HeadNotice(long feedVersion, Map<ConversationId, Long> heads) {
  public HeadNotice {
    heads = Map.copyOf(heads);
  }

  /** Both in one: the later version, the higher heads. */
  HeadNotice and(HeadNotice other) {
    Map<ConversationId, Long> both = new HashMap<>(heads);
    other.heads.forEach((conversation, head) -> both.merge(conversation, head, Math::max));
    return new HeadNotice(Math.max(feedVersion, other.feedVersion), both);
  }
}
