package io.parley.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder that nodes share, of every build's files with a hash in their names. A page that came
 * from a node of one build asks any node for them, also one of another build, and also weeks later.
 *
 * <p>Whoever adds a build does it before handing out the first page of it, so what a page names is
 * there. Names never clash: a file that differs has another hash.
 */
final class KeptAssets {

  /** A page that is open for longer without being reloaded may miss a part of itself. */
  static final Duration KEPT = Duration.ofDays(30);

  private static final Logger log = LoggerFactory.getLogger(KeptAssets.class);

  /** Of a file that isn't whole yet; names that begin so are served to nobody. */
  private static final String UNFINISHED = ".";

  private KeptAssets() {}

  /** Adds a build's, and lets go of what no node has started with for long. */
  static void add(Path assets, Path kept, Instant now) {
    try {
      Files.createDirectories(kept);
      for (Path file : files(assets)) {
        keep(file, kept.resolve(file.getFileName().toString()), now);
      }
      for (Path file : files(kept)) {
        if (Files.getLastModifiedTime(file).toInstant().isBefore(now.minus(KEPT))) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException | UncheckedIOException e) {
      log.warn(
          "The web client's files can't be kept in {} (parley.web.kept-assets): while nodes of two"
              + " builds serve, a page may miss a part of itself. {}",
          kept,
          e.toString());
    }
  }

  private static void keep(Path file, Path kept, Instant now) throws IOException {
    if (!Files.exists(kept)) {
      Path unfinished = kept.resolveSibling(UNFINISHED + UUID.randomUUID());
      Files.copy(file, unfinished);
      try {
        Files.move(unfinished, kept, StandardCopyOption.ATOMIC_MOVE);
      } catch (FileAlreadyExistsException another) {
        // A node that starts at the same time was faster, with the same bytes.
        Files.delete(unfinished);
      }
    }
    Files.setLastModifiedTime(kept, FileTime.from(now));
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }
}
