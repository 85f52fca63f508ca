package io.parley.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

/**
 * PostgreSQL's data folder: made whole or not at all, refused when it isn't ours to run, configured
 * anew at each start.
 */
final class Cluster {

  static final String ROLE = "parley";
  static final String DATABASE = "parley";

  /** The superuser can't log in: it is there because every cluster has one. */
  private static final String SUPERUSER = "postgres";

  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final int PASSWORD_BYTES = 32;

  /**
   * How characters are told apart (which are letters) comes from the system: C.UTF-8 where it has
   * it, else the next best. Order and case come from PostgreSQL itself.
   */
  private static final List<String> CHARACTER_TYPES = List.of("C.UTF-8", "en_US.UTF-8", "C");

  private final EmbeddedSettings settings;
  private final Programs programs;
  private final RunAs runAs;

  Cluster(EmbeddedSettings settings, Programs programs, RunAs runAs) {
    this.settings = settings;
    this.programs = programs;
    this.runAs = runAs;
  }

  /** Makes the cluster if there is none; returns the password of {@link #ROLE}. */
  String prepare(Progress progress) {
    Path cluster = settings.cluster();
    try {
      if (Files.exists(cluster)) {
        requireOurs(cluster);
      } else {
        progress.step("Creating the database in " + settings.home());
        create(cluster);
      }
      if (!Files.exists(settings.passwordFile())) {
        setPassword(cluster);
      }
      return Files.readString(settings.passwordFile()).strip();
    } catch (IOException e) {
      throw EmbeddedPostgresException.of("create the database", settings.home(), e);
    }
  }

  void configure(int port) throws IOException {
    write("postgresql.conf", Configuration.settings(port));
    write("pg_hba.conf", Configuration.access(ROLE));
  }

  private void write(String name, String text) throws IOException {
    Path file = settings.cluster().resolve(name);
    Durable.writePrivate(file, text);
    runAs.own(file);
  }

  private void requireOurs(Path cluster) throws IOException {
    Path versionFile = cluster.resolve("PG_VERSION");
    if (!Files.isReadable(versionFile)) {
      throw new EmbeddedPostgresException(
          cluster
              + " is not a PostgreSQL data folder (it has no PG_VERSION). Move it away, or name"
              + " another folder with PARLEY_DATA_DIR.");
    }
    String version = Files.readString(versionFile).strip();
    if (!version.equals(Integer.toString(programs.major()))) {
      throw new EmbeddedPostgresException(
          cluster
              + " was made by PostgreSQL "
              + version
              + ", and this Parley brings "
              + programs.version()
              + ", which can't read it. Start the Parley that made it, or carry the data over with"
              + " pg_dump and ./parley restored.");
    }
  }

  private void create(Path cluster) throws IOException {
    Path fresh = settings.home().resolve("cluster.new");
    // Left over from a start that was cut short; nothing was ever accepted into it.
    Durable.deleteFolder(fresh);
    // An older password, of a cluster that is gone, would be taken for this one's.
    Files.deleteIfExists(settings.passwordFile());
    initialise(fresh);
    statements(
        fresh,
        "CREATE ROLE " + ROLE + " LOGIN CREATEDB IN ROLE pg_monitor",
        "CREATE DATABASE " + DATABASE + " OWNER " + ROLE);
    Durable.moveInPlace(fresh, cluster);
  }

  private void initialise(Path fresh) throws IOException {
    Command.Finished finished = new Command.Finished(1, "");
    for (String characterType : CHARACTER_TYPES) {
      finished =
          run(
              "initdb",
              "--pgdata=" + fresh,
              "--username=" + SUPERUSER,
              "--auth=reject",
              "--encoding=UTF8",
              "--locale-provider=builtin",
              "--builtin-locale=C.UTF-8",
              "--locale=C",
              "--lc-ctype=" + characterType,
              "--no-instructions");
      if (finished.succeeded()) {
        return;
      }
      if (!finished.output().contains("invalid locale name")) {
        break;
      }
    }
    throw failed("initdb", finished);
  }

  /** Without a server: nobody could log in to set it. */
  private void setPassword(Path cluster) throws IOException {
    byte[] random = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(random);
    String password = HexFormat.of().formatHex(random);
    statements(cluster, "ALTER ROLE " + ROLE + " PASSWORD '" + password + "'");
    Durable.writePrivate(settings.passwordFile(), password + "\n");
  }

  /** Through standard input, because arguments show in the process list. */
  private void statements(Path cluster, String... statements) throws IOException {
    Command.Finished finished =
        new Command(
                runAs.command(
                    programs.program("postgres"),
                    "--single",
                    "-c",
                    "exit_on_error=on",
                    "-c",
                    "log_min_error_statement=panic",
                    "-D",
                    cluster.toString(),
                    SUPERUSER),
                settings.home())
            .run(String.join("\n", statements) + "\n", LIMIT);
    if (!finished.succeeded()) {
      throw failed("postgres --single", finished);
    }
  }

  private Command.Finished run(String program, String... arguments) throws IOException {
    return new Command(runAs.command(programs.program(program), arguments), settings.home())
        .run("", LIMIT);
  }

  private EmbeddedPostgresException failed(String program, Command.Finished finished) {
    if (EmbeddedPostgresException.isDiskFull(finished.output())) {
      return new EmbeddedPostgresException(EmbeddedPostgresException.diskFull(settings.home()));
    }
    return new EmbeddedPostgresException(
        "Can't create the database in "
            + settings.home()
            + ": "
            + program
            + " said: "
            + ServerLog.lastLines(finished.output()));
  }
}
