package io.parley.testing;

import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * An actor that can be asked whether it has handled all it was told before, and behaves as ever
 * otherwise.
 */
public final class Answering<T> extends BehaviorInterceptor<Object, T> {

  /** Answered once everything told before has been handled. */
  public record Sync(ActorRef<Done> replyTo) {}

  private final Class<T> commands;

  private Answering(Class<T> commands) {
    super(Object.class);
    this.commands = commands;
  }

  public static <T> Behavior<Object> of(Class<T> commands, Behavior<T> behavior) {
    return Behaviors.intercept(() -> new Answering<>(commands), behavior);
  }

  @Override
  public Behavior<T> aroundReceive(
      TypedActorContext<Object> context, Object message, ReceiveTarget<T> target) {
    if (message instanceof Sync sync) {
      sync.replyTo().tell(Done.getInstance());
      return Behaviors.same();
    }
    return target.apply(context, commands.cast(message));
  }
}
