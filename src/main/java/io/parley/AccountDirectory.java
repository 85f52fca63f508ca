package io.parley;

import io.parley.account.Refused;
import io.parley.account.Registry;
import io.parley.account.SignInId;
import io.parley.account.Token;
import io.parley.model.ConversationId;
import io.parley.model.Participants;
import io.parley.model.UserId;
import io.parley.session.Directory;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** What sessions ask of accounts. */
final class AccountDirectory implements Directory {
  /** Highest ordinals remembered; past it all are forgotten and asked for again. */
  private static final int REMEMBERED = 100_000;

  private final Registry registry;

  /** Ordinals only rise, so one that was found low enough stays valid. */
  private final ConcurrentHashMap<UserId, Long> highestOutbox = new ConcurrentHashMap<>();

  AccountDirectory(Registry registry) {
    this.registry = registry;
  }

  @Override
  public CompletionStage<Optional<SignedIn>> authenticate(String token) {
    return registry
        .signIns()
        .authenticate(new Token(token))
        .thenApply(
            found -> found.map(known -> new SignedIn(known.user(), known.signIn().id().value())));
  }

  @Override
  public CompletionStage<Set<String>> ended(Set<String> signIns) {
    return registry
        .signIns()
        .ended(signIns.stream().map(SignInId::new).toList())
        .thenApply(
            ended -> ended.stream().map(SignInId::value).collect(Collectors.toUnmodifiableSet()));
  }

  @Override
  public CompletionStage<Optional<Participants>> participants(ConversationId conversation) {
    return registry.conversations().membership(conversation);
  }

  @Override
  public CompletionStage<Set<ConversationId>> conversationsAmong(
      UserId user, Set<ConversationId> conversations) {
    return registry.conversations().among(user, conversations);
  }

  @Override
  public CompletionStage<Boolean> isMinted(UserId user, long outbox) {
    if (outbox <= highestOutbox.getOrDefault(user, 0L)) {
      return CompletableFuture.completedFuture(true);
    }
    return registry
        .outboxes()
        .highestMinted(user)
        .thenApply(
            highest -> {
              if (highestOutbox.size() >= REMEMBERED) {
                highestOutbox.clear();
              }
              highestOutbox.merge(user, highest, Math::max);
              return outbox <= highest;
            });
  }

  @Override
  public CompletionStage<Started> start(UserId user, String peer) {
    return registry
        .conversations()
        .start(user, peer)
        .thenApply(started -> new Started(Optional.of(started.id()), Optional.empty()))
        .exceptionally(AccountDirectory::refused);
  }

  private static Started refused(Throwable failure) {
    Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
    if (cause instanceof Refused refused) {
      return new Started(Optional.empty(), Optional.of(refused.code()));
    }
    throw new CompletionException(cause);
  }

  @Override
  public CompletionStage<Set<UserId>> peersAmong(UserId user, Set<UserId> others) {
    return others.isEmpty()
        ? CompletableFuture.completedFuture(Set.of())
        : registry.conversations().shareConversation(user, others);
  }
}
