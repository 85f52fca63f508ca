package io.parley.model;

/** A person: {@code u_} and 16 characters of {@link Ids}; opaque to clients, never reused. */
public record UserId(String value) implements Comparable<UserId> {
  private static final String PREFIX = "u_";

  /** An id that is never minted. */
  public static final UserId NOBODY = new UserId(PREFIX + "nobody");

  public UserId {
    Ids.check(PREFIX, value);
  }

  public static UserId random() {
    return new UserId(Ids.random(PREFIX));
  }

  /**
   * Reads what a client sent. What can't be an id becomes {@link #NOBODY}, which is looked for and
   * not found like any other: malformed and absent ids take the same path.
   */
  public static UserId parse(String value) {
    return Ids.isValid(PREFIX, value) ? new UserId(value) : NOBODY;
  }

  @Override
  public int compareTo(UserId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
