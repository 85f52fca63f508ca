package io.parley.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptAssetsTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final Path folder;
  private final Path kept;

  KeptAssetsTest(@TempDir Path folder) {
    this.folder = folder;
    this.kept = folder.resolve("shared/assets");
  }

  @Test
  void eachBuildAddsItsOwnAndLeavesTheOthers() throws IOException {
    KeptAssets.add(build("one", "a-1.js", "b-1.js"), kept, START);
    KeptAssets.add(build("two", "b-1.js", "c-2.js"), kept, START);
    assertThat(names()).containsExactly("a-1.js", "b-1.js", "c-2.js");
    assertThat(kept.resolve("c-2.js")).hasContent("c-2.js");
  }

  @Test
  void whatNoNodeHasStartedWithForLongIsLetGoAndWhatOneHasStays() throws IOException {
    Path one = build("one", "a-1.js", "b-1.js");
    KeptAssets.add(one, kept, START);
    Instant later = START.plus(KeptAssets.KEPT);
    KeptAssets.add(build("two", "b-1.js"), kept, later);
    assertThat(names()).containsExactly("a-1.js", "b-1.js");
    KeptAssets.add(build("three", "c-1.js"), kept, later.plus(Duration.ofSeconds(1)));
    assertThat(names()).containsExactly("b-1.js", "c-1.js");
  }

  @Test
  void nodesThatStartAtOnceAddTheSameBytesOnce() throws Exception {
    Path one = build("one", Stream.iterate(0, i -> i + 1).limit(50).map(i -> i + ".js").toList());
    ExecutorService nodes = Executors.newFixedThreadPool(4);
    try {
      Callable<Void> start =
          () -> {
            KeptAssets.add(one, kept, START);
            return null;
          };
      for (Future<Void> started : nodes.invokeAll(List.of(start, start, start, start))) {
        started.get();
      }
    } finally {
      nodes.shutdownNow();
    }
    assertThat(names()).hasSize(50).noneMatch(name -> name.startsWith("."));
  }

  @Test
  void aFolderThatCantBeUsedDoesNotKeepANodeFromStarting() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    KeptAssets.add(build("one", "a-1.js"), file.resolve("below"), START);
    assertThat(file).isEmptyFile();
  }

  private Path build(String name, String... files) throws IOException {
    return build(name, List.of(files));
  }

  private Path build(String name, List<String> files) throws IOException {
    Path assets = Files.createDirectories(folder.resolve(name));
    for (String file : files) {
      Files.writeString(assets.resolve(file), file);
    }
    return assets;
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(kept)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
