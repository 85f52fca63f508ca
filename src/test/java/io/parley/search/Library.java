package io.parley.search;

import io.parley.model.ConversationId;
import io.parley.model.Hit;
import io.parley.model.SearchText;
import io.parley.model.UserId;
import io.parley.testing.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Messages as the feed stores them, put there by a test. */
final class Library implements AutoCloseable {
  static final UserId ADA = new UserId("u_ada");
  static final UserId BOB = new UserId("u_bob");
  static final UserId CY = new UserId("u_cy");
  static final ConversationId ADA_BOB = new ConversationId("c_adabob");
  static final ConversationId ADA_CY = new ConversationId("c_adacy");
  static final ConversationId BOB_CY = new ConversationId("c_bobcy");

  private static final String INSERT =
      "INSERT INTO message (conversation_id, seq, author, recipient, at, position, body, edited,"
          + " erased, folded, grams) VALUES (?, ?, ?, ?, ?, ?, ?, FALSE, FALSE, ?, ?)";

  final TestDatabase database = new TestDatabase();
  private long position = 100;

  Search search() {
    return search(2_000, 20_000);
  }

  /** With walks as short as a test wants them. */
  Search search(int walk, int longWalk) {
    return new Search(database.database(), SearchSettings.DEFAULT, walk, longWalk);
  }

  /** Forgets all: a database per test makes the server's end take long. */
  Library emptied() throws SQLException {
    database.execute("TRUNCATE message");
    return this;
  }

  /** Stores a text of Ada's to Bob; its sequence number. */
  long store(String text) throws SQLException {
    return store(ADA_BOB, ADA, BOB, text);
  }

  long store(ConversationId conversation, UserId by, UserId to, String... texts)
      throws SQLException {
    long seq = 0;
    try (Connection connection = database.connection();
        PreparedStatement statement = connection.prepareStatement(INSERT)) {
      for (String text : texts) {
        SearchText search = SearchText.of(text);
        seq = position++;
        statement.setString(1, conversation.value());
        statement.setLong(2, seq);
        statement.setString(3, by.value());
        statement.setString(4, to.value());
        statement.setLong(5, 1_767_225_600_000L - seq);
        // Two in each transaction.
        statement.setLong(6, seq / 2);
        statement.setString(7, text);
        statement.setString(8, search.folded());
        statement.setArray(
            9,
            connection.createArrayOf(
                "int4", java.util.Arrays.stream(search.grams()).boxed().toArray()));
        statement.addBatch();
      }
      statement.executeBatch();
      connection.commit();
    }
    return seq;
  }

  static Wanted wanted(UserId by, String text, int limit) {
    return new Wanted(by, Optional.empty(), SearchText.of(text), limit);
  }

  static Wanted wantedIn(UserId by, ConversationId in, String text, int limit) {
    return new Wanted(by, Optional.of(in), SearchText.of(text), limit);
  }

  static HitPage page(Search search, Wanted wanted, Optional<String> cursor) {
    return search.page(wanted, cursor).toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  /** All pages to the end, each no larger than was asked for. */
  static List<Hit> all(Search search, Wanted wanted) {
    List<Hit> hits = new ArrayList<>();
    Optional<String> cursor = Optional.empty();
    for (int pages = 0; pages < 10_000; pages++) {
      HitPage page = page(search, wanted, cursor);
      if (page.hits().size() > wanted.limit()) {
        throw new AssertionError("a page of " + page.hits().size());
      }
      hits.addAll(page.hits());
      if (page.cursor().isEmpty()) {
        return hits;
      }
      cursor = page.cursor();
    }
    throw new AssertionError("pages without an end");
  }

  /** Sorts as the search does: in this library sequence numbers count through, two a position. */
  static String order(Hit hit) {
    return "%06d %s %06d"
        .formatted(hit.message().seq() / 2, hit.conversation().value(), hit.message().seq());
  }

  static List<String> texts(List<Hit> hits) {
    return hits.stream().map(hit -> hit.message().text()).toList();
  }

  @Override
  public void close() {
    database.close();
  }
}
