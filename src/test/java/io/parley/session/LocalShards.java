package io.parley.session;

import io.parley.conversation.Conversation;
import io.parley.conversation.Reply;
import io.parley.model.ConversationId;
import io.parley.model.UserId;
import io.parley.user.User;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/** Shards without a cluster: whoever makes it says which actor stands for which id. */
public final class LocalShards implements Shards {
  private final ActorSystem<?> system;
  private final Function<ConversationId, ActorRef<Conversation.Command>> conversations;
  private final Function<UserId, ActorRef<User.Command>> users;
  private final AtomicInteger pauses = new AtomicInteger();

  public LocalShards(
      ActorSystem<?> system,
      Function<ConversationId, ActorRef<Conversation.Command>> conversations,
      Function<UserId, ActorRef<User.Command>> users) {
    this.system = system;
    this.conversations = conversations;
    this.users = users;
  }

  @Override
  public CompletionStage<Reply> ask(
      ConversationId conversation, Question question, Duration timeout) {
    return AskPattern.<Conversation.Command, Reply>ask(
        conversations.apply(conversation), question::replyingTo, timeout, system.scheduler());
  }

  @Override
  public void tell(ConversationId conversation, Conversation.Command command) {
    conversations.apply(conversation).tell(command);
  }

  @Override
  public void tell(UserId user, User.Command command) {
    users.apply(user).tell(command);
  }

  @Override
  public CompletionStage<Void> pause(Duration time) {
    pauses.incrementAndGet();
    CompletableFuture<Void> over = new CompletableFuture<>();
    system.scheduler().scheduleOnce(time, () -> over.complete(null), system.executionContext());
    return over;
  }

  /** How many pauses were begun. */
  int pauses() {
    return pauses.get();
  }
}
