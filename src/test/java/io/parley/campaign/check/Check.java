package io.parley.campaign.check;

import io.parley.campaign.record.Observation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The judge: decides from what was seen and what is stored, and from nothing else. */
public final class Check {
  private Check() {}

  /** Judges a whole campaign. */
  public static Verdict of(Path observations, Journal journal) {
    return of(Evidence.read(observations), journal);
  }

  /** Judges a list of observations, in the order in which they were made. */
  public static Verdict of(List<Observation> observations, Journal journal) {
    return of(Evidence.of(observations), journal);
  }

  private static Verdict of(Evidence evidence, Journal journal) {
    List<Violation> violations = new ArrayList<>();
    StoredCheck stored = new StoredCheck(evidence, journal, violations);
    SeenCheck seen = new SeenCheck(evidence, journal, violations);
    stored.run();
    seen.run();
    long accepted =
        evidence.answered.values().stream()
            .filter(all -> all.stream().anyMatch(answer -> answer.outcome().equals("accepted")))
            .count();
    return new Verdict(
        journal.events(), seen.looks(), accepted, stored.unknown(), seen.deliveries(), violations);
  }
}
