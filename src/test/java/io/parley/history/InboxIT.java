package io.parley.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.model.ConversationId;
import io.parley.model.ConversationSummary;
import io.parley.model.ConversationSummary.LastMessage;
import io.parley.model.Marks;
import io.parley.model.Person;
import io.parley.model.UserId;
import io.parley.testing.TestDatabase;
import io.parley.testing.TestEvents;
import io.parley.testing.TestLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InboxIT {
  private static final UserId ADA = new UserId("u_ada");
  private static final UserId BOB = new UserId("u_bob");
  private static final Person BOB_HIMSELF = new Person(BOB, "bob", "Bob B.");
  private static final Optional<String> FROM_THE_TOP = Optional.empty();

  private final TestDatabase database = new TestDatabase();
  private final Inbox inbox = new Inbox(database.database());

  @BeforeEach
  void people() throws Exception {
    database.execute(
        "INSERT INTO users (id, username, username_key, display_name, display_key, password_hash,"
            + " created_at) VALUES ('u_ada', 'ada', 'ada', 'Ada', 'ada', '', now()),"
            + " ('u_bob', 'bob', 'bob', 'Bob B.', 'bob b.', '', now())");
    database.execute("INSERT INTO user_feed VALUES ('u_ada', 9)");
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void aSummaryShowsWhatIsStoredAndTheHeadOfTheLogItself() throws Exception {
    ConversationId c = new ConversationId("c_one");
    conversation(c);
    summary("c_one", 7, 3);
    TestLog.store(database, c, 1, TestEvents.opened(ADA, BOB));
    TestLog.store(database, c, 2, new TestEvents().message(ADA, "later than the read side"));
    assertThat(now(inbox.summary(ADA, c)))
        .hasValue(
            new ConversationSummary(
                c,
                BOB_HIMSELF,
                2,
                1,
                5,
                new Marks(4, 3),
                new Marks(2, 1),
                Optional.of(new LastMessage(1, BOB, 77, "hi", false))));
  }

  @Test
  void aConversationWithoutAnyOperationIsEmptyAndOthersAreNobodysBusiness() throws Exception {
    ConversationId c = new ConversationId("c_one");
    conversation(c);
    assertThat(now(inbox.summary(ADA, c))).hasValue(ConversationSummary.empty(c, BOB_HIMSELF));
    assertThat(now(inbox.summary(new UserId("u_eve"), c))).isEmpty();
    assertThat(now(inbox.summary(ADA, ConversationId.NONE))).isEmpty();
  }

  @Test
  void theNewestComeFirstAndPagesFollowWithoutHoleOrRepetition() throws Exception {
    for (int i = 1; i <= 7; i++) {
      // Some share a commit, and so a position.
      summary("c_" + i, i / 2, i);
    }
    assertThat(walk(Optional.empty(), 2))
        .containsExactly("c_7", "c_6", "c_5", "c_4", "c_3", "c_2", "c_1");
    assertThat(walk(Optional.empty(), 7)).hasSize(7);
    assertThat(now(inbox.newest(ADA, 7, FROM_THE_TOP)).more()).isFalse();
    assertThat(now(inbox.newest(BOB, 7, FROM_THE_TOP)).conversations()).isEmpty();
  }

  @Test
  void onlyWhatChangedSinceComes() throws Exception {
    for (int i = 1; i <= 7; i++) {
      summary("c_" + i, i, i);
    }
    assertThat(walk(Optional.of(Inbox.sinceOf(4)), 2)).containsExactly("c_7", "c_6", "c_5");
    assertThat(walk(Optional.of(Inbox.sinceOf(9)), 2)).isEmpty();
    InboxPage page = now(inbox.changedSince(ADA, Inbox.sinceOf(9), 10, FROM_THE_TOP));
    assertThat(page.since()).isEqualTo(Inbox.sinceOf(9));
    assertThat(page.version()).isEqualTo(9);
  }

  @Test
  void aPlaceThatCannotBeReadOrIsOfAnotherDatabaseIsTheBeginning() throws Exception {
    summary("c_1", 1, 1);
    for (String since :
        List.of("", "v", "v-5", "v!", "x1", "v" + "z".repeat(40), Inbox.sinceOf(10))) {
      assertThat(walk(Optional.of(since), 2)).as(since).containsExactly("c_1");
    }
    for (String cursor : List.of("", "1.2", "1.2.x", "-1.2.c_1", "1.!.c_1", "1.2.c_1.4")) {
      assertThat(now(inbox.newest(ADA, 2, Optional.of(cursor))).conversations())
          .as(cursor)
          .hasSize(1);
    }
  }

  @Test
  void whatMovesToTheTopWhilePagesAreReadIsPastTheVersionThatTheyTell() throws Exception {
    for (int i = 1; i <= 4; i++) {
      summary("c_" + i, i, i);
    }
    InboxPage first = now(inbox.changedSince(ADA, Inbox.sinceOf(0), 2, FROM_THE_TOP));
    database.execute(
        "UPDATE conversation_summary SET activity = 50, version = 10"
            + " WHERE conversation_id = 'c_1'");
    database.execute("UPDATE user_feed SET version = 10");
    InboxPage second = now(inbox.changedSince(ADA, Inbox.sinceOf(0), 2, first.cursor()));
    assertThat(second.conversations()).extracting(s -> s.id().value()).containsExactly("c_2");
    assertThat(second.version()).isEqualTo(9);
    assertThat(now(inbox.changedSince(ADA, second.since(), 2, FROM_THE_TOP)).conversations())
        .extracting(s -> s.id().value())
        .containsExactly("c_1");
  }

  private List<String> walk(Optional<String> since, int limit) throws Exception {
    List<String> ids = new ArrayList<>();
    Optional<String> cursor = Optional.empty();
    InboxPage page;
    do {
      page =
          since.isPresent()
              ? now(inbox.changedSince(ADA, since.get(), limit, cursor))
              : now(inbox.newest(ADA, limit, cursor));
      page.conversations().forEach(summary -> ids.add(summary.id().value()));
      cursor = page.cursor();
    } while (page.more());
    return ids;
  }

  private void conversation(ConversationId conversation) throws Exception {
    database.execute(
        "INSERT INTO conversations VALUES ('%s', 'u_ada', 'u_bob', now())".formatted(conversation));
  }

  private void summary(String conversation, long activity, long version) throws Exception {
    database.execute(
        "INSERT INTO conversation_summary VALUES ('%s', 'u_ada', 'u_bob', 1, 5, 4, 3, 2, 1, 1,"
                .formatted(conversation)
            + " 'u_bob', 77, 'hi', false, %d, %d)".formatted(activity, version));
  }

  private static <T> T now(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
  }
}
