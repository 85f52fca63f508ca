package io.parley.serialization;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import com.fasterxml.jackson.dataformat.cbor.CBORParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A flat CBOR map of short keys to texts, integers and booleans. Fields that nobody asks for are
 * passed over, so a later version may add some to a form.
 */
public final class CborFields {
  private static final CBORFactory FACTORY = new CBORFactory();

  private final Map<String, Object> values;

  private CborFields(Map<String, Object> values) {
    this.values = values;
  }

  /**
   * Writes one map. The fields come in the order of the calls, so equal values give equal bytes.
   */
  public static byte[] write(int expectedBytes, Writing content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(expectedBytes);
    try (CBORGenerator generator = FACTORY.createGenerator(bytes)) {
      generator.writeStartObject();
      content.to(new Writer(generator));
      generator.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads one map.
   *
   * @throws PersistedFormatException when the bytes aren't one CBOR map
   */
  public static CborFields read(byte[] bytes) {
    Map<String, Object> values = new HashMap<>();
    try (CBORParser parser = FACTORY.createParser(bytes)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new PersistedFormatException("Persisted bytes are no CBOR map");
      }
      for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
        parser.nextToken();
        readValue(parser, key, values);
      }
      if (parser.currentToken() != JsonToken.END_OBJECT) {
        throw new PersistedFormatException("Persisted bytes end within their CBOR map");
      }
    } catch (IOException e) {
      throw new PersistedFormatException("Persisted bytes are damaged", e);
    }
    return new CborFields(values);
  }

  private static void readValue(JsonParser parser, String key, Map<String, Object> values)
      throws IOException {
    switch (parser.currentToken()) {
      case VALUE_STRING -> values.put(key, parser.getText());
      case VALUE_NUMBER_INT -> values.put(key, parser.getLongValue());
      case VALUE_TRUE -> values.put(key, true);
      case VALUE_FALSE -> values.put(key, false);
      default -> parser.skipChildren();
    }
  }

  public String text(String key) {
    return required(key, String.class);
  }

  public long integer(String key) {
    return required(key, Long.class);
  }

  public boolean flag(String key) {
    return required(key, Boolean.class);
  }

  public OptionalLong optionalInteger(String key) {
    return values.get(key) instanceof Long value ? OptionalLong.of(value) : OptionalLong.empty();
  }

  public Optional<String> optionalText(String key) {
    return values.get(key) instanceof String value ? Optional.of(value) : Optional.empty();
  }

  private <V> V required(String key, Class<V> type) {
    Object value = values.get(key);
    if (!type.isInstance(value)) {
      throw new PersistedFormatException("A persisted form lacks its field \"" + key + "\"");
    }
    return type.cast(value);
  }

  /** What is written, field by field. */
  @FunctionalInterface
  public interface Writing {
    void to(Writer out) throws IOException;
  }

  /** Writes the fields of a map that is open. */
  public static final class Writer {
    private final CBORGenerator generator;

    private Writer(CBORGenerator generator) {
      this.generator = generator;
    }

    public Writer text(String key, String value) throws IOException {
      generator.writeStringField(key, value);
      return this;
    }

    public Writer integer(String key, long value) throws IOException {
      generator.writeNumberField(key, value);
      return this;
    }

    public Writer flag(String key, boolean value) throws IOException {
      generator.writeBooleanField(key, value);
      return this;
    }
  }

  /** The keys, for messages of errors and tests. */
  public List<String> keys() {
    return values.keySet().stream().sorted().toList();
  }
}
