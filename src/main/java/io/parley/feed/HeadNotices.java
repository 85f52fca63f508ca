package io.parley.feed;

import io.parley.model.UserId;
import java.util.concurrent.CompletionStage;

/**
 * Where the feed tells people's sessions that conversations have come further.
 *
 * <p>The feed tries until it succeeds, unless too many can't be told; what a worker could not tell
 * before it ended, the next one tells. Whoever holds a lease learns from the version in a later
 * notice, or in the answer to a renewal after one, that one is missing.
 */
@FunctionalInterface
public interface HeadNotices {

  /** Completes when the person's actor has it; fails, in bounded time, when nobody answered. */
  CompletionStage<?> tell(UserId user, HeadNotice notice);
}
