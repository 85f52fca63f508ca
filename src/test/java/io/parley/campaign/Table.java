package io.parley.campaign;

import io.parley.campaign.check.Recoveries.Round;
import io.parley.campaign.check.Verdict;
import io.parley.campaign.check.Violation.Kind;
import java.util.List;
import java.util.Locale;

/** What a campaign prints in the end. */
final class Table {
  private static final String ROW = "%-38s %9s   %-21s %-21s %-21s";
  private static final String SPREAD = "p50 / p95 / max";

  private Table() {}

  static String of(Verdict verdict, List<Round> rounds, List<String> notes) {
    StringBuilder table = new StringBuilder();
    line(
        table,
        ROW,
        "fault",
        "accepted",
        "accepts again (s)",
        "welcomed again (s)",
        "an operation waits (s)");
    line(table, ROW, "", "", SPREAD, SPREAD, SPREAD);
    for (Round round : rounds) {
      line(
          table,
          ROW,
          round.fault(),
          round.accepted(),
          round.accepts().seconds(),
          round.welcomes().seconds(),
          round.waits().seconds());
    }
    table.append('\n');
    line(
        table,
        "events checked %d, compared with what was seen %d times; operations accepted %d,"
            + " of unknown outcome %d",
        verdict.events(),
        verdict.looks(),
        verdict.accepted(),
        verdict.unknown());
    line(
        table,
        "delivered, in calm times: p50 %.1f ms, p99 %.1f ms, max %.1f ms (of %d)",
        verdict.deliveries().p50(),
        verdict.deliveries().p99(),
        verdict.deliveries().max(),
        verdict.deliveries().count());
    line(
        table,
        "inboxes behind, in calm times: p50 %.1f ms, p99 %.1f ms, max %.1f ms (of %d)",
        verdict.follows().p50(),
        verdict.follows().p99(),
        verdict.follows().max(),
        verdict.follows().count());
    for (Kind kind : Kind.values()) {
      table.append(
          String.format(
              Locale.ROOT, "%s %d   ", kind.name().toLowerCase(Locale.ROOT), verdict.count(kind)));
    }
    table.append('\n');
    notes.forEach(note -> table.append(note).append('\n'));
    verdict.violations().stream()
        .limit(20)
        .forEach(
            violation -> table.append("  ").append(shortened(violation.toString())).append('\n'));
    return table.toString();
  }

  private static String shortened(String text) {
    return text.length() > 600 ? text.substring(0, 600) + "…" : text;
  }

  private static void line(StringBuilder table, String format, Object... values) {
    table.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
  }
}
