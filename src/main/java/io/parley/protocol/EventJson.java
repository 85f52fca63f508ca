package io.parley.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import io.parley.model.ConversationEvent;
import io.parley.model.Marks;
import io.parley.model.Operation;
import io.parley.model.OutboxNumber;
import io.parley.model.SequencedEvent;
import java.io.IOException;
import java.util.Optional;

/** Events as the wire, pages and exports show them. */
public final class EventJson {
  private EventJson() {}

  /**
   * Encodes an event.
   *
   * @param authorsCopy whether the reader caused it: only its author learns the outbox and number
   */
  public static EncodedEvent encode(SequencedEvent sequenced, boolean authorsCopy) {
    ConversationEvent event = sequenced.event();
    return new EncodedEvent(
        sequenced.seq(),
        Json.object(
            json -> {
              json.writeNumberField("seq", sequenced.seq());
              json.writeStringField("kind", kind(event));
              json.writeStringField("by", event.by().value());
              json.writeNumberField("at", event.at());
              content(json, event);
              marks(json, event.marks());
              if (authorsCopy) {
                number(json, event);
              }
            }));
  }

  private static String kind(ConversationEvent event) {
    if (event instanceof ConversationEvent.Operated operated) {
      return OperationJson.kind(operated.operation());
    }
    if (event instanceof ConversationEvent.Erased erased) {
      return erased.of().isPresent() ? OperationJson.EDIT : OperationJson.MESSAGE;
    }
    if (event instanceof ConversationEvent.Skipped) {
      return "skipped";
    }
    return event instanceof ConversationEvent.Opened ? "opened" : "marked";
  }

  private static void content(JsonGenerator json, ConversationEvent event) throws IOException {
    if (event instanceof ConversationEvent.Opened opened) {
      json.writeArrayFieldStart("participants");
      json.writeString(opened.participants().first().value());
      json.writeString(opened.participants().second().value());
      json.writeEndArray();
    } else if (event instanceof ConversationEvent.Operated operated) {
      Operation operation = operated.operation();
      OperationJson.fields(json, operation);
    } else if (event instanceof ConversationEvent.Erased erased) {
      if (erased.of().isPresent()) {
        json.writeNumberField("of", erased.of().getAsLong());
      }
      json.writeBooleanField("erased", true);
    }
  }

  private static void marks(JsonGenerator json, Optional<Marks> marks) throws IOException {
    if (marks.isPresent()) {
      json.writeNumberField("delivered", marks.get().delivered());
      json.writeNumberField("read", marks.get().read());
    }
  }

  private static void number(JsonGenerator json, ConversationEvent event) throws IOException {
    Optional<OutboxNumber> number = event.usedNumber();
    if (number.isPresent()) {
      json.writeNumberField("outbox", number.get().outbox());
      json.writeNumberField("n", number.get().n());
    }
  }
}
