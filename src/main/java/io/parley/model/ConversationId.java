package io.parley.model;

/**
 * A conversation of two people: {@code c_} and 16 characters of {@link Ids}; opaque to clients,
 * never reused.
 */
public record ConversationId(String value) implements Comparable<ConversationId> {
  private static final String PREFIX = "c_";

  /** An id that is never minted. */
  public static final ConversationId NONE = new ConversationId(PREFIX + "none");

  public ConversationId {
    Ids.check(PREFIX, value);
  }

  public static ConversationId random() {
    return new ConversationId(Ids.random(PREFIX));
  }

  /**
   * Reads what a client sent. What can't be an id becomes {@link #NONE}, which is looked for and
   * not found like any other: malformed and absent ids take the same path.
   */
  public static ConversationId parse(String value) {
    return Ids.isValid(PREFIX, value) ? new ConversationId(value) : NONE;
  }

  @Override
  public int compareTo(ConversationId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
