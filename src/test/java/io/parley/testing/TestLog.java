package io.parley.testing;

import io.parley.model.ConversationEvent;
import io.parley.model.ConversationId;
import io.parley.serialization.ConversationLog;
import io.parley.serialization.EventCbor;
import io.parley.serialization.EventSerializer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** Puts events into the journal's table as the journal does, on a connection of the test's. */
public final class TestLog {
  private static final String INSERT =
      "INSERT INTO event_journal (slice, entity_type, persistence_id, seq_nr, db_timestamp,"
          + " event_ser_id, event_ser_manifest, event_payload, writer, adapter_manifest)"
          + " VALUES (?, ?, ?, ?, clock_timestamp(), ?, ?, ?, 'test', '')";

  private TestLog() {}

  /** Of Pekko's 1,024. */
  public static int slice(ConversationId conversation) {
    return Math.abs(ConversationLog.persistenceId(conversation).hashCode() % 1024);
  }

  /** Inserts without a commit, the first at {@code seq}. */
  public static void insert(
      Connection connection, ConversationId conversation, long seq, List<ConversationEvent> events)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
      long next = seq;
      for (ConversationEvent event : events) {
        statement.setInt(1, slice(conversation));
        statement.setString(2, ConversationLog.ENTITY_TYPE);
        statement.setString(3, ConversationLog.persistenceId(conversation));
        statement.setLong(4, next++);
        statement.setInt(5, EventSerializer.IDENTIFIER);
        statement.setString(6, EventCbor.CODEC.manifest(event));
        statement.setBytes(7, EventCbor.CODEC.toBytes(event));
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  /** Inserts and commits. */
  public static void store(
      TestDatabase database, ConversationId conversation, long seq, ConversationEvent... events)
      throws SQLException {
    try (Connection connection = database.connection()) {
      insert(connection, conversation, seq, List.of(events));
      connection.commit();
    }
  }
}
