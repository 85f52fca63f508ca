package io.parley.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What can be measured, by the word that asks for it. */
enum Scenario {
  LOW("50 messages a second over 10 pairs: how long until accepted, until delivered"),
  PAIRS("as many messages as go through, both of each pair with two in flight"),
  BACKLOG("a client returns, after so many events in 100 conversations"),
  IDLE("connections on which nothing happens: memory of each, and its growth"),
  STORM("all clients reconnect at once: until the last is welcomed and caught up"),
  LONG("one conversation of many events: a page at any depth, the first send after a restart"),
  LIMITS("a bare multi-row insert, bare commits, and a bare WebSocket relay"),
  OVERLOAD("three times what pairs can send: what is carried, what queues; only when it is named"),
  EJABBERD(
      "the pairs and the idle ones at an ejabberd as Debian ships it, beside; only when it is named",
      "ejabberd, as shipped"),
  EJABBERD_BARE(
      "the same at an ejabberd that is stripped of all but the archive; only when it is named",
      "ejabberd, stripped");

  private final String what;
  private final String title;

  Scenario(String what) {
    this(what, "");
  }

  Scenario(String what, String title) {
    this.what = what;
    this.title = title;
  }

  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What tables and pictures call it. */
  String title() {
    return title.isEmpty() ? word() : title;
  }

  /** Whether it loads another server than Parley. */
  boolean isPeer() {
    return this == EJABBERD || this == EJABBERD_BARE;
  }

  /** Those of a bare {@code ./parley bench}; of the others one asks a promise, two a peer. */
  static List<Scenario> usual() {
    return Arrays.stream(values()).filter(one -> !one.isPeer() && one != OVERLOAD).toList();
  }

  static Scenario of(String word) {
    return Arrays.stream(values())
        .filter(one -> one.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "There is no scenario "
                        + (word.isEmpty() ? "without a name" : word)
                        + "; ./parley bench --list names them all"));
  }

  static String list() {
    return Arrays.stream(values())
        .map(one -> "%-13s %s".formatted(one.word(), one.what))
        .collect(Collectors.joining("\n"));
  }
}
