package io.parley.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/**
 * Writes JSON into strings. Only quotes, backslashes and control characters are escaped: every
 * other character of a text stands in the frame as it came.
 */
final class Json {
  private static final JsonFactory FACTORY = new JsonFactory();

  private Json() {}

  /** Part of an object or an array that is being written. */
  @FunctionalInterface
  interface Part {
    void writeTo(JsonGenerator json) throws IOException;
  }

  static String object(Part fields) {
    StringWriter text = new StringWriter(256);
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      json.writeStartObject();
      fields.writeTo(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a string took no JSON", e);
    }
    return text.toString();
  }

  static void events(JsonGenerator json, Iterable<EncodedEvent> events) throws IOException {
    json.writeArrayFieldStart("events");
    for (EncodedEvent event : events) {
      json.writeRawValue(event.json());
    }
    json.writeEndArray();
  }
}
