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

/** Reads one JSON object, within limits that keep any input from costing more than its size. */
final class JsonReading {
  private static final int MAX_DEPTH = 8;
  private static final int MAX_NAME_LENGTH = 128;
  private static final int MAX_NUMBER_LENGTH = 32;

  /** An op, a cursor, a list of them: no frame has more parts than this for its size. */
  private static final int MAX_TOKENS = 4_096;

  private final ObjectReader reader;

  JsonReading(int maxLength) {
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
                    .maxTokenCount(MAX_TOKENS)
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
