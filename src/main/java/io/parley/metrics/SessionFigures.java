package io.parley.metrics;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;
import io.parley.model.ErrorCode;
import io.parley.protocol.ByeCode;
import io.parley.session.Answer;
import io.parley.session.SessionMeters;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Sockets, sessions, operations, replays. */
final class SessionFigures implements SessionMeters {
  private static final String OUTCOME = "outcome";

  private final LongAdder sockets = new LongAdder();
  private final LongAdder sessions = new LongAdder();
  private final LongAdder outboundBytes = new LongAdder();
  private final Counter opened;
  private final Map<ByeCode, Counter> closed = new EnumMap<>(ByeCode.class);
  private final Counter closedUnsaid;
  private final Counter accepted;
  private final Timer acceptedAfter;
  private final Counter duplicate;
  private final Counter skipped;
  private final Counter inFlight;
  private final Map<ErrorCode, Counter> refused = new EnumMap<>(ErrorCode.class);
  private final Map<Cursor, Counter> cursors = new EnumMap<>(Cursor.class);
  private final DistributionSummary replayEvents;
  private final Timer replayTime;

  SessionFigures(Board board) {
    board.gauge(Figure.SOCKETS, sockets::sum);
    board.gauge(Figure.SESSIONS, sessions::sum);
    board.gauge(Figure.OUTBOUND, outboundBytes::sum);
    this.opened = board.counter(Figure.OPENED);
    for (ByeCode code : ByeCode.values()) {
      closed.put(code, board.counter(Figure.CLOSED, "bye", code.code()));
    }
    this.closedUnsaid = board.counter(Figure.CLOSED, "bye", "none");
    this.accepted = board.counter(Figure.OPERATIONS, OUTCOME, "accepted");
    this.acceptedAfter = board.timer(Figure.ACCEPTED);
    this.duplicate = board.counter(Figure.OPERATIONS, OUTCOME, "duplicate");
    this.skipped = board.counter(Figure.OPERATIONS, OUTCOME, "skipped");
    this.inFlight = board.counter(Figure.OPERATIONS, OUTCOME, "in_flight");
    for (ErrorCode code : ErrorCode.values()) {
      String outcome = code == ErrorCode.UNAVAILABLE ? "unknown" : code.code();
      refused.put(code, board.counter(Figure.OPERATIONS, OUTCOME, outcome));
    }
    for (Cursor cursor : Cursor.values()) {
      String outcome = cursor.name().toLowerCase(Locale.ROOT);
      cursors.put(cursor, board.counter(Figure.CURSORS, OUTCOME, outcome));
    }
    this.replayEvents = board.summary(Figure.REPLAY_EVENTS);
    this.replayTime = board.timer(Figure.REPLAY_TIME);
  }

  @Override
  public void opened() {
    opened.increment();
    sockets.increment();
  }

  @Override
  public void closed(Optional<ByeCode> goodbye) {
    sockets.decrement();
    (goodbye.isPresent() ? requireNonNull(closed.get(goodbye.get())) : closedUnsaid).increment();
  }

  @Override
  public void welcomed() {
    sessions.increment();
  }

  @Override
  public void left() {
    sessions.decrement();
  }

  @Override
  public void outbound(int bytes) {
    outboundBytes.add(bytes);
  }

  @Override
  public void answered(Answer answer, long nanos) {
    if (answer instanceof Answer.Accepted original && !original.duplicate()) {
      accepted.increment();
      acceptedAfter.record(nanos, TimeUnit.NANOSECONDS);
    } else if (answer instanceof Answer.Accepted) {
      duplicate.increment();
    } else if (answer instanceof Answer.Refused refusal) {
      requireNonNull(refused.get(refusal.code())).increment();
    } else {
      skipped.increment();
    }
  }

  @Override
  public void tooManyInFlight() {
    inFlight.increment();
  }

  @Override
  public void resumed(Cursor cursor) {
    requireNonNull(cursors.get(cursor)).increment();
  }

  @Override
  public void replayed(long events, long nanos) {
    replayEvents.record((double) events);
    replayTime.record(nanos, TimeUnit.NANOSECONDS);
  }
}
