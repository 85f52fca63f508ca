package io.parley.simulation.actors;

import io.parley.conversation.Conversation;
import io.parley.conversation.Reply;
import io.parley.model.ConversationId;
import io.parley.model.UserId;
import io.parley.session.LocalShards;
import io.parley.session.Shards;
import io.parley.user.User;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Loses some of what goes through it, and holds some back, as long as it is hostile. */
final class HostileShards implements Shards {
  private static final int LOST_PERCENT = 4;
  private static final int LATE_PERCENT = 10;
  private static final int MAX_LATE_MILLIS = 1_500;

  private final LocalShards shards;
  private final Random random;
  private final BooleanSupplier hostile;

  HostileShards(LocalShards shards, long seed, BooleanSupplier hostile) {
    this.shards = shards;
    this.random = new Random(seed);
    this.hostile = hostile;
  }

  /** The question is lost, or the answer is; in both cases nobody hears anything in time. */
  @Override
  public CompletionStage<Reply> ask(
      ConversationId conversation, Question question, Duration timeout) {
    if (happens(LOST_PERCENT)) {
      return pause(timeout).thenCompose(over -> timedOut());
    }
    CompletionStage<Reply> reply = shards.ask(conversation, question, timeout);
    return happens(LOST_PERCENT) ? reply.thenCompose(lost -> timedOut()) : reply;
  }

  @Override
  public void tell(ConversationId conversation, Conversation.Command command) {
    later(() -> shards.tell(conversation, command));
  }

  @Override
  public void tell(UserId user, User.Command command) {
    later(() -> shards.tell(user, command));
  }

  @Override
  public CompletionStage<Void> pause(Duration time) {
    return shards.pause(time);
  }

  private void later(Runnable tell) {
    if (happens(LATE_PERCENT)) {
      shards.pause(Duration.ofMillis(late())).thenRun(tell);
    } else if (!happens(LOST_PERCENT)) {
      tell.run();
    }
  }

  private synchronized boolean happens(int percent) {
    return hostile.getAsBoolean() && random.nextInt(100) < percent;
  }

  private synchronized long late() {
    return random.nextInt(MAX_LATE_MILLIS);
  }

  private static CompletionStage<Reply> timedOut() {
    return CompletableFuture.failedFuture(new TimeoutException("lost"));
  }
}
