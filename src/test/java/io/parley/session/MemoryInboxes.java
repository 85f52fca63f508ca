package io.parley.session;

import io.parley.history.InboxPage;
import io.parley.model.ConversationId;
import io.parley.model.ConversationSummary;
import io.parley.model.Marks;
import io.parley.model.Participants;
import io.parley.model.UserId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The read side in memory: what a feed has applied, conversation by conversation. Each application
 * raises the version of both participants by one.
 */
public final class MemoryInboxes implements Inboxes {
  private final MemoryDirectory directory;
  private final Map<UserId, Long> versions = new HashMap<>();
  private final Map<ConversationId, Map<UserId, Long>> changedAt = new HashMap<>();
  private final Map<ConversationId, Long> applied = new HashMap<>();
  private final AtomicInteger failures = new AtomicInteger();

  public MemoryInboxes(MemoryDirectory directory) {
    this.directory = directory;
  }

  /** The next reads fail, so many. */
  public void failNext(int reads) {
    failures.set(reads);
  }

  /** The feed applies a conversation up to this head, if that is further than before. */
  public synchronized boolean apply(ConversationId conversation, long head) {
    if (applied.getOrDefault(conversation, 0L) >= head) {
      return false;
    }
    applied.put(conversation, head);
    Participants pair = pair(conversation);
    for (UserId user : List.of(pair.first(), pair.second())) {
      long version = versions.merge(user, 1L, Long::sum);
      changedAt.computeIfAbsent(conversation, same -> new HashMap<>()).put(user, version);
    }
    return true;
  }

  public synchronized long version(UserId user) {
    return versions.getOrDefault(user, 0L);
  }

  @Override
  public CompletionStage<InboxPage> newest(UserId user, int limit, Optional<String> cursor) {
    return page(user, 0);
  }

  @Override
  public CompletionStage<InboxPage> changedSince(
      UserId user, String since, int limit, Optional<String> cursor) {
    return page(user, Long.parseLong(since));
  }

  @Override
  public String sinceOf(long version) {
    return Long.toString(version);
  }

  @Override
  public CompletionStage<ConversationSummary> summary(UserId user, ConversationId conversation) {
    return answer(summaryOf(user, conversation));
  }

  private synchronized CompletionStage<InboxPage> page(UserId user, long since) {
    List<ConversationSummary> changed =
        changedAt.entrySet().stream()
            .filter(entry -> entry.getValue().getOrDefault(user, 0L) > since)
            .map(entry -> summaryOf(user, entry.getKey()))
            .toList();
    long version = version(user);
    return answer(new InboxPage(changed, sinceOf(version), version, false, Optional.empty()));
  }

  private synchronized ConversationSummary summaryOf(UserId user, ConversationId conversation) {
    long head = applied.getOrDefault(conversation, 0L);
    return new ConversationSummary(
        conversation,
        directory.person(pair(conversation).peerOf(user)),
        head,
        head,
        0,
        Marks.NONE,
        Marks.NONE,
        Optional.empty());
  }

  private Participants pair(ConversationId conversation) {
    return Optional.ofNullable(directory.conversations().get(conversation)).orElseThrow();
  }

  private <T> CompletionStage<T> answer(T value) {
    return failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0
        ? CompletableFuture.failedFuture(new IllegalStateException("the read side is away"))
        : CompletableFuture.completedFuture(value);
  }
}
