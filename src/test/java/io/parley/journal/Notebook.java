package io.parley.journal;

import java.time.Duration;
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

/**
 * The smallest entity: notes lines, and tells all of them to whoever notes one or reads. Its state
 * is one text, for which Pekko has a serializer.
 */
final class Notebook extends EventSourcedBehavior<Notebook.Command, String, String> {

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
  public String emptyState() {
    return "";
  }

  @Override
  public CommandHandler<Command, String, String> commandHandler() {
    return newCommandHandlerBuilder()
        .forAnyState()
        .onCommand(
            Note.class,
            (lines, note) ->
                Effect()
                    .persist(note.line())
                    .thenRun((String now) -> note.replyTo().tell(now.lines().toList())))
        .onCommand(
            Read.class,
            (lines, read) ->
                Effect().none().thenRun((String now) -> read.replyTo().tell(now.lines().toList())))
        .onCommand(Stop.class, (lines, stop) -> Effect().stop())
        .build();
  }

  @Override
  public EventHandler<String, String> eventHandler() {
    return (lines, line) -> lines + line + "\n";
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return RetentionCriteria.snapshotEvery(10, 1);
  }
}
