package io.parley.audit;

/** Why somebody was turned away. */
public enum Incident {
  /** A page of another site wanted a socket. */
  SOCKET_ORIGIN("denied", "socket-origin"),
  /** A page of another site wanted to write. */
  CROSS_SITE_WRITE("denied", "cross-site-write"),
  /** Somebody named a conversation that isn't theirs, or isn't at all. */
  CONVERSATION("denied", "conversation"),
  /** More operations than a session may send. */
  OPERATION_RATE("limit reached", "operation-rate"),
  /** More unanswered operations in one conversation than the welcome allowed. */
  IN_FLIGHT("limit reached", "in-flight"),
  /** More pages and searches than one person may have under way. */
  READS("limit reached", "reads"),
  SOCKETS_PER_ADDRESS("limit reached", "sockets-per-address"),
  SESSIONS_PER_USER("limit reached", "sessions-per-user"),
  /** Too many tries at a password, a link, or new accounts. */
  ATTEMPTS("attempt delayed", "attempts"),
  /** A session ended for what its client sent. */
  PROTOCOL_ERROR("protocol error", "protocol-error");

  private final String event;
  private final String kind;

  Incident(String event, String kind) {
    this.event = event;
    this.kind = kind;
  }

  /** What the line in the log says. */
  String event() {
    return event;
  }

  /** As it stands in the log and in meters. */
  public String kind() {
    return kind;
  }
}
