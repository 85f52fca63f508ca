package io.parley.model;

/**
 * How far one person has come in a conversation, as sequence numbers of the peer's messages; 0 is
 * "nothing yet". Read implies delivered, and both only rise.
 */
public record Marks(long delivered, long read) {
  public static final Marks NONE = new Marks(0, 0);

  public Marks {
    if (read < 0 || delivered < read) {
      throw new IllegalArgumentException("marks must be 0 <= read <= delivered");
    }
  }

  /** What a client said, made consistent: a message that was read was also delivered. */
  public static Marks claimed(long delivered, long read) {
    return new Marks(Math.max(delivered, read), read);
  }

  public Marks max(Marks other) {
    return new Marks(Math.max(delivered, other.delivered), Math.max(read, other.read));
  }

  public boolean isBeyond(Marks other) {
    return delivered > other.delivered || read > other.read;
  }
}
