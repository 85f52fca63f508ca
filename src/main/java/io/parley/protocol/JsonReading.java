package io.parley.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.parley.model.ErrorCode;
import io.parley.model.Limits;

/** Reads one JSON object, within limits that keep any input from costing more than its size. */
final class JsonReading {
  private static final int MAX_DEPTH = 8;
  private static final int MAX_NAME_LENGTH = 128;
  private static final int MAX_NUMBER_LENGTH = 32;

  /** Of a cursor; everything else in a frame takes fewer than {@link #OTHER_TOKENS}. */
  private static final int CURSOR_TOKENS = 4;

  private static final int OTHER_TOKENS = 1_024;

  private final ObjectReader reader;

  JsonReading(Limits.Frames limits) {
    int maxLength = limits.frameBytes();
    long maxTokens = OTHER_TOKENS + limits.watched() + (long) CURSOR_TOKENS * limits.cursors();
    JsonFactory factory =
        JsonFactory.builder()
            // Field names are the client's to choose: keep no table of those it thought of.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxDocumentLength(maxLength)
                    .maxStringLength(maxLength)
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNameLength(MAX_NAME_LENGTH)
                    .maxNumberLength(MAX_NUMBER_LENGTH)
                    .maxTokenCount(maxTokens)
                    .build())
            .build();
    this.reader =
        new ObjectMapper(factory).reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  }

  JsonNode object(String json) {
    JsonNode read;
    try {
      read = reader.readTree(json);
    } catch (StreamConstraintsException e) {
      throw new Refusal(ErrorCode.BAD_FRAME, "it", "is too deep or has too long a part");
    } catch (JsonProcessingException e) {
      throw new Refusal(ErrorCode.BAD_FRAME, "it", "is not one JSON object with distinct keys");
    }
    if (!read.isObject()) {
      throw new Refusal(ErrorCode.BAD_FRAME, "it", "is not one JSON object with distinct keys");
    }
    return read;
  }
}
