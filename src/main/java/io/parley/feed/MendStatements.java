package io.parley.feed;

import java.util.List;
import java.util.stream.Collectors;

/**
 * How one table of the read side is held against its shadow, and made like it, in some
 * conversations ({@code $1}) and there past {@code $2} up to {@code $3} of their logs. Columns are
 * the table's own at that moment, so what a migration adds is compared as well.
 */
final class MendStatements {

  /** What a job of ours commits at once. */
  static final int STEP_ROWS = 500;

  /** Told by the feed, not by the journal. */
  private static final String VERSION = "version";

  private final ReadSideTable table;
  private final String live;
  private final List<String> columns;

  MendStatements(ReadSideTable table, String schema, List<String> columns) {
    this.table = table;
    this.live = schema + "." + table.table();
    this.columns = columns.stream().map(column -> '"' + column + '"').toList();
  }

  /** The table itself, whatever shadows it. */
  String live() {
    return live;
  }

  /** Whether rows are found by their conversation: of the erasures, there are few. */
  boolean isByConversation() {
    return table != ReadSideTable.ERASURE;
  }

  /** Removes some rows that the journal knows nothing of; returns their conversations. */
  String deleteUnknown() {
    return "DELETE FROM %s t WHERE t.ctid = ANY(ARRAY(SELECT l.ctid FROM %s l WHERE %s"
            .formatted(live, live, within("l"))
        + " AND NOT EXISTS (SELECT FROM %s s WHERE %s) LIMIT %d)) RETURNING t.conversation_id"
            .formatted(table.shadow(), table.sameKey("s", "l"), STEP_ROWS);
  }

  /** Writes some rows that are missing or differ; returns their conversations. */
  String writeDiffering() {
    return "INSERT INTO %s AS t (%s) SELECT %s FROM %s s WHERE %s AND %s LIMIT %d"
            .formatted(
                live, list(""), list("s."), table.shadow(), within("s"), differs(), STEP_ROWS)
        + onConflict()
        + " RETURNING t.conversation_id";
  }

  /** The conversations whose summaries differ in anything but the version, a row each. */
  String differing() {
    return "SELECT s.conversation_id FROM %s s WHERE s.conversation_id = ANY($1) AND %s"
        .formatted(table.shadow(), differs());
  }

  /** Writes the rows of conversations with new versions from {@code versions}. */
  String writeWithVersions(String versions) {
    String others =
        columns.stream()
            .filter(column -> !isVersion(column))
            .map(column -> "s." + column)
            .collect(Collectors.joining(", "));
    String names =
        columns.stream().filter(column -> !isVersion(column)).collect(Collectors.joining(", "));
    return "INSERT INTO %s AS t (%s, %s) SELECT %s, f.version FROM %s s JOIN %s f"
            .formatted(live, names, VERSION, others, table.shadow(), versions)
        + " ON f.user_id = s.user_id WHERE s.conversation_id = ANY($1)"
        + onConflict();
  }

  private String within(String row) {
    return "%s.conversation_id = ANY($1) AND %s.%s > $2 AND %s.%s <= $3"
        .formatted(row, row, table.seqColumn(), row, table.seqColumn());
  }

  private String differs() {
    List<String> compared = columns.stream().filter(column -> !isVersion(column)).toList();
    return "NOT EXISTS (SELECT FROM %s l WHERE %s AND (%s) IS NOT DISTINCT FROM (%s))"
        .formatted(live, table.sameKey("l", "s"), list("l.", compared), list("s.", compared));
  }

  private String onConflict() {
    String changes =
        columns.stream()
            .filter(column -> !table.key().contains(column.replace("\"", "")))
            .map(column -> column + " = excluded." + column)
            .collect(Collectors.joining(", "));
    return " ON CONFLICT (%s) DO %s"
        .formatted(
            String.join(", ", table.key()),
            changes.isEmpty() ? "NOTHING" : "UPDATE SET " + changes);
  }

  private String list(String prefix) {
    return list(prefix, columns);
  }

  private static String list(String prefix, List<String> columns) {
    return columns.stream().map(column -> prefix + column).collect(Collectors.joining(", "));
  }

  private static boolean isVersion(String column) {
    return column.equals('"' + VERSION + '"');
  }
}
