package io.parley.feed;

import io.parley.model.ConversationEvent;
import io.parley.model.ConversationEvent.Operated;
import io.parley.model.ConversationEvent.Skipped;
import io.parley.model.Marks;
import io.parley.model.Operation;
import io.parley.model.SequencedEvent;
import io.parley.model.UserId;
import io.parley.testing.TestEvents;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Logs as two people might make them, and as races and other people's errors might. */
final class RandomLog {
  private final Random random;
  private final UserId one;
  private final UserId other;
  private final TestEvents events = new TestEvents();
  private final List<CommittedEvent> log = new ArrayList<>();

  RandomLog(Random random, UserId one, UserId other) {
    this.random = random;
    this.one = one;
    this.other = other;
  }

  List<CommittedEvent> next(int count) {
    int from = log.size();
    if (log.isEmpty()) {
      add(TestEvents.opened(one, other));
    }
    while (log.size() < from + count) {
      add(nextEvent());
    }
    return List.copyOf(log.subList(from, log.size()));
  }

  List<CommittedEvent> all() {
    return List.copyOf(log);
  }

  private void add(ConversationEvent event) {
    long position = (log.isEmpty() ? 10 : log.get(log.size() - 1).position()) + random.nextInt(2);
    log.add(new CommittedEvent(new SequencedEvent(log.size() + 1, event), position));
  }

  private ConversationEvent nextEvent() {
    UserId by = random.nextBoolean() ? one : other;
    // Anything may be named: nothing there, no message, the peer's, one deleted before.
    long of = 1L + random.nextInt(log.size() + 2);
    int kind = random.nextInt(100);
    if (kind < 45) {
      return marked(events.message(by, "text " + log.size() + " \uD83D\uDE00"));
    } else if (kind < 60) {
      return marked(events.edit(by, of, "edit " + log.size()));
    } else if (kind < 70) {
      return events.delete(by, of);
    } else if (kind < 85) {
      return events.react(by, of, List.of("a", "b", "c").get(random.nextInt(3)), kind < 80);
    }
    int read = random.nextInt(log.size() + 1);
    if (kind < 90) {
      Skipped skipped = events.skipped(by);
      Optional<Marks> marks = Optional.of(new Marks(read + 1L, read));
      return kind < 88 ? skipped : new Skipped(by, skipped.at(), skipped.number(), marks);
    }
    return events.marked(by, (long) read + random.nextInt(3), read);
  }

  private ConversationEvent marked(Operated event) {
    if (random.nextInt(3) > 0) {
      return event;
    }
    int read = random.nextInt(log.size() + 1);
    Operation operation = event.operation();
    return new Operated(
        event.by(), event.at(), event.number(), operation, Optional.of(new Marks(read + 1L, read)));
  }
}
