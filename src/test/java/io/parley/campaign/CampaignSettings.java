package io.parley.campaign;

import io.parley.campaign.Fault.Recovery;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the command line says.
 *
 * @param rounds the faults of each round, begun together
 * @param people who talk, with two devices or three each
 * @param paceMillis from one act of a device to its next, on average
 * @param holdSeconds how long a fault is held
 * @param calmSeconds before the first fault, and after each
 */
record CampaignSettings(
    List<List<Fault>> rounds,
    int people,
    double paceMillis,
    int holdSeconds,
    int calmSeconds,
    long seed) {

  static final String USAGE =
      """
      ./parley campaign            every fault once, then in pairs
        --smoke                    a few of them, in three minutes
        --fault kill,partition     these, one after the other; kill+partition together
        --list                     the faults there are
        --seconds 15               how long a fault is held
        --seed 1                   of everything that is left to chance
        --people 12                who talk
        --pace 500                 milliseconds from one act of a device to its next""";

  private static final List<String> SMOKE =
      List.of("kill-oldest", "partition", "postgresql-killed");

  private static final List<String> PAIRS =
      List.of(
          "kill+postgresql-killed",
          "kill-oldest+thundering-herd",
          "partition+kill",
          "pause+postgresql-killed",
          "node-without-postgresql+kill-oldest",
          "partition-one-way+reset-before-answer",
          "clock-jumps+kill",
          "slow-readers+kill-oldest",
          "three-times-the-load+kill",
          "rolling-restart+clock-jumps");

  /** What is only asked for: the usage, or the names of all faults. */
  static Optional<String> answer(List<String> words) {
    if (words.contains("--help")) {
      return Optional.of(USAGE);
    }
    return words.contains("--list")
        ? Optional.of(String.join("\n", Faults.all().stream().map(Fault::name).toList()))
        : Optional.empty();
  }

  static CampaignSettings parse(List<String> words) {
    List<String> faults =
        new ArrayList<>(
            Stream.concat(Faults.all().stream().map(Fault::name), PAIRS.stream()).toList());
    int people = 12;
    double pace = 500;
    int seconds = 15;
    int calm = 8;
    long seed = System.nanoTime() % 1_000_000;
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (word.equals("--smoke")) {
        faults = new ArrayList<>(SMOKE);
        calm = 3;
        seconds = 8;
        continue;
      }
      if (i + 1 == words.size()) {
        throw new IllegalArgumentException("A campaign doesn't know " + word + "\n\n" + USAGE);
      }
      String value = words.get(++i);
      switch (word) {
        case "--fault" -> faults = Arrays.asList(value.split(",", -1));
        case "--seconds" -> seconds = number(word, value);
        case "--seed" -> seed = number(word, value);
        case "--people" -> people = Math.max(6, number(word, value));
        case "--pace" -> pace = number(word, value);
        default ->
            throw new IllegalArgumentException("A campaign doesn't know " + word + "\n\n" + USAGE);
      }
    }
    return new CampaignSettings(
        faults.stream().map(CampaignSettings::round).toList(), people, pace, seconds, calm, seed);
  }

  private static int number(String word, String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(word + " takes a whole number, not " + value);
    }
  }

  private static List<Fault> round(String names) {
    return Arrays.stream(names.split("\\+", -1)).map(CampaignSettings::fault).toList();
  }

  private static Fault fault(String name) {
    return Faults.all().stream()
        .filter(fault -> fault.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "There is no fault " + name + "; ./parley campaign --list names them all"));
  }

  /** Names of rounds whose recovery counts from their end. */
  List<String> fromHeal() {
    return rounds.stream()
        .filter(round -> round.stream().anyMatch(one -> one.recovery() == Recovery.FROM_HEAL))
        .map(round -> String.join(" + ", round.stream().map(Fault::name).toList()))
        .toList();
  }
}
