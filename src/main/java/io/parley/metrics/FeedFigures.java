package io.parley.metrics;

import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.parley.feed.FeedActivity;
import io.parley.feed.FeedActivity.Figures;
import io.parley.feed.FeedActivity.Waits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * The feed's workers of this node. What they have to look up in PostgreSQL they look up every few
 * seconds; when they can't, or there are none here, those figures are absent rather than old.
 */
final class FeedFigures {
  private record Known(MultiGauge gauge, Function<Waits, Number> value) {}

  private final FeedActivity activity;
  private final List<Known> whileKnown;

  FeedFigures(FeedActivity activity, Board board) {
    this.activity = activity;
    this.whileKnown =
        List.of(
            new Known(board.gaugeWhileKnown(Figure.FEED_LAG), waits -> seconds(waits.behind())),
            new Known(board.gaugeWhileKnown(Figure.FEED_LAG_ROWS), Waits::rows),
            new Known(board.gaugeWhileKnown(Figure.FEED_ERASURES), Waits::erasures),
            new Known(
                board.gaugeWhileKnown(Figure.OLDEST_WRITE), waits -> seconds(waits.oldestWrite())));
    counted(board, Figure.FEED_PAGES, Figures::pages);
    counted(board, Figure.FEED_ROWS, Figures::rows);
    counted(board, Figure.FEED_FAILURES, Figures::failures);
    counted(board, Figure.FEED_OVERTAKEN, Figures::overtaken);
    counted(board, Figure.FEED_ERASED, Figures::erased);
    counted(board, Figure.FEED_NOTICES, Figures::noticesDropped);
    board.gauge(Figure.FEED_STOPPED, () -> activity.figures().stoppedRanges().size());
  }

  /** Puts up what is known now, and takes down what isn't. */
  void refresh() {
    Optional<Waits> waits = activity.figures().waits();
    for (Known known : whileKnown) {
      known.gauge.register(
          waits
              .map(now -> MultiGauge.Row.of(Tags.empty(), known.value.apply(now)))
              .<Iterable<MultiGauge.Row<?>>>map(List::of)
              .orElse(List.of()),
          true);
    }
  }

  private void counted(Board board, Figure figure, ToLongFunction<Figures> counter) {
    board.counted(figure, () -> counter.applyAsLong(activity.figures()));
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1e3;
  }
}
