package io.parley.campaign.record;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A file of observations, a JSON object a line. Everyone may write; lines don't mix. */
public final class Notebook implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final BufferedWriter out;
  private final long startedNanos = System.nanoTime();

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

  public void note(Observation observation) {
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
