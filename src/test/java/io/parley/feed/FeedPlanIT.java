package io.parley.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.testing.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A poll is asked five times a second for ever: it must not grow with the journal. */
class FeedPlanIT {
  private static final int ROWS = 20_000;

  private final TestDatabase database = new TestDatabase();

  @BeforeEach
  void fill() throws Exception {
    database.execute(
        "INSERT INTO event_journal (slice, entity_type, persistence_id, seq_nr, db_timestamp,"
            + " event_ser_id, event_ser_manifest, event_payload, writer, feed_position)"
            + " SELECT i % 1024, 'Conversation', 'Conversation|c_' || i, 1, now(), 71001,"
            + " 'marked-1', '\\x00', '', i / 10 FROM generate_series(1, "
            + ROWS
            + ") i");
  }

  @AfterEach
  void close() {
    database.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPageIsReadFromTheIndexWithOrWithoutStatistics(boolean analysed) throws Exception {
    if (analysed) {
      database.execute("ANALYZE event_journal");
    }
    assertThat(plan())
        .contains("Index Scan using event_journal_feed_idx")
        .doesNotContain("Seq Scan on event_journal")
        .doesNotContain("Bitmap");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatWasAppliedLatelyIsReadBackwardsFromTheIndex(boolean analysed) throws Exception {
    if (analysed) {
      database.execute("ANALYZE event_journal");
    }
    assertThat(
            database.plan(
                "back(int, bigint, varchar, bigint, int) AS " + Retelling.PAGE,
                "back(3, 9000000000, '', 0, 500)"))
        .contains("Index Scan Backward using event_journal_feed_idx")
        .doesNotContain("Sort")
        .doesNotContain("Seq Scan");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theLastNoticesAreReadFromIndexes(boolean analysed) throws Exception {
    database.execute(
        "INSERT INTO user_feed SELECT 'u_' || i, 1 FROM generate_series(1, " + ROWS + ") i");
    database.execute(
        "INSERT INTO conversation_summary SELECT 'c_' || i, 'u_' || i, 'u_peer', 1, 0, 0, 0, 0,"
            + " 0, NULL, NULL, NULL, NULL, NULL, i, 1 FROM generate_series(1, "
            + ROWS
            + ") i");
    if (analysed) {
      database.execute("ANALYZE user_feed, conversation_summary");
    }
    assertThat(database.plan("last(text[]) AS " + Retelling.LAST_NOTICES, "last('{c_1,c_2,c_3}')"))
        .contains("conversation_summary_pkey")
        .contains("user_feed_pkey")
        .contains("conversation_summary_changes_idx")
        .doesNotContain("Seq Scan");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatIsToBeErasedIsFoundInTheJournalByItsKey(boolean analysed) throws Exception {
    database.execute(
        "INSERT INTO erasure SELECT i % 16, 'c_' || i, 1 FROM generate_series(1, 200) i");
    if (analysed) {
      database.execute("ANALYZE event_journal, erasure");
    }
    assertThat(database.plan("due(int[]) AS " + Erasures.NEXT, "due('{0,1,2,3}')"))
        .contains("using event_journal_pkey")
        .doesNotContain("Seq Scan on event_journal");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whetherTheJournalKnowsAConversationIsFoundByItsKey(boolean analysed) throws Exception {
    database.execute(
        "INSERT INTO erasure SELECT i % 16, 'c_' || i, 1 FROM generate_series(1, 200) i");
    if (analysed) {
      database.execute("ANALYZE event_journal, erasure");
    }
    for (String sql : List.of(LogIds.READ_SIDE.formatted("erasure"), LogIds.DUE)) {
      assertThat(database.plan("known(text, int) AS " + sql.formatted("erasure"), "known('', 100)"))
          .contains("using event_journal_pkey")
          .doesNotContain("Seq Scan on event_journal");
    }
  }

  @Test
  void anIdlePollTouchesAFewPages() throws Exception {
    database.execute("UPDATE feed_offset SET feed_position = 9000000000");
    String buffers =
        plan()
            .lines()
            .filter(line -> line.contains("Buffers: shared hit="))
            .findFirst()
            .orElseThrow();
    assertThat(Integer.parseInt(buffers.replaceAll(".*hit=([0-9]+).*", "$1"))).isLessThan(60);
  }

  /** Of the statement as the driver prepares it, after it has been run a few times. */
  private String plan() throws Exception {
    return database.plan(
        "page(int[], int, bigint) AS " + FeedReader.PAGE, "page('{0,1,2,3}', 500, 4194304)");
  }
}
