package io.parley.model;

/** The two people of a conversation, in the order of their ids, so that a pair has one form. */
public record Participants(UserId first, UserId second) {
  public Participants {
    if (first.compareTo(second) >= 0) {
      throw new IllegalArgumentException("participants must differ and be in order");
    }
  }

  public static Participants of(UserId one, UserId other) {
    return one.compareTo(other) < 0 ? new Participants(one, other) : new Participants(other, one);
  }

  public boolean include(UserId user) {
    return first.equals(user) || second.equals(user);
  }

  /** The other one. Whoever asks must be one of the two. */
  public UserId peerOf(UserId user) {
    if (first.equals(user)) {
      return second;
    }
    if (second.equals(user)) {
      return first;
    }
    throw new IllegalArgumentException(user + " is not one of the participants");
  }
}
