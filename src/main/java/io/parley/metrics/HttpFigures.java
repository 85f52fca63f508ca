package io.parley.metrics;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.parley.http.HttpMeters;
import io.parley.model.ErrorCode;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** The public port. */
final class HttpFigures implements HttpMeters {
  private static final int CLASSES = 5;

  private final Counter[] responses = new Counter[CLASSES];
  private final Counter granted;
  private final Map<ErrorCode, Counter> refused = new EnumMap<>(ErrorCode.class);

  HttpFigures(Board board) {
    for (int i = 0; i < CLASSES; i++) {
      responses[i] = board.counter(Figure.RESPONSES, "status", (i + 1) + "xx");
    }
    this.granted = board.counter(Figure.SIGN_INS, "outcome", "granted");
    for (ErrorCode code : ErrorCode.values()) {
      refused.put(code, board.counter(Figure.SIGN_INS, "outcome", code.code()));
    }
  }

  @Override
  public void answered(int status) {
    int index = status / 100 - 1;
    if (index >= 0 && index < CLASSES) {
      responses[index].increment();
    }
  }

  @Override
  public void signIn(Optional<ErrorCode> refusal) {
    (refusal.isPresent() ? requireNonNull(refused.get(refusal.get())) : granted).increment();
  }
}
