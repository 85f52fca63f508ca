package io.parley.journal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;

/** The smallest entity: notes lines, and tells all of them to whoever notes one or reads. */
final class Notebook extends EventSourcedBehavior<Notebook.Command, String, List<String>> {

  sealed interface Command {}

  record Note(String line, ActorRef<List<String>> replyTo) implements Command {}

  record Read(ActorRef<List<String>> replyTo) implements Command {}

  record Stop() implements Command {}

  private Notebook(String id) {
    super(
        PersistenceId.of("notebook", id),
        SupervisorStrategy.restartWithBackoff(Duration.ofMillis(50), Duration.ofMillis(200), 0.0));
  }

  static Behavior<Command> create(String id) {
    return new Notebook(id);
  }

  @Override
  public List<String> emptyState() {
    return List.of();
  }

  @Override
  public CommandHandler<Command, String, List<String>> commandHandler() {
    return newCommandHandlerBuilder()
        .forAnyState()
        .onCommand(
            Note.class,
            (lines, note) ->
                Effect()
                    .persist(note.line())
                    .thenRun((List<String> now) -> note.replyTo().tell(now)))
        .onCommand(
            Read.class,
            (lines, read) ->
                Effect().none().thenRun((List<String> now) -> read.replyTo().tell(now)))
        .onCommand(Stop.class, (lines, stop) -> Effect().stop())
        .build();
  }

  @Override
  public EventHandler<List<String>, String> eventHandler() {
    return (lines, line) -> {
      List<String> more = new ArrayList<>(lines);
      more.add(line);
      return List.copyOf(more);
    };
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return RetentionCriteria.snapshotEvery(10, 1);
  }
}
