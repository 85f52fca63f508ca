package io.parley.audit;

import static java.util.Objects.requireNonNull;

import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Tells the audit log of incidents: the first of its kind and subject at once, then no more than a
 * line a minute, which says how many it stands for. The counts of all lines together are what has
 * happened. So a flood neither floods the log nor hides in it. What is remembered is bounded as
 * well: past {@link #MAX_SUBJECTS}, subjects that come new are told of together.
 *
 * <p>Never a token, a password, a name that was typed, or the text of a message. Thread-safe.
 */
public final class Incidents {
  static final int MAX_SUBJECTS = 2_000;
  private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final String OTHERS = "others";
  private static final Logger LOG = LoggerFactory.getLogger("parley.audit");

  /** What a subject is. */
  private enum Subject {
    ADDRESS("address"),
    USER("user"),
    COUNTER("counter");

    private final String key;

    Subject(String key) {
      this.key = key;
    }
  }

  private record Key(Incident incident, Subject subject, String value) {}

  /** A minute that began with a line, and what came since without one. */
  private static final class Minute {
    private long beganNanos;
    private long untold;

    Minute(long beganNanos) {
      this.beganNanos = beganNanos;
    }
  }

  private final LongSupplier nanos;
  private final Map<Key, Minute> minutes = new LinkedHashMap<>();
  private final Map<Incident, LongAdder> counts = new EnumMap<>(Incident.class);

  /** Of a node; {@code nanos} is any steady clock. */
  public Incidents(LongSupplier nanos) {
    this.nanos = nanos;
    for (Incident incident : Incident.values()) {
      counts.put(incident, new LongAdder());
    }
  }

  /** It came from this address; nobody has signed in there, or it doesn't matter who. */
  public void fromAddress(Incident incident, String address) {
    happened(new Key(incident, Subject.ADDRESS, address));
  }

  /** Somebody who has signed in did it. */
  public void byUser(Incident incident, String user) {
    happened(new Key(incident, Subject.USER, user));
  }

  /** It was held up by this counter, whose subject may be a name that was typed. */
  public void byCounter(Incident incident, String counter) {
    happened(new Key(incident, Subject.COUNTER, counter));
  }

  /** How often it has happened. */
  public long count(Incident incident) {
    return requireNonNull(counts.get(incident)).sum();
  }

  /** To be called every few seconds: tells of what came since the last line, a minute after it. */
  public synchronized void sweep() {
    long now = nanos.getAsLong();
    for (Iterator<Map.Entry<Key, Minute>> all = minutes.entrySet().iterator(); all.hasNext(); ) {
      Map.Entry<Key, Minute> next = all.next();
      Minute minute = next.getValue();
      if (now - minute.beganNanos < MINUTE_NANOS) {
        continue;
      }
      if (minute.untold == 0) {
        all.remove();
      } else {
        tell(next.getKey(), minute.untold);
        minute.untold = 0;
        minute.beganNanos = now;
      }
    }
  }

  /** The node stops: tells of all that wasn't told. */
  public synchronized void flush() {
    minutes.forEach(
        (key, minute) -> {
          if (minute.untold > 0) {
            tell(key, minute.untold);
          }
        });
    minutes.clear();
  }

  private void happened(Key key) {
    requireNonNull(counts.get(key.incident())).increment();
    long now = nanos.getAsLong();
    synchronized (this) {
      Key told = key;
      if (!minutes.containsKey(key) && minutes.size() >= MAX_SUBJECTS) {
        told = new Key(key.incident(), key.subject(), OTHERS);
      }
      Minute minute = minutes.get(told);
      if (minute == null) {
        minutes.put(told, new Minute(now));
        tell(told, 1);
      } else {
        // The sweep tells of it, so that a line ends a minute and none breaks one up.
        minute.untold++;
      }
    }
  }

  private static void tell(Key key, long count) {
    LoggingEventBuilder line =
        LOG.atWarn()
            .addKeyValue("kind", key.incident().kind())
            .addKeyValue(key.subject().key, key.value());
    (count == 1 ? line : line.addKeyValue("count", count)).log(key.incident().event());
  }
}
