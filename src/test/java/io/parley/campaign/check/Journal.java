package io.parley.campaign.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.parley.model.ConversationEvent;
import io.parley.model.SequencedEvent;
import io.parley.protocol.EventJson;
import io.parley.serialization.EventCbor;
import io.parley.testing.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What PostgreSQL holds in the end: by conversation, its rows in order, each as the JSON that its
 * author is sent.
 */
public record Journal(Map<String, List<Row>> conversations) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * One row.
   *
   * @param position of its commit among those of all conversations; several may have one
   */
  public record Row(long seq, JsonNode event, long position) {}

  /** Reads all of it from a database. */
  public static Journal read(String databaseUrl) throws SQLException {
    Map<String, List<Row>> conversations = new TreeMap<>();
    String sql =
        """
        SELECT persistence_id, seq_nr, event_ser_manifest, event_payload, feed_position
        FROM event_journal
        WHERE persistence_id LIKE 'Conversation|%' ORDER BY persistence_id, seq_nr
        """;
    try (Connection connection = TestPostgres.connect(databaseUrl);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        String conversation = row.getString(1).substring("Conversation|".length());
        ConversationEvent event = EventCbor.CODEC.fromBytes(row.getString(3), row.getBytes(4));
        long seq = row.getLong(2);
        conversations
            .computeIfAbsent(conversation, id -> new ArrayList<>())
            .add(new Row(seq, json(new SequencedEvent(seq, event)), row.getLong(5)));
      }
    }
    return new Journal(conversations);
  }

  private static JsonNode json(SequencedEvent event) {
    try {
      return JSON.readTree(EventJson.encode(event, true).json());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  List<Row> rows(String conversation) {
    return conversations.getOrDefault(conversation, List.of());
  }

  long events() {
    return conversations.values().stream().mapToLong(List::size).sum();
  }
}
