package io.parley.conversation;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.parley.model.ConversationId;
import io.parley.model.Marks;
import io.parley.model.Operation;
import io.parley.model.OutboxNumber;
import io.parley.model.Participants;
import io.parley.model.UserId;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;

/** Two people, a moment, and what they say; shared by the tests of the conversation. */
final class Scene {
  static final UserId ADA = new UserId("u_ada");
  static final UserId BOB = new UserId("u_bob");
  static final Participants PAIR = Participants.of(ADA, BOB);
  static final ConversationId ID = new ConversationId("c_ab");
  static final long NOW = 1_767_225_600_123L;
  static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(NOW), ZoneOffset.UTC);

  private Scene() {}

  /** Time stands still, and the journal is in memory. */
  static Config config() {
    return ManualTime.config()
        .withFallback(EventSourcedBehaviorTestKit.config())
        .withFallback(PersistenceTestKitSnapshotPlugin.config())
        .withFallback(ConfigFactory.load());
  }

  static Operation.Message text(String text) {
    return new Operation.Message(text, OptionalLong.empty());
  }

  static Conversation.Operate operate(
      UserId by, long outbox, long n, Operation operation, ActorRef<Reply> replyTo) {
    return new Conversation.Operate(
        by, new OutboxNumber(outbox, n), operation, Optional.empty(), PAIR, replyTo);
  }

  static Conversation.Operate operateAndMark(
      UserId by, long n, Operation operation, Marks claimed, ActorRef<Reply> replyTo) {
    return new Conversation.Operate(
        by, new OutboxNumber(1, n), operation, Optional.of(claimed), PAIR, replyTo);
  }

  static Conversation.Skip skip(UserId by, long outbox, long n, ActorRef<Reply> replyTo) {
    return new Conversation.Skip(by, new OutboxNumber(outbox, n), Optional.empty(), PAIR, replyTo);
  }

  static Conversation.Spend spend(UserId by, long outbox, long n, ActorRef<Reply> replyTo) {
    return new Conversation.Spend(by, new OutboxNumber(outbox, n), replyTo);
  }
}
