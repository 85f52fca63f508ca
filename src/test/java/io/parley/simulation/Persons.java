package io.parley.simulation;

import io.parley.model.ConversationId;
import io.parley.model.Participants;
import io.parley.model.SequencedEvent;
import io.parley.model.UserId;
import io.parley.protocol.EncodedEvent;
import io.parley.user.Push;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The user actors: who is attached, and pushes that may be lost or come in another order. */
final class Persons {
  private static final class Person {
    long incarnation;
    long feedVersion;
    final Map<String, Connection> attached = new LinkedHashMap<>();
  }

  private final World world;
  private final Map<UserId, Person> persons = new HashMap<>();
  private long incarnations;

  Persons(World world) {
    this.world = world;
  }

  void attach(UserId user, Connection connection) {
    tell(
        () -> {
          Person person = person(user);
          person.attached.put(connection.session(), connection);
          long incarnation = person.incarnation;
          long version = person.feedVersion;
          tell(() -> connection.pushed(new Push.Attached(incarnation, version)));
        });
  }

  void detach(UserId user, Connection connection) {
    tell(() -> person(user).attached.remove(connection.session()));
  }

  void deliver(ConversationId conversation, List<SequencedEvent> events) {
    Participants pair = world.pairOf(conversation);
    for (UserId user : world.users()) {
      if (pair.include(user) || world.mutant() == Mutant.TELLS_A_THIRD) {
        tell(() -> push(user, conversation, pair, events));
      }
    }
  }

  private void push(
      UserId user, ConversationId conversation, Participants pair, List<SequencedEvent> events) {
    List<EncodedEvent> encoded = events.stream().map(event -> world.encode(event, user)).toList();
    Push push = new Push.Delivered(conversation, pair, encoded);
    for (Connection connection : List.copyOf(person(user).attached.values())) {
      tell(() -> connection.pushed(push));
    }
  }

  /** The feed's notice; {@code acknowledged} runs unless something was lost on the way. */
  void tellHead(
      UserId user, long version, ConversationId conversation, long head, Runnable acknowledged) {
    tell(
        () -> {
          Person person = person(user);
          person.feedVersion = Math.max(person.feedVersion, version);
          Push push = new Push.Heads(version, 1, Map.of(conversation, head));
          for (Connection connection : List.copyOf(person.attached.values())) {
            tell(() -> connection.pushed(push));
          }
          tell(acknowledged);
        });
  }

  /** The actor dies, and begins anew without knowing anybody. */
  void die(UserId user) {
    persons.remove(user);
  }

  /** One session is forgotten, as in a move of the shard. */
  void loseLease(UserId user) {
    Optional<String> first = person(user).attached.keySet().stream().findFirst();
    first.ifPresent(person(user).attached::remove);
  }

  private Person person(UserId user) {
    return persons.computeIfAbsent(
        user,
        id -> {
          Person person = new Person();
          person.incarnation = ++incarnations;
          return person;
        });
  }

  /** What was under way when all nodes were stopped to restore a backup never arrives. */
  private void tell(Runnable what) {
    if (!world.chances().mishap(30)) {
      String epoch = world.epoch();
      world.in(
          world.chances().delay(3, 300),
          () -> {
            if (epoch.equals(world.epoch())) {
              what.run();
            }
          });
    }
  }
}
