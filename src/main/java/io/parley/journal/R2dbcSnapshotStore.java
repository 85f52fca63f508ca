package io.parley.journal;

import static scala.jdk.javaapi.FutureConverters.asScala;

import com.typesafe.config.Config;
import io.parley.database.Database;
import io.parley.database.Databases;
import io.parley.journal.SnapshotTable.SnapshotRow;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.persistence.Persistence;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.apache.pekko.persistence.snapshot.japi.SnapshotStore;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.jspecify.annotations.Nullable;
import scala.concurrent.Future;
import scala.jdk.javaapi.OptionConverters;

/**
 * The snapshot store plugin: the latest snapshot of a persistence id, updated in place. Criteria
 * that the latest doesn't meet find nothing, for there is no other.
 */
public final class R2dbcSnapshotStore extends SnapshotStore {

  private final SnapshotTable table;
  private final Serialization serialization;
  private final Persistence persistence;
  private final Executor executor;

  /** Called by Pekko, with the plugin's configuration and its path. */
  public R2dbcSnapshotStore(Config config, String path) {
    ActorSystem system = context().system();
    String databasePath = config.getString("database");
    Database database = Databases.get(system).at(databasePath);
    TimeBudget.check(system.settings().config(), databasePath, path);
    this.table = new SnapshotTable(database);
    this.serialization = SerializationExtension.get(system);
    this.persistence = Persistence.get(system);
    this.executor = context().dispatcher();
  }

  @Override
  public Future<Optional<SelectedSnapshot>> doLoadAsync(
      String persistenceId, SnapshotSelectionCriteria criteria) {
    return asScala(
        table
            .load(persistenceId, criteria)
            .thenApplyAsync(row -> row.map(found -> selected(persistenceId, found)), executor));
  }

  @Override
  public Future<@Nullable Void> doSaveAsync(SnapshotMetadata metadata, Object snapshot) {
    String persistenceId = metadata.persistenceId();
    SnapshotRow row =
        new SnapshotRow(
            metadata.sequenceNr(),
            metadata.timestamp(),
            Serialized.of(snapshot, serialization),
            OptionConverters.toJava(metadata.metadata())
                .map(value -> Serialized.of(value, serialization)));
    return asScala(
        table
            .save(
                persistenceId,
                persistence.sliceForPersistenceId(persistenceId),
                PersistenceId.extractEntityType(persistenceId),
                row)
            .thenApply(saved -> null));
  }

  @Override
  public Future<@Nullable Void> doDeleteAsync(SnapshotMetadata metadata) {
    long sequenceNr = metadata.sequenceNr();
    long timestamp = metadata.timestamp();
    // A timestamp of 0 means: whenever it was saved.
    return doDeleteAsync(
        metadata.persistenceId(),
        timestamp == 0
            ? SnapshotSelectionCriteria.create(sequenceNr, Long.MAX_VALUE, sequenceNr, 0)
            : SnapshotSelectionCriteria.create(sequenceNr, timestamp, sequenceNr, timestamp));
  }

  @Override
  public Future<@Nullable Void> doDeleteAsync(
      String persistenceId, SnapshotSelectionCriteria criteria) {
    return asScala(table.delete(persistenceId, criteria).thenApply(deleted -> null));
  }

  private SelectedSnapshot selected(String persistenceId, SnapshotRow row) {
    SnapshotMetadata metadata =
        new SnapshotMetadata(persistenceId, row.sequenceNr(), row.timestamp());
    return SelectedSnapshot.create(
        row.metadata()
            .map(value -> metadata.withMetadata(value.value(serialization)))
            .orElse(metadata),
        row.snapshot().value(serialization));
  }
}
