package io.parley.session;

import io.parley.model.ConversationId;
import io.parley.model.ErrorCode;
import io.parley.model.Participants;
import io.parley.model.Person;
import io.parley.model.UserId;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/** People and who talks with whom, in memory. A person's token is {@code token-} and their name. */
public final class MemoryDirectory implements Directory {
  /** Outboxes up to this one count as given out. */
  public static final long MINTED = 100;

  private final Map<String, SignedIn> signedIn = new ConcurrentHashMap<>();
  private final Map<ConversationId, Participants> conversations = new ConcurrentHashMap<>();

  private final Queue<Set<String>> looks = new ConcurrentLinkedQueue<>();
  private volatile boolean isAway;

  /** Nobody's sign-in can be looked at, or can again. */
  public void away(boolean away) {
    isAway = away;
  }

  /** Adds {@code u_name}, signed in. */
  public Person add(String name) {
    Person person = new Person(new UserId("u_" + name), name, name);
    signedIn.put("token-" + name, new SignedIn(person, "i_" + name));
    return person;
  }

  public void signOut(String name) {
    signedIn.remove("token-" + name);
  }

  public void join(ConversationId conversation, UserId one, UserId other) {
    conversations.put(conversation, Participants.of(one, other));
  }

  public Person person(UserId user) {
    String name = user.value().substring(2);
    return new Person(user, name, name);
  }

  Map<ConversationId, Participants> conversations() {
    return conversations;
  }

  @Override
  public CompletionStage<Optional<SignedIn>> authenticate(String token) {
    if (isAway) {
      return CompletableFuture.failedFuture(new IllegalStateException("the database is away"));
    }
    return completed(Optional.ofNullable(signedIn.get(token)));
  }

  /** Which sign-ins were asked about, look by look. */
  Queue<Set<String>> looks() {
    return looks;
  }

  @Override
  public CompletionStage<Set<String>> ended(Set<String> signIns) {
    looks.add(Set.copyOf(signIns));
    if (isAway) {
      return CompletableFuture.failedFuture(new IllegalStateException("the database is away"));
    }
    Set<String> ended = new HashSet<>(signIns);
    signedIn.values().forEach(alive -> ended.remove(alive.signIn()));
    return completed(ended);
  }

  @Override
  public CompletionStage<Optional<Participants>> participants(ConversationId conversation) {
    return completed(Optional.ofNullable(conversations.get(conversation)));
  }

  @Override
  public CompletionStage<Set<ConversationId>> conversationsAmong(
      UserId user, Set<ConversationId> among) {
    Set<ConversationId> mine = new HashSet<>();
    conversations.forEach(
        (conversation, pair) -> {
          if (among.contains(conversation) && pair.include(user)) {
            mine.add(conversation);
          }
        });
    return completed(mine);
  }

  @Override
  public CompletionStage<Boolean> isMinted(UserId user, long outbox) {
    return completed(outbox <= MINTED);
  }

  @Override
  public CompletionStage<Started> start(UserId user, String peer) {
    if (!signedIn.containsKey("token-" + peer)) {
      return completed(new Started(Optional.empty(), Optional.of(ErrorCode.NOT_FOUND)));
    }
    Participants pair = Participants.of(user, new UserId("u_" + peer));
    Optional<ConversationId> found =
        conversations.entrySet().stream()
            .filter(entry -> entry.getValue().equals(pair))
            .map(Map.Entry::getKey)
            .findFirst();
    ConversationId conversation = found.orElseGet(ConversationId::random);
    conversations.put(conversation, pair);
    return completed(new Started(Optional.of(conversation), Optional.empty()));
  }

  @Override
  public CompletionStage<Set<UserId>> peersAmong(UserId user, Set<UserId> others) {
    return completed(
        others.stream()
            .filter(other -> !other.equals(user))
            .filter(other -> conversations.containsValue(Participants.of(user, other)))
            .collect(Collectors.toSet()));
  }

  private static <T> CompletionStage<T> completed(T value) {
    return CompletableFuture.completedFuture(value);
  }
}
