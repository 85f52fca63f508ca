package io.parley.conversation;

import io.parley.conversation.Conversation.Command;
import java.util.OptionalInt;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.JournalProtocol;

/**
 * Lets only the first word of a failed write through. The journal tells the failure once for each
 * event; the first restarts the conversation, and Pekko puts the second, which comes meanwhile,
 * among the commands that wait. When its turn comes it is ignored, and with it ends the chain in
 * which each command handled takes the next one out: those behind it would wait until somebody
 * happens to tell the conversation something. Only the first write of a log has two events.
 */
final class LateFailures extends BehaviorInterceptor<Object, Object> {
  /** Which life of the persistent behaviour has been told; each restart is another one. */
  private OptionalInt told = OptionalInt.empty();

  private LateFailures() {
    super(Object.class);
  }

  /** Journal and commands come to one mailbox, whatever the type of the behaviour says. */
  @SuppressWarnings("unchecked")
  static Behavior<Command> droppedFrom(Behavior<Command> behavior) {
    Behavior<Object> everything = (Behavior<Object>) (Behavior<?>) behavior;
    return Behaviors.intercept(LateFailures::new, everything).narrow();
  }

  @Override
  public Behavior<Object> aroundReceive(
      TypedActorContext<Object> context, Object message, ReceiveTarget<Object> target) {
    if (message instanceof JournalProtocol.WriteMessageFailure failure) {
      OptionalInt life = OptionalInt.of(failure.actorInstanceId());
      if (told.equals(life)) {
        return Behaviors.same();
      }
      told = life;
    }
    return target.apply(context, message);
  }
}
