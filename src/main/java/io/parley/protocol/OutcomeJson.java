package io.parley.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** What became of a send, the same on both doors. */
final class OutcomeJson {
  private OutcomeJson() {}

  static void accepted(JsonGenerator json, ServerFrame.Accepted accepted) throws IOException {
    json.writeStringField("conversation", accepted.conversation().value());
    json.writeNumberField("outbox", accepted.outbox());
    json.writeNumberField("n", accepted.n());
    json.writeNumberField("seq", accepted.seq());
    json.writeNumberField("at", accepted.at());
    json.writeBooleanField("duplicate", accepted.duplicate());
  }

  static void skipped(JsonGenerator json, ServerFrame.Skipped skipped) throws IOException {
    json.writeStringField("conversation", skipped.conversation().value());
    json.writeNumberField("outbox", skipped.outbox());
    json.writeNumberField("n", skipped.n());
  }
}
