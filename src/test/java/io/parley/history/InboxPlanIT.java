package io.parley.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.testing.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Everybody who comes asks for the inbox and for what was missed: that must not grow with the
 * journal, nor with others.
 */
class InboxPlanIT {
  private static final String THE_TOP = "9223372036854775807, '~', 101";

  private final TestDatabase database = new TestDatabase();

  @AfterEach
  void close() {
    database.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theNewestAndTheirHeadsAreReadFromIndexes(boolean analysed) throws Exception {
    fill(analysed);
    assertThat(
            database.plan(
                "newest(text, bigint, text, int) AS " + Inbox.NEWEST,
                "newest('u_1', " + THE_TOP + ")"))
        .contains("conversation_summary_inbox_idx")
        .contains("event_journal_pkey")
        .doesNotContain("Seq Scan");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatChangedAndItsHeadsAreReadFromIndexes(boolean analysed) throws Exception {
    fill(analysed);
    assertThat(
            database.plan(
                "changed(text, bigint, text, int, bigint) AS " + Inbox.CHANGED,
                "changed('u_1', " + THE_TOP + ", 1)"))
        .contains("event_journal_pkey")
        .doesNotContain("Seq Scan");
  }

  @Test
  void oneConversationAndItsHeadAreReadFromIndexes() throws Exception {
    fill(true);
    assertThat(database.plan("one(text, text) AS " + Inbox.ONE, "one('u_1', 'c_1')"))
        .contains("event_journal_pkey")
        .doesNotContain("Seq Scan");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatWasMissedOfManyIsReadFromTheIndex(boolean analysed) throws Exception {
    fill(analysed);
    assertThat(
            database.plan(
                "missed(text[], bigint[], int, bigint) AS " + History.AFTER_EACH,
                "missed(ARRAY['Conversation|c_1', 'Conversation|c_2'], ARRAY[0, 0], 100, 50000)"))
        .contains("event_journal_pkey")
        .doesNotContain("Seq Scan");
  }

  /** 20,000 people who all have a conversation with one, of one event. */
  private void fill(boolean analysed) throws Exception {
    database.execute(
        "INSERT INTO users (id, username, username_key, display_name, display_key, password_hash,"
            + " created_at) SELECT 'u_' || i, 'u_' || i, 'u_' || i, '', 'u_' || i, '', now()"
            + " FROM generate_series(0, 20000) i");
    database.execute(
        "INSERT INTO conversations (id, user_a, user_b, created_at) SELECT 'c_' || i, 'u_0',"
            + " 'u_' || i, now() FROM generate_series(1, 20000) i");
    database.execute(
        "INSERT INTO event_journal (slice, entity_type, persistence_id, seq_nr, db_timestamp,"
            + " event_ser_id, event_ser_manifest, event_payload, writer)"
            + " SELECT i % 1024, 'Conversation', 'Conversation|c_' || i, 1, now(), 71001,"
            + " 'marked-1', '\\x00', '' FROM generate_series(1, 20000) i");
    database.execute("INSERT INTO user_feed SELECT id, 2 FROM users");
    database.execute(
        "INSERT INTO conversation_summary SELECT c.id, u.id, CASE u.id WHEN user_a THEN user_b"
            + " ELSE user_a END, 1, 0, 0, 0, 0, 0, NULL, NULL, NULL, NULL, NULL,"
            + " row_number() OVER (), 2 FROM conversations c JOIN users u"
            + " ON u.id IN (c.user_a, c.user_b)");
    if (analysed) {
      database.execute(
          "ANALYZE users, conversations, event_journal, user_feed, conversation_summary");
    }
  }
}
