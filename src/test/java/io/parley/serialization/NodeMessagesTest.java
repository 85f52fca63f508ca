package io.parley.serialization;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.parley.conversation.Conversation;
import io.parley.conversation.Reply;
import io.parley.model.ConversationEvent;
import io.parley.model.ConversationId;
import io.parley.model.Marks;
import io.parley.model.Operation;
import io.parley.model.OutboxNumber;
import io.parley.model.Participants;
import io.parley.model.SequencedEvent;
import io.parley.protocol.EncodedEvent;
import io.parley.user.Push;
import io.parley.user.User;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializers;
import org.apache.pekko.serialization.jackson.JacksonCborSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A message that can't cross a node's border is lost without a word: try one of every kind. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NodeMessagesTest {
  private static final ConversationId CONVERSATION = new ConversationId("c_0123456789abcdef");
  private static final Participants PAIR = Participants.of(ExampleEvents.ADA, ExampleEvents.BOB);
  private static final OutboxNumber NUMBER = new OutboxNumber(17, 3);

  private ActorTestKit testKit;
  private ActorRef<Reply> replies;
  private ActorRef<Push> pushes;
  private ActorRef<Done> dones;

  @BeforeAll
  void start() {
    testKit = ActorTestKit.create(ConfigFactory.load());
    replies = testKit.<Reply>createTestProbe().ref();
    pushes = testKit.<Push>createTestProbe().ref();
    dones = testKit.<Done>createTestProbe().ref();
  }

  @AfterAll
  void stop() {
    testKit.shutdownTestKit();
  }

  @Test
  void everyMessageThatNodesTellEachOtherComesOverWhole() {
    Serialization serialization = SerializationExtension.get(testKit.system());
    for (NodeMessage message : examples()) {
      var serializer = serialization.findSerializerFor(message);
      String manifest = Serializers.manifestFor(serializer, message);
      byte[] bytes = serialization.serialize(message).get();

      assertThat(serializer).isInstanceOf(JacksonCborSerializer.class);
      assertThat(serialization.deserialize(bytes, serializer.identifier(), manifest).get())
          .isEqualTo(message);
    }
  }

  @Test
  void noKindOfMessageWasForgotten() {
    assertThat(examples().stream().map(Object::getClass))
        .containsAll(
            Stream.of(Conversation.Command.class, Reply.class, User.Command.class, Push.class)
                .flatMap(family -> Arrays.stream(family.getPermittedSubclasses()))
                // What an actor tells itself never leaves it.
                .filter(kind -> !Modifier.isPrivate(kind.getModifiers()))
                .toList());
  }

  private List<NodeMessage> examples() {
    List<NodeMessage> examples = new ArrayList<>();
    for (Operation operation :
        List.of(
            new Operation.Message("\u0001 \uD83D\uDE80\n\"\\", OptionalLong.of(2)),
            new Operation.Message("no reply", OptionalLong.empty()),
            new Operation.Edit(2, "Hallo"),
            new Operation.Delete(5_000_000_000L),
            new Operation.React(2, "\u2764\uFE0F", false))) {
      examples.add(
          new Conversation.Operate(
              ExampleEvents.ADA, NUMBER, operation, Optional.of(new Marks(2, 1)), PAIR, replies));
    }
    examples.add(
        new Conversation.Operate(
            ExampleEvents.ADA, NUMBER, new Operation.Delete(1), Optional.empty(), PAIR, replies));
    examples.add(
        new Conversation.Skip(
            ExampleEvents.ADA, NUMBER, Optional.of(new Marks(2, 1)), PAIR, replies));
    examples.add(new Conversation.Skip(ExampleEvents.ADA, NUMBER, Optional.empty(), PAIR, replies));
    examples.add(new Conversation.Spend(ExampleEvents.ADA, NUMBER, replies));
    examples.add(new Conversation.Mark(ExampleEvents.ADA, new Marks(2, 1)));
    examples.addAll(
        List.of(
            new Reply.Accepted(3, 4),
            new Reply.Stored(3),
            new Reply.NotStored(),
            new Reply.Spent(),
            new Reply.Forgotten(true),
            new Reply.OutOfOrder(7),
            new Reply.Gone(),
            new Reply.Overloaded(),
            new Reply.Failed()));
    examples.addAll(userCommands());
    examples.addAll(
        List.of(
            new Push.Attached(Long.MIN_VALUE, 5),
            new Push.TooManySessions(),
            new Push.Renew(),
            new Push.Reattach(),
            new Push.Revoked(),
            new Push.Delivered(
                CONVERSATION, PAIR, List.of(new EncodedEvent(1, "{\"seq\":1,\"text\":\"\\n\"}"))),
            new Push.Heads(5, 1, Map.of(CONVERSATION, 9L)),
            new Push.Typing(CONVERSATION, ExampleEvents.BOB, true),
            new Push.Presence(ExampleEvents.BOB, false, OptionalLong.of(60_000)),
            new Push.Presence(ExampleEvents.BOB, true, OptionalLong.empty())));
    return examples;
  }

  private List<NodeMessage> userCommands() {
    List<SequencedEvent> events = new ArrayList<>();
    for (ConversationEvent event : ExampleEvents.all().values()) {
      events.add(new SequencedEvent(events.size() + 1, event));
    }
    return List.of(
        new User.Attach("s_1", "i_1", pushes),
        new User.Detach("s_1"),
        new User.Deliver(CONVERSATION, PAIR, events),
        new User.TellHeads(5, 1, Map.of(CONVERSATION, 9L), dones),
        new User.TellTyping(CONVERSATION, ExampleEvents.BOB, false),
        new User.Watch("s_1", pushes),
        new User.Unwatch("s_1"),
        new User.EndSignIn("i_1", dones));
  }
}
