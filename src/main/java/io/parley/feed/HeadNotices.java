package io.parley.feed;

import io.parley.model.UserId;
import java.util.concurrent.CompletionStage;

/**
 * Where the feed tells people's sessions that conversations have come further.
 *
 * <p>Best effort: the feed tries a few times and then lets it be. Whoever holds a lease learns from
 * the version in its next answer, or from the next notice, that one is missing.
 */
@FunctionalInterface
public interface HeadNotices {

  /** Completes when the person's actor has it; fails, in bounded time, when nobody answered. */
  CompletionStage<?> tell(UserId user, HeadNotice notice);
}
