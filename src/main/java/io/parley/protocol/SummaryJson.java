package io.parley.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import io.parley.model.ConversationSummary;
import io.parley.model.Marks;
import io.parley.model.Person;
import io.parley.model.UserId;
import java.io.IOException;

/** People and conversations as the inbox shows them. */
final class SummaryJson {
  private SummaryJson() {}

  /** The fields of a conversation, for one of its two participants. */
  static void fields(JsonGenerator json, UserId viewer, ConversationSummary summary)
      throws IOException {
    json.writeStringField("id", summary.id().value());
    json.writeObjectFieldStart("peer");
    person(json, summary.peer());
    json.writeEndObject();
    json.writeNumberField("head", summary.head());
    json.writeNumberField("unread", summary.unread());
    json.writeNumberField("asOf", summary.asOf());
    json.writeObjectFieldStart("marks");
    marks(json, viewer, summary.mine());
    marks(json, summary.peer().id(), summary.peers());
    json.writeEndObject();
    if (summary.last().isPresent()) {
      last(json, summary.last().get());
    } else {
      json.writeNullField("last");
    }
  }

  static void list(JsonGenerator json, UserId viewer, Iterable<ConversationSummary> summaries)
      throws IOException {
    json.writeArrayFieldStart("conversations");
    for (ConversationSummary summary : summaries) {
      json.writeStartObject();
      fields(json, viewer, summary);
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  static void person(JsonGenerator json, Person person) throws IOException {
    json.writeStringField("id", person.id().value());
    json.writeStringField("username", person.username());
    json.writeStringField("displayName", person.displayName());
  }

  private static void marks(JsonGenerator json, UserId of, Marks marks) throws IOException {
    json.writeObjectFieldStart(of.value());
    json.writeNumberField("delivered", marks.delivered());
    json.writeNumberField("read", marks.read());
    json.writeEndObject();
  }

  private static void last(JsonGenerator json, ConversationSummary.LastMessage last)
      throws IOException {
    json.writeObjectFieldStart("last");
    json.writeNumberField("seq", last.seq());
    json.writeStringField("by", last.by().value());
    json.writeNumberField("at", last.at());
    if (last.erased()) {
      json.writeBooleanField("erased", true);
    } else {
      json.writeStringField("preview", last.preview());
    }
    json.writeEndObject();
  }
}
