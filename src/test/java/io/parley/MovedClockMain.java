package io.parley;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;

/**
 * {@link Main} on a machine whose clock jumps: by as many seconds as the file says that {@code
 * parley.clock} names, looked at a few times a second.
 */
public final class MovedClockMain {
  private MovedClockMain() {}

  public static void main(String[] arguments) {
    Main.run(List.of(arguments), new Node(new Moved(Path.of(System.getProperty("parley.clock")))));
  }

  private static final class Moved extends Clock {
    private final Path file;
    private volatile long seconds;

    Moved(Path file) {
      this.file = file;
      Thread reader = new Thread(this::readOnAndOn, "moved-clock");
      reader.setDaemon(true);
      reader.start();
    }

    private void readOnAndOn() {
      while (true) {
        try {
          seconds = Files.exists(file) ? Long.parseLong(Files.readString(file).strip()) : 0;
          Thread.sleep(200);
        } catch (IOException | NumberFormatException | InterruptedException e) {
          // Being written; the next look finds it whole.
        }
      }
    }

    @Override
    public Instant instant() {
      return Instant.now().plusSeconds(seconds);
    }

    @Override
    public long millis() {
      return System.currentTimeMillis() + 1_000 * seconds;
    }

    @Override
    public ZoneId getZone() {
      return ZoneId.of("UTC");
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
