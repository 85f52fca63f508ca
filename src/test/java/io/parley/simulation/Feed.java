package io.parley.simulation;

import io.parley.model.ConversationEvent;
import io.parley.model.ConversationId;
import io.parley.model.ConversationSummary;
import io.parley.model.Operation;
import io.parley.model.Participants;
import io.parley.model.SequencedEvent;
import io.parley.model.UserId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The read side: applies commits a while later, and tells of heads until it is heard. */
final class Feed {
  private static final int TELL_AGAIN_MILLIS = 1_000;

  /** How far one conversation had come when it was last applied, for one person. */
  record Line(ConversationId conversation, long head, long version) {}

  private final World world;
  private final Map<UserId, Map<ConversationId, Line>> inboxes = new HashMap<>();
  private final Map<UserId, Long> versions = new HashMap<>();
  private final Map<ConversationId, Long> applied = new HashMap<>();
  private final Set<ConversationId> nudged = new HashSet<>();
  private int generation;

  Feed(World world) {
    this.world = world;
  }

  void committed(ConversationId conversation) {
    if (nudged.add(conversation)) {
      int life = generation;
      world.in(
          world.chances().delay(250, 4_000),
          () -> {
            nudged.remove(conversation);
            if (life == generation) {
              apply(conversation);
            }
          });
    }
  }

  private void apply(ConversationId conversation) {
    if (world.journal().isAway()) {
      committed(conversation);
      return;
    }
    long head = world.journal().head(conversation);
    erase(conversation, applied.getOrDefault(conversation, 0L), head);
    if (head > applied.getOrDefault(conversation, 0L)) {
      applied.put(conversation, head);
      for (UserId user : world.users()) {
        if (world.pairOf(conversation).include(user)) {
          long version = versions.merge(user, 1L, Long::sum);
          inbox(user).put(conversation, new Line(conversation, head, version));
          tell(user, version, conversation, head, generation);
        }
      }
    }
  }

  /** Takes away what the deletions among the new events name. */
  private void erase(ConversationId conversation, long after, long head) {
    for (SequencedEvent event :
        world.journal().events(conversation).subList((int) after, (int) head)) {
      if (event.event() instanceof ConversationEvent.Operated operated
          && operated.operation() instanceof Operation.Delete delete) {
        for (SequencedEvent stored : List.copyOf(world.journal().events(conversation))) {
          erased(stored, delete.of()).ifPresent(gone -> world.journal().erase(conversation, gone));
        }
      }
    }
  }

  private static Optional<SequencedEvent> erased(SequencedEvent stored, long of) {
    if (stored.event() instanceof ConversationEvent.Operated was) {
      boolean message = stored.seq() == of;
      boolean edit = was.operation() instanceof Operation.Edit change && change.of() == of;
      if (message || edit) {
        return Optional.of(
            new SequencedEvent(
                stored.seq(),
                new ConversationEvent.Erased(
                    was.by(),
                    was.at(),
                    was.number(),
                    edit ? OptionalLong.of(of) : OptionalLong.empty(),
                    was.marks())));
      }
    }
    return Optional.empty();
  }

  private void tell(UserId user, long version, ConversationId conversation, long head, int life) {
    if (life != generation || world.mutant() == Mutant.SILENT_FEED) {
      return;
    }
    boolean[] heard = {false};
    world.persons().tellHead(user, version, conversation, head, () -> heard[0] = true);
    world.in(
        TELL_AGAIN_MILLIS,
        () -> {
          if (!heard[0]) {
            tell(user, version, conversation, head, life);
          }
        });
  }

  long version(UserId user) {
    return versions.getOrDefault(user, 0L);
  }

  /** What changed after a version, newest first. */
  List<ConversationSummary> changedSince(UserId user, long version) {
    List<Line> lines = new ArrayList<>(inbox(user).values());
    lines.removeIf(line -> line.version() <= version);
    lines.sort(Comparator.comparingLong(Line::version).reversed());
    return lines.stream().map(line -> summary(user, line.conversation())).toList();
  }

  ConversationSummary summary(UserId user, ConversationId conversation) {
    Line line = inbox(user).getOrDefault(conversation, new Line(conversation, 0, 0));
    Participants pair = world.pairOf(conversation);
    UserId peer = pair.include(user) ? pair.peerOf(user) : pair.first();
    return ConversationSummary.empty(conversation, world.person(peer)).withHead(line.head());
  }

  /** Rebuilt after a backup was restored. */
  void rebuild() {
    generation++;
    inboxes.clear();
    applied.clear();
    nudged.clear();
    world.conversations().forEach(this::apply);
  }

  private Map<ConversationId, Line> inbox(UserId user) {
    return inboxes.computeIfAbsent(user, id -> new HashMap<>());
  }
}
