package io.parley.campaign.check;

import java.util.ArrayList;
import java.util.List;

/** The judge: decides from what was seen and what is stored, and from nothing else. */
public final class Check {
  private Check() {}

  /** Judges what was seen by what is stored in the end. */
  public static Verdict of(Evidence evidence, Journal journal) {
    List<Violation> violations = new ArrayList<>();
    StoredCheck stored = new StoredCheck(evidence, journal, violations);
    SeenCheck seen = new SeenCheck(evidence, journal, violations);
    ReadSideCheck readSide = new ReadSideCheck(evidence, journal, violations);
    stored.run();
    seen.run();
    readSide.run();
    long accepted =
        evidence.answered.values().stream()
            .filter(all -> all.stream().anyMatch(answer -> answer.outcome().equals("accepted")))
            .count();
    return new Verdict(
        journal.events(),
        seen.looks() + readSide.looks(),
        accepted,
        stored.unknown(),
        seen.deliveries(),
        readSide.follows(),
        violations);
  }
}
