package io.parley.model;

/** Names of sessions, one socket's life each: {@code s_} and 16 characters. */
public final class SessionId {
  private SessionId() {}

  public static String random() {
    return Ids.random("s_");
  }
}
