package io.parley.testing;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Operations as a client writes them. */
public final class Op {
  private Op() {}

  public static ObjectNode message(String text) {
    return of("message").put("text", text);
  }

  public static ObjectNode reply(long to, String text) {
    return message(text).put("replyTo", to);
  }

  public static ObjectNode edit(long of, String text) {
    return of("edit").put("of", of).put("text", text);
  }

  public static ObjectNode delete(long of) {
    return of("delete").put("of", of);
  }

  public static ObjectNode react(long of, String emoji, boolean on) {
    return of("react").put("of", of).put("emoji", emoji).put("on", on);
  }

  public static ObjectNode skip() {
    return of("skip");
  }

  private static ObjectNode of(String kind) {
    return ChatClient.JSON.createObjectNode().put("kind", kind);
  }
}
