package io.parley.session;

import io.parley.conversation.Conversation;
import io.parley.conversation.Reply;
import io.parley.model.ConversationId;
import io.parley.model.UserId;
import io.parley.user.User;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;

/** The sharded actors, wherever they live. A tell may be lost; an ask fails when it was. */
public interface Shards {

  /** A command that lacks only where to answer. */
  @FunctionalInterface
  interface Question {
    Conversation.Command replyingTo(ActorRef<Reply> replyTo);
  }

  CompletionStage<Reply> ask(ConversationId conversation, Question question, Duration timeout);

  void tell(ConversationId conversation, Conversation.Command command);

  void tell(UserId user, User.Command command);

  /** Completes after this time, by the clock that also ends asks. */
  CompletionStage<Void> pause(Duration time);
}
