package io.parley.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * ejabberd as Debian packs it, looked for and never installed. Its {@code ejabberdctl} isn't run:
 * it changes to an account of its own, starts the daemon that all Erlang programs of a machine
 * share, and means the service in {@code /etc}.
 *
 * @param root where all paths begin
 */
record EjabberdPackage(Path root) {
  private static final String CTL = "usr/sbin/ejabberdctl";
  private static final String SCHEMA = "usr/share/ejabberd/sql/pg.sql";
  private static final String EXAMPLE = "usr/share/ejabberd/ejabberd.yml.example";
  private static final List<String> ERLANG = List.of("usr/bin/erl", "usr/local/bin/erl");
  private static final String ERLANG_LIBRARIES = "usr/lib/erlang/lib";
  private static final String DRIVER = "p1_pgsql-";
  private static final Pattern LIBRARIES = Pattern.compile("(?m)^ERL_LIBS='?([^'\\s]+)");

  static EjabberdPackage ofThisMachine() {
    return new EjabberdPackage(Path.of("/"));
  }

  /** Why it can't be measured here, and what helps; empty when it can. */
  Optional<String> missing() {
    List<String> missing = new ArrayList<>();
    Stream.of(CTL, SCHEMA, EXAMPLE)
        .filter(file -> Files.notExists(root.resolve(file)))
        .forEach(file -> missing.add("/" + file));
    if (erlang().isEmpty()) {
      missing.add("erl (the Erlang VM)");
    }
    if (!hasDriver()) {
      missing.add("driver of it for PostgreSQL (" + DRIVER + "* in /" + ERLANG_LIBRARIES + ")");
    }
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "ejabberd isn't measured: this machine has no "
                + String.join(", no ", missing)
                + ". On Debian: apt-get install --no-install-recommends ejabberd erlang-p1-pgsql,"
                + " and systemctl disable --now ejabberd, since the package also starts a service"
                + " that the bench has no use for");
  }

  private Optional<Path> erlang() {
    return ERLANG.stream().map(root::resolve).filter(Files::exists).findFirst();
  }

  private boolean hasDriver() {
    return Stream.of(root.resolve(ERLANG_LIBRARIES), Path.of(libraries()))
        .flatMap(EjabberdPackage::names)
        .anyMatch(name -> name.startsWith(DRIVER));
  }

  private static Stream<String> names(Path folder) {
    if (!Files.isDirectory(folder)) {
      return Stream.empty();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(path -> path.getFileName().toString()).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path erl() {
    return erlang().orElseThrow(() -> new IllegalStateException("no erl"));
  }

  /** Where the package has its Erlang code, which differs by processor; its own script knows. */
  String libraries() {
    Path ctl = root.resolve(CTL);
    if (Files.notExists(ctl)) {
      return root.resolve(ERLANG_LIBRARIES).toString();
    }
    Matcher line = LIBRARIES.matcher(read(ctl));
    return line.find() ? line.group(1) : root.resolve(ERLANG_LIBRARIES).toString();
  }

  /** The statements that make its tables. */
  String schema() {
    return read(root.resolve(SCHEMA));
  }

  /**
   * What the package makes {@code /etc/ejabberd/ejabberd.yml} of as it is installed. That one may
   * be read by its service alone, and may have been changed since.
   */
  String example() {
    return read(root.resolve(EXAMPLE));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
