package io.parley.search;

/**
 * The two ways to find a text in one's messages, newest first. Whether a text is there is always
 * asked of the folded text itself, literally: no character stands for others.
 *
 * <p>The order is that of (position, conversation, seq): positions are those of transactions, and
 * one may have stored several messages. Within a conversation that is the order of the log.
 *
 * <p>Everywhere $1 is the person, $2 the folded text, $3 how many rows are wanted. Where all
 * conversations are searched, $4 to $6 are the place to go on from; where one is, $4 is that and $5
 * the sequence number there. The last one of a look-up is the grams.
 */
final class SearchStatements {
  private static final String COLUMNS =
      "conversation_id, seq, author, recipient, at, body, reply_to, edited, position, folded";

  private static final String OLDER = "(position, conversation_id, seq) < ($4, $5, $6)";

  private static final String NEWEST_FIRST =
      " ORDER BY position DESC, conversation_id DESC, seq DESC";

  // Beside what the index goes by, and past every LIMIT: as one more condition of the same rows it
  // would offer the planner ways that are short for most people and endless for some.
  private static final String MINE = "$1 IN (author, recipient)";

  private SearchStatements() {}

  /**
   * From message to message through all of one's conversations; looks at so many.
   *
   * <p>One's own messages are written as a range of the index that is in the wanted order, although
   * an equation would do: that would be planned for somebody with the usual number of messages, who
   * has them all read and sorted, and the same plan would then serve whoever has a million.
   */
  static String walk(int rows) {
    String order = " ORDER BY person DESC, position DESC, conversation_id DESC, seq DESC";
    return walked(
        "("
            + ofPerson("author")
            + order
            + " LIMIT "
            + rows
            + ") UNION ALL ("
            + ofPerson("recipient")
            + order
            + " LIMIT "
            + rows
            + ")",
        order,
        rows);
  }

  private static String ofPerson(String column) {
    return "SELECT "
        + COLUMNS
        + ", %1$s AS person FROM message WHERE NOT erased AND %1$s >= $1".formatted(column)
        + " AND (%s, position) <= ($1, $4) AND ".formatted(column)
        + OLDER;
  }

  /** The same through one conversation, as a range of the primary key. */
  static String walkOfOne(int rows) {
    String order = " ORDER BY conversation_id DESC, seq DESC";
    return walked(
        "SELECT "
            + COLUMNS
            + " FROM message WHERE NOT erased AND conversation_id >= $4"
            + " AND (conversation_id, seq) < ($4, $5)"
            + order
            + " LIMIT "
            + rows,
        order,
        rows);
  }

  static String lookUp() {
    return lookedUp("$1", "grams @> $7 AND " + OLDER);
  }

  static String lookUpOfOne() {
    return lookedUp("$4", "grams @> $6 AND seq < $5");
  }

  /**
   * Stops as soon as there are enough hits. The last one that may be looked at comes as well, hit
   * or not: it tells how far the walk came. How many those are stands in the statement, so that the
   * planner knows.
   */
  private static String walked(String messages, String order, int rows) {
    return withPeers(
        "SELECT * FROM (SELECT mine.*, strpos(folded, $2) > 0 AS hit, row_number() OVER ("
            + order
            + ") AS place FROM ("
            + messages
            + ") mine) numbered WHERE place <= "
            + rows
            + " AND (hit OR place = "
            + rows
            + ") AND "
            + MINE
            + " LIMIT $3");
  }

  /** All that may hold the text by the index, and of those that do the newest. */
  private static String lookedUp(String whose, String condition) {
    return withPeers(
        "SELECT found.*, TRUE AS hit, 0::bigint AS place FROM ("
            + "SELECT "
            + COLUMNS
            + " FROM message WHERE NOT erased AND ARRAY[conversation_id, author, recipient] @> ARRAY["
            + whose
            + "::text] AND "
            + condition
            + " AND strpos(folded, $2) > 0"
            + NEWEST_FIRST
            + " LIMIT $3) found WHERE "
            + MINE);
  }

  private static String withPeers(String messages) {
    return "SELECT h.*, p.username, p.display_name FROM ("
        + messages
        + ") h LEFT JOIN users p ON p.id = CASE h.author WHEN $1 THEN h.recipient ELSE h.author END"
        + NEWEST_FIRST;
  }
}
