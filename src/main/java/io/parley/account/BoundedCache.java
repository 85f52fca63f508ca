package io.parley.account;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Remembers what was read from the database for a short while. Past its size the entry that was
 * used longest ago goes.
 */
final class BoundedCache<K, V> {
  private final Map<K, Remembered<V>> entries;
  private final Clock clock;
  private final Duration timeToLive;

  BoundedCache(int size, Duration timeToLive, Clock clock) {
    this.clock = clock;
    this.timeToLive = timeToLive;
    this.entries =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<K, Remembered<V>> eldest) {
            return size() > size;
          }
        };
  }

  synchronized Optional<V> get(K key) {
    Remembered<V> entry = entries.get(key);
    if (entry == null) {
      return Optional.empty();
    }
    // A clock that was set back must not keep an entry for longer.
    Duration age = Duration.between(entry.since(), clock.instant()).abs();
    if (age.compareTo(timeToLive) >= 0) {
      entries.remove(key);
      return Optional.empty();
    }
    return Optional.of(entry.value());
  }

  synchronized void put(K key, V value) {
    entries.put(key, new Remembered<>(value, clock.instant()));
  }

  synchronized void remove(K key) {
    entries.remove(key);
  }

  synchronized int size() {
    return entries.size();
  }

  private record Remembered<V>(V value, Instant since) {}
}
