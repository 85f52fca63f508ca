package io.parley.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.parley.model.SearchText;
import io.parley.testing.TestDatabase;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A search must cost what one's own messages cost, in a table that holds everybody's. The table is
 * as large as it takes for PostgreSQL to go through all of it once an index is missing.
 */
class SearchPlanIT {
  private static final int ROWS = 60_000;
  private static final int WALK = 500;

  private static final String WALK_ALL =
      "PREPARE s(varchar, varchar, int, bigint, varchar, bigint) AS " + SearchStatements.walk(WALK);
  private static final String WALK_ONE =
      "PREPARE s(varchar, varchar, int, varchar, bigint) AS " + SearchStatements.walkOfOne(WALK);
  private static final String LOOK_UP =
      "PREPARE s(varchar, varchar, int, bigint, varchar, bigint, int[]) AS "
          + SearchStatements.lookUp();
  private static final String LOOK_UP_ONE =
      "PREPARE s(varchar, varchar, int, varchar, bigint, int[]) AS "
          + SearchStatements.lookUpOfOne();

  private final TestDatabase database = new TestDatabase();

  /** The driver's statements are planned for what they are given at first, then for anything. */
  private String planning = "force_generic_plan";

  /** 100 people with 25 conversations each; every text holds "common", one in 300 "needle". */
  @BeforeEach
  void fill() throws Exception {
    String texts =
        IntStream.range(0, 300)
            .mapToObj(i -> "common " + Integer.toString(i * 7_919, 36) + (i == 7 ? " needle" : ""))
            .map(text -> "('" + text + "', '" + literal(SearchText.of(text).grams()) + "'::int[])")
            .collect(Collectors.joining(", "));
    database.execute(
        "WITH texts AS (SELECT row_number() OVER () - 1 AS n, * FROM (VALUES "
            + texts
            + ") v(body, grams)) INSERT INTO message (conversation_id, seq, author, recipient, at,"
            + " position, body, edited, erased, folded, grams)"
            + " SELECT 'c_' || i % 2500, i, 'u_' || i % 100, 'u_' || (i + 1 + i / 100 % 25) % 100,"
            + " 0, i / 3, body, FALSE, FALSE, body, grams FROM generate_series(1, "
            + ROWS
            + ") i JOIN texts ON n = (i + i / 100 * 7) % 300");
  }

  @AfterEach
  void close() {
    database.close();
  }

  @ParameterizedTest
  @CsvSource({"force_generic_plan,false", "force_generic_plan,true", "force_custom_plan,true"})
  void aWalkGoesByTheIndexesOfThePerson(String mode, boolean analysed) throws Exception {
    planning = mode;
    analyse(analysed);
    assertWalks(WALK_ALL, walkAll("zz"), "message_author_idx", "message_recipient_idx");
    assertWalks(WALK_ONE, "('u_50', 'zz', 21, 'c_1234', 99999999)", "message_pkey");
  }

  @ParameterizedTest
  @CsvSource({"force_generic_plan,false", "force_generic_plan,true", "force_custom_plan,true"})
  void aLookUpGoesByTheGrams(String mode, boolean analysed) throws Exception {
    planning = mode;
    analyse(analysed);
    assertLooksUp(LOOK_UP, lookUpAll());
    assertLooksUp(LOOK_UP_ONE, "('u_50', 'needle', 21, 'c_1234', 99999999, '" + needle() + "')");
  }

  @Test
  void aWalkStopsAtItsLastHitAndAtItsBound() throws Exception {
    analyse(true);
    assertThat(rowsRead(WALK_ALL, walkAll("common")))
        .as("21 hits, and what is sorted ahead of two indexes")
        .isLessThan(200);
    assertThat(rowsRead(WALK_ALL, walkAll("not there"))).isBetween((long) WALK, 2L * WALK + 300);
  }

  @Test
  void aLookUpTouchesNobodyElsesMessages() throws Exception {
    analyse(true);
    assertThat(rowsRead(LOOK_UP, lookUpAll()))
        .as("u_50 has about two in a hundred, of which one in 300 is a hit")
        .isLessThan(60);
  }

  @Test
  void theseTestsFailWithoutTheIndexes() throws Exception {
    analyse(true);
    database.execute("DROP INDEX message_grams_idx");
    assertThatThrownBy(() -> assertLooksUp(LOOK_UP, lookUpAll()))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("message_grams_idx");
    database.execute("DROP INDEX message_author_idx");
    assertThatThrownBy(
            () ->
                assertWalks(WALK_ALL, walkAll("zz"), "message_author_idx", "message_recipient_idx"))
        .isInstanceOf(AssertionError.class);
  }

  private void assertWalks(String prepare, String arguments, String... indexes) throws Exception {
    List<JsonNode> scans = onMessages(plan(prepare, arguments, false));
    assertThat(scans).allMatch(scan -> scan.path("Node Type").asText().equals("Index Scan"));
    assertThat(scans.stream().map(scan -> scan.path("Index Name").asText()))
        .containsExactlyInAnyOrder(indexes);
    assertThat(scans).allMatch(scan -> scan.path("Scan Direction").asText().equals("Backward"));
  }

  private void assertLooksUp(String prepare, String arguments) throws Exception {
    JsonNode plan = plan(prepare, arguments, false);
    assertThat(onMessages(plan).stream().map(scan -> scan.path("Node Type").asText()))
        .containsExactly("Bitmap Heap Scan");
    assertThat(nodes(plan, "Index Name").stream().map(scan -> scan.path("Index Name").asText()))
        .contains("message_grams_idx")
        .doesNotContain("message_author_idx", "message_recipient_idx", "message_pkey");
  }

  private long rowsRead(String prepare, String arguments) throws Exception {
    return onMessages(plan(prepare, arguments, true)).stream()
        .mapToLong(
            scan ->
                scan.path("Actual Rows").asLong()
                    + scan.path("Rows Removed by Filter").asLong()
                    + scan.path("Rows Removed by Index Recheck").asLong())
        .sum();
  }

  private static String walkAll(String text) {
    return "('u_50', '" + text + "', 21, 9000000000, '', 99999999)";
  }

  private static String lookUpAll() {
    return "('u_50', 'needle', 21, 9000000000, '', 99999999, '" + needle() + "')";
  }

  private static String needle() {
    return literal(SearchText.of("needle").requiredGrams());
  }

  private static String literal(int[] grams) {
    return Arrays.stream(grams)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(",", "{", "}"));
  }

  private void analyse(boolean wanted) throws Exception {
    database.execute(wanted ? "ANALYZE message" : "SELECT 1");
  }

  private JsonNode plan(String prepare, String arguments, boolean run) throws Exception {
    try (Connection connection = database.connection();
        Statement statement = connection.createStatement()) {
      statement.execute("SET plan_cache_mode = " + planning);
      statement.execute(prepare);
      try (var rows =
          statement.executeQuery(
              "EXPLAIN (FORMAT JSON, ANALYZE " + run + ") EXECUTE s" + arguments)) {
        rows.next();
        return new ObjectMapper().readTree(rows.getString(1)).get(0).path("Plan");
      }
    }
  }

  private static List<JsonNode> onMessages(JsonNode plan) {
    return nodes(plan, "Relation Name").stream()
        .filter(node -> node.path("Relation Name").asText().equals("message"))
        .toList();
  }

  /** All nodes of a plan that have this field. */
  private static List<JsonNode> nodes(JsonNode plan, String field) {
    List<JsonNode> found = new ArrayList<>();
    if (plan.has(field)) {
      found.add(plan);
    }
    plan.path("Plans").forEach(child -> found.addAll(nodes(child, field)));
    return found;
  }
}
