package io.parley.session;

import io.parley.protocol.ByeCode;
import java.util.Optional;

/**
 * Hears what the sessions of a node do, to count it. Called in their threads for every frame: it is
 * quick, allocates nothing, and never throws.
 */
public interface SessionMeters {

  /** What became of a client's place in a conversation. */
  enum Cursor {
    /** It was at the head. */
    AT_HEAD,
    /** What it missed is replayed. */
    REPLAYED,
    /** It missed more than it wanted to have, and goes on from the head. */
    BEHIND,
    /** It is no place in this conversation, or of another life of the database. */
    RESYNC
  }

  /** A socket can be written to. */
  void opened();

  /** It is gone, after this goodbye, or without one. */
  void closed(Optional<ByeCode> goodbye);

  /** A session is welcome; {@link #left} follows. */
  void welcomed();

  void left();

  /** So many bytes more wait for a socket; negative when it has taken some. */
  void outbound(int bytes);

  /** An operation has its answer, so long after it came. */
  void answered(Answer answer, long nanos);

  /** A session sent more operations to one conversation than may be unanswered. */
  void tooManyInFlight();

  void resumed(Cursor cursor);

  /** A replay that a client asked for has brought it to the head. */
  void replayed(long events, long nanos);

  /** Counts nothing. */
  SessionMeters NONE =
      new SessionMeters() {
        @Override
        public void opened() {}

        @Override
        public void closed(Optional<ByeCode> goodbye) {}

        @Override
        public void welcomed() {}

        @Override
        public void left() {}

        @Override
        public void outbound(int bytes) {}

        @Override
        public void answered(Answer answer, long nanos) {}

        @Override
        public void tooManyInFlight() {}

        @Override
        public void resumed(Cursor cursor) {}

        @Override
        public void replayed(long events, long nanos) {}
      };
}
