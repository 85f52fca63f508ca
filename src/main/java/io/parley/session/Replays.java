package io.parley.session;

import io.parley.model.ConversationId;
import io.parley.session.SessionMeters.Cursor;
import java.util.HashMap;
import java.util.Map;

/** Measures the replays that one client asks for, from their cursors to their ends. */
final class Replays {
  private record Begun(long from, long nanos) {}

  private final SessionPorts ports;
  private final Map<ConversationId, Begun> begun = new HashMap<>(0);

  Replays(SessionPorts ports) {
    this.ports = ports;
  }

  void count(Cursor cursor) {
    ports.reports().meters().resumed(cursor);
  }

  /** Reading begins after {@code from}. At the head there is nothing to measure. */
  void began(ConversationId conversation, long from, long head) {
    count(from == head ? Cursor.AT_HEAD : Cursor.REPLAYED);
    if (from < head) {
      begun.put(conversation, new Begun(from, ports.nanos().getAsLong()));
    }
  }

  void ended(ConversationId conversation, long seq) {
    Begun replay = begun.remove(conversation);
    if (replay != null) {
      ports
          .reports()
          .meters()
          .replayed(seq - replay.from, ports.nanos().getAsLong() - replay.nanos);
    }
  }
}
