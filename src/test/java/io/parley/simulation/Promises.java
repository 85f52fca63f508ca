package io.parley.simulation;

import io.parley.model.ConversationEvent;
import io.parley.model.ConversationId;
import io.parley.model.Marks;
import io.parley.model.Operation;
import io.parley.model.OutboxNumber;
import io.parley.model.Participants;
import io.parley.model.SequencedEvent;
import io.parley.model.UserId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What must be true of everything that is stored and answered, looked at whenever something is. It
 * knows what was really sent, which no part of the server is told.
 */
final class Promises {
  /** Answers after which a copy that is still on its way could be stored, but for a row. */
  private static final Set<String> NEEDS_A_ROW = Set.of("skipped", "gone");

  /** What a retry is known by. */
  record Key(ConversationId conversation, UserId by, OutboxNumber number) {}

  private record Place(ConversationId conversation, UserId user) {}

  /** Numbers mean something in one life of the database. */
  private record Sent(String epoch, Key key) {}

  private record Queue(Place place, long outbox) {}

  /** Where and when an operation was stored. */
  private record StoredAs(long seq, long at) {}

  private final World world;
  private final Map<Sent, Operation> sent = new HashMap<>();
  private final Map<Key, StoredAs> stored = new HashMap<>();
  private final Set<Key> toldNotStored = new HashSet<>();

  /** The highest number that the log tells of, used for something or for nothing. */
  private final Map<Queue, Long> lastStored = new HashMap<>();

  private final Map<Operation, Key> texts = new HashMap<>();
  private final Set<Operation> mayBeTwice = new HashSet<>();
  private final Map<Place, Marks> marks = new HashMap<>();
  private final Map<Place, Marks> claims = new HashMap<>();
  private final Map<ConversationId, List<ConversationEvent>> originals = new HashMap<>();

  Promises(World world) {
    this.world = world;
  }

  // What devices do

  void sent(String epoch, Key key, Operation operation) {
    Operation before = sent.putIfAbsent(new Sent(epoch, key), operation);
    if (before != null && !before.equals(operation)) {
      throw new IllegalStateException("the client of this test used " + key + " twice");
    }
  }

  void claimed(ConversationId conversation, UserId by, Marks claimed) {
    claims.merge(new Place(conversation, by), claimed, Marks::max);
  }

  /** Its outcome was unknown when the database became another one: it may be stored once more. */
  void mayBeTwice(Operation operation) {
    mayBeTwice.add(operation);
  }

  // What conversations do

  /** About to be stored, on top of {@code head} events. */
  void stored(ConversationId conversation, SequencedEvent event, long head) {
    Participants pair = world.pairOf(conversation);
    check(event.seq() == head + 1, "S4", () -> "a hole or a second " + event + " on " + head);
    check(pair.include(event.event().by()), "S2", () -> "a stranger's " + event);
    check(
        (event.seq() == 1)
            == event
                .event()
                .equals(new ConversationEvent.Opened(event.event().by(), event.event().at(), pair)),
        "S4",
        () -> "a log opens with its participants: " + event);
    event
        .event()
        .usedNumber()
        .ifPresent(number -> used(new Key(conversation, event.event().by(), number)));
    if (event.event() instanceof ConversationEvent.Operated operated) {
      operated(conversation, event.seq(), operated);
    }
    event.event().marks().ifPresent(risen -> marks(conversation, event, risen));
    originals.computeIfAbsent(conversation, id -> new ArrayList<>()).add(event.event());
  }

  private void used(Key key) {
    check(!stored.containsKey(key), "S3", () -> key + " is used twice: " + stored.get(key));
    check(lastUsed(key) < key.number().n(), "S5", () -> key + " comes after " + lastUsed(key));
    lastStored.put(queue(key), key.number().n());
  }

  private static Queue queue(Key key) {
    return new Queue(new Place(key.conversation(), key.by()), key.number().outbox());
  }

  private long lastUsed(Key key) {
    return lastStored.getOrDefault(queue(key), 0L);
  }

  private void operated(ConversationId conversation, long seq, ConversationEvent.Operated event) {
    Key key = new Key(conversation, event.by(), event.number());
    Operation meant = sent.get(new Sent(world.epoch(), key));
    check(event.operation().equals(meant), "S2", () -> event + " is not what was sent: " + meant);
    check(!toldNotStored.contains(key), "S2", () -> key + " was said not to be stored, and now is");
    if (event.operation() instanceof Operation.Message) {
      Key twin = texts.putIfAbsent(event.operation(), key);
      check(
          twin == null || mayBeTwice.contains(event.operation()),
          "S2",
          () -> key + " is stored again, as " + twin + " was");
    }
    stored.put(key, new StoredAs(seq, event.at()));
  }

  private void marks(ConversationId conversation, SequencedEvent event, Marks risen) {
    Place place = new Place(conversation, event.event().by());
    Marks before = marks.getOrDefault(place, Marks.NONE);
    Marks claimed = claims.getOrDefault(place, Marks.NONE);
    check(
        risen.isBeyond(before) && risen.max(before).equals(risen),
        "S9",
        () -> place + " falls or stands still from " + before + " to " + event);
    check(
        risen.delivered() <= claimed.delivered() && risen.read() <= claimed.read(),
        "S9",
        () -> place + " never said so: " + event + ", only " + claimed);
    check(
        isByPeer(conversation, place.user(), risen.delivered())
            && isByPeer(conversation, place.user(), risen.read()),
        "S9",
        () -> event + " names no message of the peer");
    marks.put(place, risen);
  }

  private boolean isByPeer(ConversationId conversation, UserId user, long seq) {
    List<SequencedEvent> events = world.journal().events(conversation);
    if (seq == 0 || seq > events.size()) {
      return seq == 0;
    }
    ConversationEvent named = original(conversation, seq);
    return named instanceof ConversationEvent.Operated operated
        && operated.operation() instanceof Operation.Message
        && !named.by().equals(user);
  }

  // What sessions answer

  void accepted(Key key, long seq, long at) {
    StoredAs as = stored.get(key);
    check(
        as != null && as.seq() == seq && as.at() == at,
        "S1, S3",
        () -> key + " is said to be stored at " + seq + ", " + at + "; it is " + as);
  }

  /** The client was told for good that nothing is or will be stored under it. */
  void notStored(Key key, String code) {
    check(
        !code.equals("conflict") && !code.equals("not_found"),
        "S3",
        () -> key + " answers " + code + "; stored is " + stored.get(key));
    check(
        !stored.containsKey(key),
        "S2",
        () -> key + " answers " + code + " and is stored as " + stored.get(key));
    check(
        !NEEDS_A_ROW.contains(code) || lastUsed(key) >= key.number().n(),
        "S2",
        () -> key + " answers " + code + " while no row keeps a copy of it out");
    toldNotStored.add(key);
  }

  /** The event as it was first stored. */
  ConversationEvent original(ConversationId conversation, long seq) {
    return originals.getOrDefault(conversation, List.of()).get((int) seq - 1);
  }

  /** The database is another one, and holds what the journal holds. */
  void restored() {
    Map<Key, StoredAs> before = Map.copyOf(stored);
    stored.clear();
    toldNotStored.clear();
    lastStored.clear();
    texts.clear();
    marks.clear();
    for (ConversationId conversation : world.conversations()) {
      List<SequencedEvent> kept = world.journal().events(conversation);
      List<ConversationEvent> was = originals.getOrDefault(conversation, new ArrayList<>());
      was.subList(kept.size(), was.size()).clear();
      for (int i = 0; i < kept.size(); i++) {
        ConversationEvent event = was.get(i);
        event
            .usedNumber()
            .map(number -> new Key(conversation, event.by(), number))
            .ifPresent(key -> keep(key, before.get(key), event));
        event.marks().ifPresent(to -> marks.put(new Place(conversation, event.by()), to));
      }
    }
  }

  private void keep(Key key, @Nullable StoredAs as, ConversationEvent was) {
    if (as != null) {
      stored.put(key, as);
    }
    lastStored.put(queue(key), key.number().n());
    if (was instanceof ConversationEvent.Operated operated) {
      texts.put(operated.operation(), key);
    }
  }

  static void check(boolean holds, String promise, Supplier<String> how) {
    if (!holds) {
      throw new Violation(promise, how.get());
    }
  }
}
