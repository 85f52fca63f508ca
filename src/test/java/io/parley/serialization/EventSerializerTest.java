package io.parley.serialization;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.parley.model.ConversationEvent;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializers;
import org.junit.jupiter.api.Test;

class EventSerializerTest {

  @Test
  void pekkoFindsOurSerializerForEveryKindOfEvent() {
    ActorTestKit testKit = ActorTestKit.create(ConfigFactory.load());
    try {
      Serialization serialization = SerializationExtension.get(testKit.system());
      for (ConversationEvent event : ExampleEvents.all().values()) {
        var serializer = serialization.findSerializerFor(event);
        String manifest = Serializers.manifestFor(serializer, event);
        byte[] bytes = serialization.serialize(event).get();

        assertThat(serializer.identifier()).isEqualTo(EventSerializer.IDENTIFIER);
        assertThat(serialization.deserialize(bytes, serializer.identifier(), manifest).get())
            .isEqualTo(event);
      }
    } finally {
      testKit.shutdownTestKit();
    }
  }
}
