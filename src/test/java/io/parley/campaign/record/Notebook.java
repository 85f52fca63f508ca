package io.parley.campaign.record;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.parley.campaign.record.Observation.Answered;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A file of observations, a JSON object a line. Everyone may write; lines don't mix. */
public final class Notebook implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final BufferedWriter out;
  private final long startedNanos = System.nanoTime();
  private final AtomicLong accepted = new AtomicLong();

  private Notebook(BufferedWriter out) {
    this.out = out;
  }

  public static Notebook create(Path file) {
    try {
      return new Notebook(Files.newBufferedWriter(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Now, on the clock of all observations. */
  public long now() {
    return System.nanoTime() - startedNanos;
  }

  /** How many operations were accepted until now. */
  public long accepted() {
    return accepted.get();
  }

  public void note(Observation observation) {
    if (observation instanceof Answered answered && answered.outcome().equals("accepted")) {
      accepted.incrementAndGet();
    }
    try {
      String line = JSON.writeValueAsString(observation);
      synchronized (this) {
        out.write(line);
        out.newLine();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads a file again, line by line. */
  public static void read(Path file, Consumer<Observation> reader) {
    try (Stream<String> lines = Files.lines(file)) {
      lines.forEach(line -> reader.accept(parse(line)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Observation parse(String line) {
    try {
      return JSON.readValue(line, Observation.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
