package io.parley.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.model.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiFunction;

/**
 * The fields of a JSON object that a client sent, read strictly: a wrong type is refused by name,
 * null counts as absent, what isn't asked for is ignored.
 */
public final class Fields {
  /** The largest integer that every JSON reader keeps exactly. */
  public static final long MAX_INTEGER = (1L << 53) - 1;

  /** Of names, tokens and labels; texts of messages have their own rule. */
  private static final int MAX_WORD_LENGTH = 512;

  private final JsonNode object;
  private final String path;

  Fields(JsonNode object, String path) {
    this.object = object;
    this.path = path;
  }

  /** A required integer of at least that value. */
  public long number(String name, long min) {
    return optionalNumber(name, min).orElseThrow(() -> missing(name));
  }

  public OptionalLong optionalNumber(String name, long min) {
    Optional<JsonNode> value = value(name);
    return value.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(number(value.get(), path + name, min));
  }

  /** A required string, whatever it holds. */
  public String text(String name) {
    return optionalText(name).orElseThrow(() -> missing(name));
  }

  public Optional<String> optionalText(String name) {
    return value(name).map(value -> text(value, path + name));
  }

  /** A required string that is safe as a parameter: bounded, without controls or halves. */
  public String word(String name) {
    return optionalWord(name).orElseThrow(() -> missing(name));
  }

  public Optional<String> optionalWord(String name) {
    Optional<String> text = optionalText(name);
    if (text.isPresent() && !isWord(text.get())) {
      throw new Refusal(
          ErrorCode.INVALID, path + name, "is too long or has characters that aren't allowed");
    }
    return text;
  }

  public boolean flag(String name) {
    return optionalFlag(name).orElseThrow(() -> missing(name));
  }

  public Optional<Boolean> optionalFlag(String name) {
    Optional<JsonNode> value = value(name);
    if (value.isPresent() && !value.get().isBoolean()) {
      throw new Refusal(ErrorCode.BAD_FRAME, path + name, "must be true or false");
    }
    return value.map(JsonNode::booleanValue);
  }

  public Fields object(String name) {
    JsonNode value = value(name).orElseThrow(() -> missing(name));
    if (!value.isObject()) {
      throw new Refusal(ErrorCode.BAD_FRAME, path + name, "must be an object");
    }
    return new Fields(value, path + name + ".");
  }

  /** A required array; each element is read together with its name. */
  <T> List<T> list(String name, int max, BiFunction<JsonNode, String, T> read) {
    return optionalList(name, max, read).orElseThrow(() -> missing(name));
  }

  <T> Optional<List<T>> optionalList(String name, int max, BiFunction<JsonNode, String, T> read) {
    Optional<JsonNode> array = value(name);
    if (array.isEmpty()) {
      return Optional.empty();
    }
    if (!array.get().isArray()) {
      throw new Refusal(ErrorCode.BAD_FRAME, path + name, "must be an array");
    }
    if (array.get().size() > max) {
      throw new Refusal(ErrorCode.INVALID, path + name, "has more than " + max + " elements");
    }
    List<T> elements = new ArrayList<>(array.get().size());
    for (JsonNode element : array.get()) {
      elements.add(read.apply(element, path + name + "[" + elements.size() + "]"));
    }
    return Optional.of(List.copyOf(elements));
  }

  static long number(JsonNode value, String name, long min) {
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw new Refusal(ErrorCode.BAD_FRAME, name, "must be an integer of at most 2^53 - 1");
    }
    long number = value.longValue();
    if (number > MAX_INTEGER || number < -MAX_INTEGER) {
      throw new Refusal(ErrorCode.BAD_FRAME, name, "must be an integer of at most 2^53 - 1");
    }
    if (number < min) {
      throw new Refusal(ErrorCode.INVALID, name, "must be at least " + min);
    }
    return number;
  }

  static String text(JsonNode value, String name) {
    if (!value.isTextual()) {
      throw new Refusal(ErrorCode.BAD_FRAME, name, "must be a string");
    }
    return value.textValue();
  }

  private Optional<JsonNode> value(String name) {
    return Optional.ofNullable(object.get(name)).filter(value -> !value.isNull());
  }

  private Refusal missing(String name) {
    return new Refusal(ErrorCode.BAD_FRAME, path + name, "is missing");
  }

  private static boolean isWord(String text) {
    return text.length() <= MAX_WORD_LENGTH
        && text.codePoints().noneMatch(c -> Character.isISOControl(c) || isSurrogate(c));
  }

  private static boolean isSurrogate(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }
}
