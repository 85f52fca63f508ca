package io.parley.feed;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The tables that the feed's fold writes. A rebuild folds into a temporary table of the same name
 * each; one that were missing here would stop it, see {@link RebuildConnection#inShadow}.
 */
enum ReadSideTable {
  MESSAGE("seq", "conversation_id seq"),
  MESSAGE_EDIT("seq", "conversation_id of_seq seq"),
  REACTION("of_seq", "conversation_id of_seq emoji user_id"),
  ERASURE("seq", "range conversation_id seq"),
  CONVERSATION_SUMMARY("as_of", "conversation_id user_id"),
  /** Not derived from the journal: the shadow is there to keep the fold away from the versions. */
  USER_FEED("version", "user_id");

  /** What holds a conversation's messages. */
  static final List<ReadSideTable> BY_SEQ = List.of(MESSAGE, MESSAGE_EDIT, REACTION);

  /** What has rows of a conversation. */
  static final List<ReadSideTable> BY_CONVERSATION =
      List.of(CONVERSATION_SUMMARY, MESSAGE, MESSAGE_EDIT, REACTION, ERASURE);

  private final String seqColumn;
  private final String keyColumns;

  ReadSideTable(String seqColumn, String keyColumns) {
    this.seqColumn = seqColumn;
    this.keyColumns = keyColumns;
  }

  /** As the migrations name it. */
  String table() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Where rows stand in a conversation's log. */
  String seqColumn() {
    return seqColumn;
  }

  List<String> key() {
    return List.of(keyColumns.split(" ", -1));
  }

  String shadow() {
    return "pg_temp." + table();
  }

  /** That two rows have the same key. */
  String sameKey(String one, String other) {
    return key().stream()
        .map(column -> one + "." + column + " = " + other + "." + column)
        .collect(Collectors.joining(" AND "));
  }
}
