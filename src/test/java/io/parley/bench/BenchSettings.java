package io.parley.bench;

import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the command line says.
 *
 * @param seconds of each measured stretch
 * @param nodes of the cluster, one cluster after the other
 * @param pairs of people who talk at once, one stretch for each number
 * @param marks whether those who talk mark what they read, one stretch for each
 * @param repeats of each stretch; the median counts
 * @param clients idle ones, and those who reconnect at once
 * @param events that await a returning client; the last is also the length of the long conversation
 * @param idleSeconds how long the growth of idle connections is watched
 * @param isProfiled whether the server's processor time is told by where it goes
 * @param running a server that runs, instead of one of the bench's own
 */
record BenchSettings(
    List<Scenario> scenarios,
    int seconds,
    List<Integer> nodes,
    List<Integer> pairs,
    List<Boolean> marks,
    int repeats,
    int clients,
    List<Integer> events,
    int idleSeconds,
    boolean isProfiled,
    Optional<Running> running) {

  static final String USAGE =
      """
      ./parley bench               every usual scenario, on a server and PostgreSQL of its own
        --list                     the scenarios there are
        --scenario low,pairs       these only
        --seconds 10               of each measured stretch; also how long idle connections are watched
                                   (60 if not said)
        --pairs 10,100,1000        pairs of people who talk at once
        --nodes 1,3                nodes of one cluster, one cluster after the other (1 if not said)
        --marks both               off, on or both: people who talk mark what they read
        --profile                  where the server's processor time goes while pairs talk
        --repeats 3                of each stretch; medians are told
        --clients 1000             idle ones, and those who reconnect at once
        --events 1000,100000       that await a returning client, by hundreds
        --url http://host:port     load a server that runs; with
        --database postgresql://…  its database, where the people are made. Never one that matters:
                                   they stay there

      Results go to target/bench/. The exit code is 1 if any message was lost, doubled, moved or
      shown to others. See docs/performance.md.""";

  private static final int TALKS_OF_RETURNING = 100;

  private static final Set<String> ALONE = Set.of("--profile");
  private static final Set<String> WITH_VALUE =
      Set.of(
          "--scenario",
          "--seconds",
          "--nodes",
          "--pairs",
          "--marks",
          "--repeats",
          "--clients",
          "--events",
          "--url",
          "--database");

  /** A server that isn't the bench's own, and its database. */
  record Running(URI url, String database) {}

  /** What is only asked for: the usage, or the names of all scenarios. */
  static Optional<String> answer(List<String> words) {
    if (words.contains("--help") || words.contains("-h")) {
      return Optional.of(USAGE);
    }
    return words.equals(List.of("--list")) ? Optional.of(Scenario.list()) : Optional.empty();
  }

  static BenchSettings parse(List<String> words) {
    Map<String, String> said = said(words);
    Optional<String> seconds = Optional.ofNullable(said.get("--seconds"));
    Optional<Running> running =
        running(
            Optional.ofNullable(said.get("--url")), Optional.ofNullable(said.get("--database")));
    if (running.isPresent()) {
      for (String own : List.of("--nodes", "--profile")) {
        if (said.containsKey(own)) {
          throw new IllegalArgumentException(
              own + " is for nodes that the bench starts, and --url names one that runs");
        }
      }
    }
    List<Scenario> scenarios =
        Optional.ofNullable(said.get("--scenario"))
            .map(BenchSettings::scenarios)
            .orElse(Scenario.usual());
    if (running.isPresent() && scenarios.stream().anyMatch(Scenario::isPeer)) {
      throw new IllegalArgumentException(
          "ejabberd is measured beside a Parley and in a PostgreSQL of the bench's own: not with"
              + " --url");
    }
    return new BenchSettings(
        scenarios,
        number("--seconds", seconds.orElse("10"), 1, 3_600),
        numbers("--nodes", said.getOrDefault("--nodes", "1"), 1, 9),
        numbers("--pairs", said.getOrDefault("--pairs", "10,100,1000"), 1, 10_000),
        marks(said.getOrDefault("--marks", "off")),
        number("--repeats", said.getOrDefault("--repeats", "3"), 1, 100),
        number("--clients", said.getOrDefault("--clients", "1000"), 1, 20_000),
        events("--events", said.getOrDefault("--events", "1000,100000")),
        number("--seconds", seconds.orElse("60"), 1, 3_600),
        said.containsKey("--profile"),
        running);
  }

  /** What stands after each word; nothing after those that stand alone. */
  private static Map<String, String> said(List<String> words) {
    Map<String, String> said = new HashMap<>();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (ALONE.contains(word)) {
        said.put(word, "");
      } else if (!WITH_VALUE.contains(word)) {
        throw new IllegalArgumentException("The bench doesn't know " + word + "\n\n" + USAGE);
      } else if (i + 1 == words.size()) {
        throw new IllegalArgumentException(word + " wants a value after it\n\n" + USAGE);
      } else {
        said.put(word, words.get(++i));
      }
    }
    return said;
  }

  private static List<Boolean> marks(String value) {
    return switch (value) {
      case "off" -> List.of(false);
      case "on" -> List.of(true);
      case "both" -> List.of(false, true);
      default -> throw new IllegalArgumentException("--marks takes off, on or both, not " + value);
    };
  }

  private static List<Scenario> scenarios(String value) {
    return Arrays.stream(value.split(",", -1)).map(Scenario::of).distinct().toList();
  }

  private static int number(String word, String value, int least, int most) {
    try {
      int number = Integer.parseInt(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new IllegalArgumentException(
        "%s takes a whole number from %d to %d, not %s"
            .formatted(word, least, most, value.isEmpty() ? "nothing" : value));
  }

  private static List<Integer> numbers(String word, String value, int least, int most) {
    List<Integer> numbers = new ArrayList<>();
    for (String one : value.split(",", -1)) {
      numbers.add(number(word, one, least, most));
    }
    return numbers;
  }

  private static List<Integer> events(String word, String value) {
    List<Integer> events = numbers(word, value, TALKS_OF_RETURNING, 10_000_000);
    for (int one : events) {
      if (one % TALKS_OF_RETURNING != 0) {
        throw new IllegalArgumentException(
            word + " takes hundreds (they come from 100 conversations), not " + one);
      }
    }
    return events;
  }

  private static Optional<Running> running(Optional<String> url, Optional<String> database) {
    if (url.isEmpty() && database.isEmpty()) {
      return Optional.empty();
    }
    if (url.isEmpty() || database.isEmpty()) {
      throw new IllegalArgumentException(
          "--url and --database go together: people are made in the database of the server that"
              + " is loaded");
    }
    URI parsed = uri(url.get());
    if (!"http".equals(parsed.getScheme()) || parsed.getHost() == null || parsed.getPort() < 0) {
      throw new IllegalArgumentException(
          "--url takes http://host:port, not " + url.get() + " (TLS isn't spoken by the bench)");
    }
    if (!database.get().startsWith("postgresql://")) {
      throw new IllegalArgumentException(
          "--database takes postgresql://user:password@host:port/name");
    }
    return Optional.of(new Running(parsed, database.get()));
  }

  private static URI uri(String text) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--url takes http://host:port, not " + text, e);
    }
  }
}
