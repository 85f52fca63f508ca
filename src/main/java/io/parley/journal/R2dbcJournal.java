package io.parley.journal;

import static scala.jdk.javaapi.FutureConverters.asScala;

import com.typesafe.config.Config;
import io.parley.database.Database;
import io.parley.database.Databases;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.Persistence;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.journal.japi.AsyncWriteJournal;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.jspecify.annotations.Nullable;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The journal plugin: serializes, hands the rows to the group commit, and reads them back.
 *
 * <p>A write is stored whole or not at all, even one of several {@code persistAsync}: it succeeds
 * after the commit, is rejected only if an event can't be serialized, and fails with a {@link
 * WriteFailure} otherwise. The highest sequence number waits for the writes of its persistence id
 * that are under way, so that an actor that restarts doesn't overlook them.
 */
public final class R2dbcJournal extends AsyncWriteJournal {

  private final JournalSettings settings;
  private final EventFormat format;
  private final EventTable table;
  private final GroupCommit commits;
  private final Persistence persistence;
  private final Executor executor;

  /** Called by Pekko, with the plugin's configuration and its path. */
  public R2dbcJournal(Config config, String path) {
    ActorSystem system = context().system();
    this.settings = JournalSettings.from(config);
    String databasePath = settings.databasePath();
    Databases databases = Databases.get(system);
    int parallel = settings.limits().batchesInFlight();
    // A pool of its own: a crowd of readers can't hold up a commit.
    Database writes = databases.reserved(databasePath, "journal", parallel);
    TimeBudget.check(system.settings().config(), databasePath, path);
    this.format = new EventFormat(system);
    this.table = new EventTable(writes, databases.at(databasePath));
    this.commits =
        new GroupCommit(
            settings.limits(), table::append, System::nanoTime, JournalActivity.get(system));
    this.persistence = Persistence.get(system);
    this.executor = context().dispatcher();
  }

  @Override
  public Future<Iterable<Optional<Exception>>> doAsyncWriteMessages(
      Iterable<AtomicWrite> messages) {
    List<EventRow> rows = new ArrayList<>(1);
    List<Optional<Exception>> results = new ArrayList<>(1);
    boolean rejected = false;
    String persistenceId = "";
    for (AtomicWrite message : messages) {
      persistenceId = message.persistenceId();
      try {
        rows.addAll(format.rows(CollectionConverters.asJava(message.payload())));
        results.add(Optional.empty());
      } catch (Exception e) {
        results.add(Optional.of(e));
        rejected = true;
      }
    }
    // Nothing is rejected: an empty answer says so without a result per message.
    Iterable<Optional<Exception>> answer = rejected ? results : List.of();
    return asScala(
        rows.isEmpty()
            ? CompletableFuture.completedFuture(answer)
            : commits.write(pendingWrite(persistenceId, rows)).thenApply(stored -> answer));
  }

  @Override
  public Future<@Nullable Void> doAsyncDeleteMessagesTo(String persistenceId, long toSequenceNr) {
    return asScala(table.deleteTo(persistenceId, toSequenceNr).thenApply(deleted -> null));
  }

  @Override
  public Future<Long> doAsyncReadHighestSequenceNr(String persistenceId, long fromSequenceNr) {
    return asScala(
        commits
            .settled(persistenceId)
            .thenCompose(settled -> table.highestSequenceNr(persistenceId, fromSequenceNr)));
  }

  @Override
  public Future<@Nullable Void> doAsyncReplayMessages(
      String persistenceId,
      long fromSequenceNr,
      long toSequenceNr,
      long max,
      Consumer<PersistentRepr> replayed) {
    return asScala(replay(persistenceId, fromSequenceNr, toSequenceNr, max, replayed));
  }

  /** Page by page: what is in memory is a page, however long the log. */
  private CompletionStage<@Nullable Void> replay(
      String persistenceId, long from, long to, long max, Consumer<PersistentRepr> replayed) {
    if (from > to || max <= 0) {
      return CompletableFuture.completedFuture(null);
    }
    int rows = (int) Math.min(max, settings.pageRows());
    return table
        .page(persistenceId, from, to, rows, settings.pageBytes())
        .thenComposeAsync(
            page -> {
              if (page.isEmpty()) {
                return CompletableFuture.completedFuture(null);
              }
              for (EventRow row : page) {
                replayed.accept(format.event(persistenceId, row));
              }
              long next = page.get(page.size() - 1).sequenceNr() + 1;
              return replay(persistenceId, next, to, max - page.size(), replayed);
            },
            executor);
  }

  private PendingWrite pendingWrite(String persistenceId, List<EventRow> rows) {
    return new PendingWrite(
        persistenceId,
        persistence.sliceForPersistenceId(persistenceId),
        PersistenceId.extractEntityType(persistenceId),
        rows);
  }
}
