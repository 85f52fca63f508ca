package io.parley.feed;

import com.typesafe.config.ConfigFactory;
import io.parley.feed.FeedRound.Ended;
import io.parley.history.Inbox;
import io.parley.model.ConversationId;
import io.parley.testing.TestDatabase;
import io.parley.testing.TestLog;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The parts of a worker in the hands of a test, on a database of its own. */
final class FeedFixture implements AutoCloseable {
  static final FeedSettings SETTINGS =
      FeedSettings.from(ConfigFactory.load().getConfig("parley.feed"));
  static final Set<Integer> ALL =
      IntStream.range(0, FeedSettings.RANGES).boxed().collect(Collectors.toUnmodifiableSet());

  final TestDatabase database = new TestDatabase();
  final FeedReader reader = new FeedReader(database.database());
  final PageApplication application =
      new PageApplication(database.database(), ForkJoinPool.commonPool(), 160);
  final FeedRound rounds = new FeedRound(database.database(), ForkJoinPool.commonPool(), SETTINGS);
  final Erasures erasures = new Erasures(database.database());
  final Inbox inbox = new Inbox(database.database());

  /** As if nothing had ever been stored: a database per test makes the server's end take long. */
  void empty() throws SQLException {
    database.execute("TRUNCATE event_journal, user_feed");
    for (String statement : ReadSide.REBUILD) {
      database.execute(statement);
    }
  }

  Ended round(int rows) throws Exception {
    return now(rounds.run(ALL, rows));
  }

  /** Until nothing is left that may be applied. */
  int roundsToTheEnd(int rows) throws Exception {
    int applied = 0;
    for (Ended ended = round(rows); ended.rows() > 0; ended = round(rows)) {
      applied += ended.rows();
    }
    return applied;
  }

  int eraseAll() throws Exception {
    int all = 0;
    for (int erased = now(erasures.step(ALL)); erased > 0; erased = now(erasures.step(ALL))) {
      all += erased;
    }
    return all;
  }

  /** A new conversation of this range. */
  static ConversationId inRange(int range) {
    while (true) {
      ConversationId conversation = ConversationId.random();
      if (TestLog.slice(conversation) / 64 == range) {
        return conversation;
      }
    }
  }

  static <T> T now(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    database.close();
  }
}
