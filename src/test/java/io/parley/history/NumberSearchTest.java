package io.parley.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.database.Statements;
import io.parley.model.ConversationId;
import io.parley.model.OutboxNumber;
import io.parley.model.SequencedEvent;
import io.parley.model.UserId;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** How many logs are looked through at once; what is found in them is HistoryIT's matter. */
class NumberSearchTest {
  private static final UserId ADA = new UserId("u_ada");
  private static final UserId BOB = new UserId("u_bob");

  private final Pending database = new Pending();
  private final NumberSearch search = new NumberSearch(database);

  @Test
  void onePersonHasOneSearchAtATimeWhateverTheConversation() {
    CompletableFuture<Optional<SequencedEvent>> first = find(ADA, 1);
    for (int n = 2; n < 10; n++) {
      assertBusy(find(ADA, n));
    }
    assertThat(find(BOB, 1)).isNotDone();
    assertThat(database.asked).hasSize(2);

    database.answerFirst();
    assertThat(first.join()).isEmpty();
    assertThat(find(ADA, 2)).isNotDone();
    assertBusy(find(ADA, 3));
    assertThat(database.asked).hasSize(2);
  }

  @Test
  void oneMoreThanTheNodeHasRoomForIsToldAtOnce() {
    for (int i = 0; i < NumberSearch.UNDER_WAY; i++) {
      assertThat(find(new UserId("u_" + i), 1)).isNotDone();
    }
    assertBusy(find(ADA, 1));
    assertThat(database.asked).hasSize(NumberSearch.UNDER_WAY);

    database.answerFirst();
    assertThat(find(ADA, 1)).isNotDone();
    assertBusy(find(BOB, 1));
  }

  @Test
  void aSearchThatFailsOrIsGivenUpMakesRoom() {
    CompletableFuture<?> failing = find(ADA, 1);
    database.asked.remove(0).completeExceptionally(new IllegalStateException());
    assertThat(failing).isCompletedExceptionally();
    assertThat(find(ADA, 1, () -> false)).isCompletedExceptionally();
    assertThat(database.asked).isEmpty();
    assertThat(find(ADA, 1)).isNotDone();
  }

  private CompletableFuture<Optional<SequencedEvent>> find(UserId author, long n) {
    return find(author, n, () -> true);
  }

  private CompletableFuture<Optional<SequencedEvent>> find(
      UserId author, long n, BooleanSupplier wanted) {
    return search
        .find(ConversationId.random(), author, new OutboxNumber(1, n), wanted)
        .toCompletableFuture();
  }

  private static void assertBusy(CompletableFuture<?> found) {
    assertThat(found)
        .isCompletedExceptionally()
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withRootCauseInstanceOf(SearchBusyException.class);
  }

  /** A database that answers a page when it is told to: without any rows. */
  private static final class Pending implements Statements {
    final List<CompletableFuture<?>> asked = new ArrayList<>();
    private final List<Runnable> answers = new ArrayList<>();

    @Override
    public <T> CompletionStage<List<T>> query(
        String sql, Consumer<Statement> binding, Function<? super Readable, T> mapper) {
      CompletableFuture<List<T>> rows = new CompletableFuture<>();
      asked.add(rows);
      answers.add(() -> rows.complete(List.of()));
      return rows;
    }

    @Override
    public CompletionStage<Long> update(String sql, Consumer<Statement> binding) {
      throw new AssertionError("a search changes nothing");
    }

    void answerFirst() {
      asked.remove(0);
      answers.remove(0).run();
    }
  }
}
