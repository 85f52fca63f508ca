package io.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class HistogramTest {
  private final Histogram histogram = new Histogram();

  @Test
  void anEmptyOneAnswersZero() {
    assertThat(histogram.percentile(50)).isZero();
    assertThat(histogram.total()).isZero();
  }

  @Test
  void smallValuesAreExact() {
    for (int value = 0; value < 256; value++) {
      Histogram one = new Histogram();
      one.record(value);
      assertThat(one.percentile(50)).isEqualTo(value);
    }
  }

  @Test
  void everyValueIsKeptToLessThanOnePercent() {
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      long value = random.nextLong() >>> (2 + random.nextInt(61));
      Histogram one = new Histogram();
      one.record(value);
      assertThat(one.percentile(100)).isBetween(value, value + value / 100);
    }
  }

  @Test
  void theLargestLongHasItsPlace() {
    histogram.record(Long.MAX_VALUE);
    assertThat(histogram.percentile(99.9)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void whatIsBelowZeroCountsAsZero() {
    histogram.record(-5);
    assertThat(histogram.percentile(100)).isZero();
    assertThat(histogram.total()).isEqualTo(1);
  }

  @Test
  void percentilesAreThoseOfTheSortedValues() {
    Random random = new Random(2);
    long[] values = random.longs(5_000, 0, 100_000_000).toArray();
    Arrays.stream(values).forEach(histogram::record);
    Arrays.sort(values);
    for (double percent : new double[] {0.02, 1, 50, 99, 99.9, 100}) {
      long exact = values[(int) Math.ceil(values.length * percent / 100) - 1];
      assertThat((double) histogram.percentile(percent))
          .as("%s percent", percent)
          .isCloseTo((double) exact, Offset.offset(exact * 0.01 + 1));
    }
  }
}
