package io.parley.feed;

import io.parley.database.BinaryArray;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/** Rows as the arrays, one a column, that {@code unnest} makes rows of again. */
record Columns<T>(List<T> rows) {

  BinaryArray texts(Function<T, String> column) {
    return BinaryArray.ofTexts(rows.stream().map(column).toArray(String[]::new));
  }

  BinaryArray longs(ToLongFunction<T> column) {
    return BinaryArray.ofLongs(rows.stream().mapToLong(column).toArray());
  }

  BinaryArray ints(ToLongFunction<T> column) {
    return BinaryArray.ofInts(
        rows.stream().mapToInt(row -> Math.toIntExact(column.applyAsLong(row))).toArray());
  }

  BinaryArray flags(Predicate<T> column) {
    boolean[] flags = new boolean[rows.size()];
    for (int i = 0; i < flags.length; i++) {
      flags[i] = column.test(rows.get(i));
    }
    return BinaryArray.ofBooleans(flags);
  }
}
