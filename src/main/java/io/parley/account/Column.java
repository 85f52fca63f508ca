package io.parley.account;

import io.r2dbc.spi.Readable;
import java.time.Instant;

/** Reads columns that are never null, and says which one was. */
final class Column {
  private Column() {}

  static String text(Readable row, String name) {
    return of(row, name, String.class);
  }

  static Instant time(Readable row, String name) {
    return of(row, name, Instant.class);
  }

  static long number(Readable row, String name) {
    return of(row, name, Long.class);
  }

  private static <T> T of(Readable row, String name, Class<T> type) {
    T value = row.get(name, type);
    if (value == null) {
      throw new IllegalStateException("column " + name + " is null");
    }
    return value;
  }
}
