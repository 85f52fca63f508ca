package io.parley.serialization;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import io.parley.model.ConversationEvent;
import io.parley.model.ConversationEvent.Erased;
import io.parley.model.ConversationEvent.Operated;
import io.parley.model.Marks;
import io.parley.model.Operation;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class EventCborTest {
  private static final EventCbor CODEC = EventCbor.CODEC;

  @Test
  void anEventOfANewerNodeIsToldAsSuch() {
    assertThatThrownBy(() -> CODEC.fromBytes("message-2", new byte[] {(byte) 0xa0}))
        .isInstanceOf(PersistedFormatException.class)
        .hasMessageContaining("message-2")
        .hasMessageContaining("newer version");
  }

  @Test
  void damagedBytesNeverReadAsAnEvent() {
    for (Map.Entry<String, ConversationEvent> example : ExampleEvents.all().entrySet()) {
      byte[] bytes = CODEC.toBytes(example.getValue());
      String manifest = CODEC.manifest(example.getValue());
      for (int length = 0; length < bytes.length; length++) {
        byte[] cut = Arrays.copyOf(bytes, length);
        assertThatThrownBy(() -> CODEC.fromBytes(manifest, cut))
            .as("%s cut to %d bytes", example.getKey(), length)
            .isInstanceOf(PersistedFormatException.class);
      }
    }
  }

  @Test
  void fieldsThatALaterVersionAddsArePassedOver() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (CBORGenerator generator = new CBORFactory().createGenerator(bytes)) {
      generator.writeStartObject();
      generator.writeObjectFieldStart("later");
      generator.writeStringField("x", "not the text");
      generator.writeEndObject();
      generator.writeStringField("b", ExampleEvents.ADA.value());
      generator.writeNumberField("t", 5);
      generator.writeArrayFieldStart("list");
      generator.writeNumber(1);
      generator.writeEndArray();
      generator.writeNumberField("d", 4);
      generator.writeNumberField("r", 3);
      generator.writeEndObject();
    }
    assertThat(CODEC.fromBytes("marked-1", bytes.toByteArray()))
        .isEqualTo(new ConversationEvent.Marked(ExampleEvents.ADA, 5, new Marks(4, 3)));
  }

  @Test
  void whatIsLeftOfAnErasedMessageHoldsNoneOfItsText() {
    Operated message =
        ExampleEvents.operated(
            8, new Operation.Message("a secret", OptionalLong.of(4)), Optional.of(new Marks(7, 6)));
    EventCbor.Erasure left = CODEC.erase(CODEC.manifest(message), CODEC.toBytes(message));

    assertThat(new String(left.bytes(), UTF_8)).doesNotContain("secret");
    assertThat(CODEC.fromBytes(left.manifest(), left.bytes()))
        .isEqualTo(
            new Erased(
                message.by(),
                message.at(),
                message.number(),
                OptionalLong.empty(),
                message.marks()));
  }

  @Test
  void whatIsLeftOfAnErasedEditNamesItsMessage() {
    Operated edit = ExampleEvents.operated(9, new Operation.Edit(4, "a secret"), Optional.empty());
    EventCbor.Erasure left = CODEC.erase(CODEC.manifest(edit), CODEC.toBytes(edit));

    assertThat(left.manifest()).isEqualTo("edit-erased-1");
    assertThat(CODEC.fromBytes(left.manifest(), left.bytes()))
        .isEqualTo(
            new Erased(edit.by(), edit.at(), edit.number(), OptionalLong.of(4), Optional.empty()));
  }

  @Test
  void erasingTwiceChangesNothingMore() {
    Operated edit = ExampleEvents.operated(9, new Operation.Edit(4, "a secret"), Optional.empty());
    EventCbor.Erasure once = CODEC.erase(CODEC.manifest(edit), CODEC.toBytes(edit));
    EventCbor.Erasure twice = CODEC.erase(once.manifest(), once.bytes());
    assertThat(twice.manifest()).isEqualTo(once.manifest());
    assertThat(twice.bytes()).isEqualTo(once.bytes());
  }

  @Test
  void whatHoldsNoTextIsNeverErased() {
    Operated delete = ExampleEvents.operated(9, new Operation.Delete(4), Optional.empty());
    assertThatThrownBy(() -> CODEC.erase(CODEC.manifest(delete), CODEC.toBytes(delete)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aShortMessageStaysSmall() {
    Operated message =
        ExampleEvents.operated(
            8, new Operation.Message("Hello", OptionalLong.empty()), Optional.empty());
    assertThat(CODEC.toBytes(message).length).isLessThan(64);
  }
}
