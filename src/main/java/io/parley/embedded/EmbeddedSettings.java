package io.parley.embedded;

import java.nio.file.Path;

/**
 * Where the embedded PostgreSQL lives.
 *
 * <pre>
 *   data/                       0755, or as the operator made it
 *     parley.lock               held while a Parley runs on this folder
 *     postgresql/               0700
 *       cluster/                PostgreSQL's own data
 *       password                0600, of the one role that may connect
 *       server.log              the log of this run; server.log.1 is the one before
 *       programs/…              what was unpacked from the jar
 * </pre>
 *
 * @param dataFolder Parley's data folder
 * @param programs where the programs are unpacked; several data folders may share one
 * @param port the port on 127.0.0.1; 0 takes a free one at each start
 */
public record EmbeddedSettings(Path dataFolder, Path programs, int port) {

  public EmbeddedSettings {
    dataFolder = dataFolder.toAbsolutePath().normalize();
    programs = programs.toAbsolutePath().normalize();
  }

  /** Everything below the data folder, on a free port. */
  public static EmbeddedSettings in(Path dataFolder) {
    return new EmbeddedSettings(
        dataFolder, dataFolder.resolve("postgresql").resolve("programs"), 0);
  }

  public EmbeddedSettings withPrograms(Path folder) {
    return new EmbeddedSettings(dataFolder, folder, port);
  }

  public EmbeddedSettings withPort(int fixedPort) {
    return new EmbeddedSettings(dataFolder, programs, fixedPort);
  }

  Path lockFile() {
    return dataFolder.resolve("parley.lock");
  }

  Path home() {
    return dataFolder.resolve("postgresql");
  }

  Path cluster() {
    return home().resolve("cluster");
  }

  Path passwordFile() {
    return home().resolve("password");
  }

  Path serverLog() {
    return home().resolve("server.log");
  }
}
