package io.parley.conversation;

import io.parley.conversation.Conversation.Command;
import io.parley.conversation.Conversation.Mark;
import io.parley.conversation.Conversation.Operate;
import io.parley.conversation.Conversation.Skip;
import io.parley.conversation.Conversation.Spend;
import java.util.Optional;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Bounds what waits before a conversation while a write is in flight or it recovers. Persistence
 * stashes silently and, when its stash is full, drops silently; long before that, whoever asks is
 * told {@link Reply.Overloaded}. Marks count as well, and past the limit they are dropped: nobody
 * waits for one, but a flood of them would fill the stash and push out what somebody waits for.
 *
 * <p>It sits outside the persistent behaviour, so that its count survives the restarts inside.
 */
final class QueueBound extends BehaviorInterceptor<Command, Command> {
  static final int LIMIT = 256;

  /** Counts what has come in and has not been taken out yet; used by one actor only. */
  static final class Queued {
    private int waiting;

    boolean isEmpty() {
      return waiting == 0;
    }

    /** The behaviour has begun with a command that was counted. */
    void taken(Command command) {
      if (isCounted(command)) {
        waiting--;
      }
    }
  }

  private final Queued queued;

  private QueueBound(Queued queued) {
    super(Command.class);
    this.queued = queued;
  }

  static Behavior<Command> around(Function<Queued, Behavior<Command>> behavior) {
    return Behaviors.setup(
        context -> {
          Queued queued = new Queued();
          return Behaviors.intercept(() -> new QueueBound(queued), behavior.apply(queued));
        });
  }

  private static boolean isCounted(Command command) {
    return replyTo(command).isPresent() || command instanceof Mark;
  }

  @Override
  public Behavior<Command> aroundReceive(
      TypedActorContext<Command> context, Command command, ReceiveTarget<Command> target) {
    if (isCounted(command)) {
      if (queued.waiting >= LIMIT) {
        replyTo(command).ifPresent(replyTo -> replyTo.tell(new Reply.Overloaded()));
        return Behaviors.same();
      }
      queued.waiting++;
    }
    return target.apply(context, command);
  }

  private static Optional<ActorRef<Reply>> replyTo(Command command) {
    if (command instanceof Operate operate) {
      return Optional.of(operate.replyTo());
    }
    if (command instanceof Skip skip) {
      return Optional.of(skip.replyTo());
    }
    return command instanceof Spend spend ? Optional.of(spend.replyTo()) : Optional.empty();
  }
}
