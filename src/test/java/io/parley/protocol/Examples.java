package io.parley.protocol;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The examples under protocol/examples: one line each, as it stands on the wire. They are only
 * added to. A golden test that is run with {@code -Dexamples.write=true} writes those missing.
 */
final class Examples {
  private static final Path ROOT = Path.of("protocol", "examples");

  private Examples() {}

  /** The names of a folder's examples: the schema's, and a variant after a dot. */
  static Set<String> in(String folder) {
    try (Stream<Path> files = Files.list(ROOT.resolve(folder))) {
      return files
          .map(file -> file.getFileName().toString().replaceAll("\\.json$", ""))
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String read(String folder, String name) {
    try {
      return Files.readString(path(folder, name)).stripTrailing();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the example says, or what was made when it is missing and may be written. */
  static String golden(String folder, String name, String made) {
    Path file = path(folder, name);
    if (Boolean.getBoolean("examples.write") && !Files.exists(file)) {
      try {
        Files.writeString(file, made + "\n");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return read(folder, name);
  }

  static String schemaOf(String name) {
    return name.replaceAll("\\..*", "");
  }

  private static Path path(String folder, String name) {
    return ROOT.resolve(folder).resolve(name + ".json");
  }
}
