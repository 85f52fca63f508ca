package io.parley.campaign.check;

import io.parley.campaign.check.Violation.Kind;
import java.util.List;

/**
 * What became of the promises.
 *
 * @param events rows of the journal that were checked
 * @param looks events, summaries and hits that people were shown and that were compared with them
 * @param accepted operations that were answered as accepted
 * @param unknown operations that nobody was told the outcome of
 * @param deliveries from the answer to the arrival at another session, in calm times
 * @param follows by how much summaries in inboxes were behind what was accepted, in calm times
 */
public record Verdict(
    long events,
    long looks,
    long accepted,
    long unknown,
    Spread deliveries,
    Spread follows,
    List<Violation> violations) {
  public Verdict {
    violations = List.copyOf(violations);
  }

  /** How many of a kind. */
  public long count(Kind kind) {
    return violations.stream().filter(violation -> violation.kind() == kind).count();
  }

  public boolean isClean() {
    return violations.isEmpty();
  }
}
