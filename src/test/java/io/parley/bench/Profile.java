package io.parley.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Where the processor time of all nodes goes, from one moment to another: a table, a flame graph to
 * look into, and a small one for documents. A repeat takes the place of the one before.
 */
final class Profile {
  private final ServerUnderLoad server;
  private final Path folder;
  private final String name;
  private final String title;
  private final Consumer<String> say;
  private Optional<Sampler> sampler = Optional.empty();

  /**
   * @param name of the files, without what tells their kind
   */
  Profile(World world, Path folder, String name, String title) {
    this.server = world.server();
    this.folder = folder;
    this.name = name;
    this.title = title;
    this.say = world.say();
  }

  /** Begins beside the caller's thread, which has sockets to serve. */
  CompletableFuture<Void> begin() {
    return CompletableFuture.runAsync(() -> sampler = begun(Sampler.all()));
  }

  private Optional<Sampler> begun(List<Sampler> samplers) {
    if (Sampler.async().isEmpty()) {
      say.accept("  async-profiler isn't there: ./parley bench --profile fetches it");
    }
    for (Sampler one : samplers) {
      Command refused = new Command(true, "");
      for (JavaProcess process : server.processes()) {
        Command started = one.start(process.pid());
        refused = started.isDone() ? refused : started;
      }
      if (refused.isDone()) {
        return Optional.of(one);
      }
      say.accept("  No profile by " + one.name() + ": " + refused.told());
    }
    return Optional.empty();
  }

  /** Ends it, and writes the files. */
  void end() {
    sampler.ifPresent(
        used -> {
          try {
            write(used);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private void write(Sampler used) throws IOException {
    Stacks stacks = new Stacks(Map.of());
    Path scratch = folder.resolve(name + ".scratch");
    for (JavaProcess process : server.processes()) {
      stacks = stacks.plus(used.stop(process.pid(), scratch));
      Files.deleteIfExists(scratch);
    }
    Path collapsed = folder.resolve(name + ".collapsed");
    Files.writeString(collapsed, stacks.text());
    Files.writeString(
        folder.resolve(name + ".txt"),
        String.format(
            Locale.ROOT,
            "Where the server's processor time goes: %s%n%,d samples by %s%n%n%s",
            title,
            stacks.total(),
            used.name(),
            Place.table(stacks)));
    String svg = FlameGraph.of(stacks, title);
    Files.writeString(folder.resolve(name + ".svg"), svg);
    Path page = folder.resolve(name + ".html");
    if (!used.page(collapsed, page)) {
      Files.writeString(page, "<!doctype html><title>%s</title>%s".formatted(title, svg));
    }
  }
}
