package io.parley.simulation;

import io.parley.conversation.Conversation;
import io.parley.conversation.Reply;
import io.parley.history.InboxPage;
import io.parley.history.Target;
import io.parley.model.ConversationEvent;
import io.parley.model.ConversationId;
import io.parley.model.ConversationSummary;
import io.parley.model.Limits;
import io.parley.model.Operation;
import io.parley.model.OutboxNumber;
import io.parley.model.Participants;
import io.parley.model.SequencedEvent;
import io.parley.model.UserId;
import io.parley.protocol.FrameCodec;
import io.parley.session.Directory;
import io.parley.session.Inboxes;
import io.parley.session.Log;
import io.parley.session.Operations;
import io.parley.session.Reports;
import io.parley.session.SessionPorts;
import io.parley.session.Shards;
import io.parley.user.User;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;

/** One server node: what its sessions work with, over a network and a database that fail. */
final class Node implements Directory, Log, Inboxes, Shards {
  private static final FrameCodec CODEC = new FrameCodec(Limits.DEFAULT);

  /** Nobody: answers find their way without it. */
  private static final ActorRef<Reply> NOBODY = TestInbox.<Reply>create().getRef();

  private final World world;
  private final int number;
  private final Clock clock = new NodeClock();
  private final List<Connection> connections = new ArrayList<>();
  private long skewMillis;
  private boolean alive = true;

  Node(World world, int number) {
    this.world = world;
    this.number = number;
  }

  /** The wall clock of this node, which may be wrong. */
  private final class NodeClock extends Clock {
    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public long millis() {
      return World.EPOCH_MILLIS + world.now() + skewMillis;
    }

    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(millis());
    }
  }

  int number() {
    return number;
  }

  Clock clock() {
    return clock;
  }

  boolean isAlive() {
    return alive;
  }

  void jumpClock(long millis) {
    skewMillis = millis;
  }

  SessionPorts ports() {
    LongSupplier nanos = () -> TimeUnit.MILLISECONDS.toNanos(world.now());
    return new SessionPorts(
        this,
        this,
        this,
        this,
        new Operations(this, this, this, world.limits(), nanos),
        CODEC,
        world.epoch(),
        clock,
        nanos,
        Reports.unmeasured());
  }

  void connected(Connection connection) {
    connections.add(connection);
  }

  void crash() {
    alive = false;
    connections.forEach(Connection::nodeDied);
    connections.clear();
  }

  // Directory

  @Override
  public CompletionStage<Optional<SignedIn>> authenticate(String token) {
    return known(Optional.of(new SignedIn(world.person(new UserId(token)), "si_" + token)));
  }

  @Override
  public CompletionStage<Set<String>> ended(Set<String> signIns) {
    return known(Set.of());
  }

  @Override
  public CompletionStage<Optional<Participants>> participants(ConversationId conversation) {
    return known(Optional.of(world.pairOf(conversation)));
  }

  @Override
  public CompletionStage<Set<ConversationId>> conversationsAmong(
      UserId user, Set<ConversationId> conversations) {
    return known(
        conversations.stream()
            .filter(conversation -> world.pairOf(conversation).include(user))
            .collect(Collectors.toSet()));
  }

  @Override
  public CompletionStage<Boolean> isMinted(UserId user, long outbox) {
    return known(world.isMinted(user, outbox));
  }

  @Override
  public CompletionStage<Started> start(UserId user, String peer) {
    throw new UnsupportedOperationException("every conversation of this world was started");
  }

  @Override
  public CompletionStage<Set<UserId>> peersAmong(UserId user, Set<UserId> others) {
    return known(Set.of());
  }

  // Log

  @Override
  public CompletionStage<Map<ConversationId, Long>> heads(Set<ConversationId> conversations) {
    return read(
        () -> {
          Map<ConversationId, Long> heads = new HashMap<>();
          conversations.forEach(id -> heads.put(id, world.journal().head(id)));
          return heads;
        });
  }

  @Override
  public CompletionStage<List<SequencedEvent>> after(
      ConversationId conversation, long seq, int limit, int bytes) {
    throw new UnsupportedOperationException("nobody pages forward here");
  }

  /** The room that the pages share is counted in events here; PostgreSQL counts bytes. */
  @Override
  public CompletionStage<Map<ConversationId, List<SequencedEvent>>> after(
      Map<ConversationId, Long> places, int limit, int bytes) {
    return read(
        () -> {
          Map<ConversationId, List<SequencedEvent>> pages = new HashMap<>();
          int share = Math.max(1, limit / places.size());
          int room = world.pageSize();
          for (Map.Entry<ConversationId, Long> place : places.entrySet()) {
            List<SequencedEvent> page =
                pageAfter(place.getKey(), place.getValue(), Math.min(share, room));
            room -= page.size();
            if (!page.isEmpty()) {
              pages.put(place.getKey(), page);
            }
          }
          return pages;
        });
  }

  private List<SequencedEvent> pageAfter(ConversationId conversation, long seq, int limit) {
    List<SequencedEvent> all = world.journal().events(conversation);
    long from = world.mutant() == Mutant.REPLAY_OFF_BY_ONE ? seq + 1 : seq;
    int to = (int) Math.min(all.size(), from + limit);
    List<SequencedEvent> events =
        new ArrayList<>(from < to ? all.subList((int) from, to) : List.of());
    if (world.mutant() == Mutant.REPLAY_SWAPS_TWO && events.size() > 1) {
      SequencedEvent first = events.get(0);
      SequencedEvent second = events.get(1);
      events.set(0, new SequencedEvent(first.seq(), second.event()));
      events.set(1, new SequencedEvent(second.seq(), first.event()));
    }
    return events;
  }

  @Override
  public CompletionStage<List<SequencedEvent>> before(
      ConversationId conversation, long seq, int limit, int bytes) {
    throw new UnsupportedOperationException("nobody pages back here");
  }

  @Override
  public CompletionStage<Optional<SequencedEvent>> event(ConversationId conversation, long seq) {
    return read(
        () -> {
          List<SequencedEvent> all = world.journal().events(conversation);
          return seq < 1 || seq > all.size()
              ? Optional.empty()
              : Optional.of(all.get((int) seq - 1));
        });
  }

  @Override
  public CompletionStage<Optional<SequencedEvent>> find(
      ConversationId conversation, UserId by, OutboxNumber number, BooleanSupplier wanted) {
    return read(
        () ->
            world.journal().events(conversation).stream()
                .filter(event -> event.event().by().equals(by))
                .filter(event -> event.event().usedNumber().equals(Optional.of(number)))
                .findFirst());
  }

  @Override
  public CompletionStage<Optional<Target>> target(ConversationId conversation, long seq) {
    return read(
        () -> {
          List<SequencedEvent> all = world.journal().events(conversation);
          if (seq < 1 || seq > all.size()) {
            return Optional.empty();
          }
          boolean deleted = false;
          Set<String> emoji = new HashSet<>();
          for (SequencedEvent event : all) {
            if (event.event() instanceof ConversationEvent.Operated operated) {
              deleted |= operated.operation().equals(new Operation.Delete(seq));
              if (operated.operation() instanceof Operation.React react && react.of() == seq) {
                emoji.add(react.emoji());
              }
            }
          }
          return Optional.of(new Target(all.get((int) seq - 1), deleted, emoji));
        });
  }

  // Inboxes

  @Override
  public CompletionStage<InboxPage> newest(UserId user, int limit, Optional<String> cursor) {
    return changedSince(user, "0", limit, cursor);
  }

  @Override
  public CompletionStage<InboxPage> changedSince(
      UserId user, String since, int limit, Optional<String> cursor) {
    return read(
        () -> {
          long version = world.feed().version(user);
          return new InboxPage(
              world.feed().changedSince(user, Long.parseLong(since)),
              Long.toString(version),
              version,
              false,
              Optional.empty());
        });
  }

  @Override
  public String sinceOf(long version) {
    return Long.toString(version);
  }

  @Override
  public CompletionStage<ConversationSummary> summary(UserId user, ConversationId conversation) {
    return read(() -> world.feed().summary(user, conversation));
  }

  // Shards

  @Override
  public CompletionStage<Reply> ask(
      ConversationId conversation, Question question, Duration timeout) {
    CompletableFuture<Reply> answer = new CompletableFuture<>();
    if (!alive) {
      return answer;
    }
    Conversation.Command command = question.replyingTo(NOBODY);
    if (!world.chances().mishap(30)) {
      // A command may be held on its way for as long as it likes, and come when nobody waits for
      // it.
      long way = world.chances().mishap(25) ? world.chances().between(300, 20_000) : 2;
      String epoch = world.epoch();
      world.in(
          way,
          () -> {
            if (epoch.equals(world.epoch())) {
              world.region().deliver(conversation, command, reply -> back(answer, reply));
            }
          });
    }
    world.in(
        timeout.toMillis(), () -> answer.completeExceptionally(new TimeoutException("no answer")));
    return answer;
  }

  private void back(CompletableFuture<Reply> answer, Reply reply) {
    if (!world.chances().mishap(30)) {
      world.in(
          world.chances().delay(2, 200),
          () -> {
            if (alive) {
              answer.complete(reply);
            }
          });
    }
  }

  @Override
  public void tell(ConversationId conversation, Conversation.Command command) {
    if (alive && !world.chances().mishap(50)) {
      String epoch = world.epoch();
      world.in(
          world.chances().delay(2, 500),
          () -> {
            if (epoch.equals(world.epoch())) {
              world.region().deliver(conversation, command, reply -> {});
            }
          });
    }
  }

  @Override
  public void tell(UserId user, User.Command command) {
    // Nobody watches or types here; attaching is the connection's.
  }

  @Override
  public CompletionStage<Void> pause(Duration time) {
    CompletableFuture<Void> over = new CompletableFuture<>();
    world.in(time.toMillis(), () -> over.complete(null));
    return over;
  }

  /** From a cache, mostly. */
  private <T> CompletionStage<T> known(T value) {
    return world.chances().mishap(50)
        ? read(() -> value)
        : CompletableFuture.completedFuture(value);
  }

  /** A read sees the database as it is at one moment between the question and the answer. */
  private <T> CompletionStage<T> read(Supplier<T> value) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    world.in(
        world.chances().delay(3, 600),
        () -> {
          if (world.journal().isAway() || world.chances().mishap(10)) {
            answer.completeExceptionally(new IllegalStateException("no database"));
          } else {
            T found = value.get();
            world.in(world.chances().delay(2, 300), () -> answer.complete(found));
          }
        });
    return answer;
  }
}
