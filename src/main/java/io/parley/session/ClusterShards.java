package io.parley.session;

import io.parley.conversation.Conversation;
import io.parley.conversation.Reply;
import io.parley.model.ConversationId;
import io.parley.model.UserId;
import io.parley.user.User;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;

/** The actors of this cluster's shard regions. */
public final class ClusterShards implements Shards {
  private final ActorSystem<?> system;
  private final ClusterSharding sharding;

  public ClusterShards(ActorSystem<?> system) {
    this.system = system;
    this.sharding = ClusterSharding.get(system);
  }

  @Override
  public CompletionStage<Reply> ask(
      ConversationId conversation, Question question, Duration timeout) {
    return SameThread.of(
        sharding
            .entityRefFor(Conversation.TYPE_KEY, conversation.value())
            .ask(question::replyingTo, timeout));
  }

  @Override
  public void tell(ConversationId conversation, Conversation.Command command) {
    sharding.entityRefFor(Conversation.TYPE_KEY, conversation.value()).tell(command);
  }

  @Override
  public void tell(UserId user, User.Command command) {
    sharding.entityRefFor(User.TYPE_KEY, user.value()).tell(command);
  }

  @Override
  public CompletionStage<Void> pause(Duration time) {
    CompletableFuture<Void> over = new CompletableFuture<>();
    system.scheduler().scheduleOnce(time, () -> over.complete(null), system.executionContext());
    return over;
  }
}
