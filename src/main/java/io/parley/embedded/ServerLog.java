package io.parley.embedded;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;

/**
 * What PostgreSQL writes while it runs. One file per run and the one before, so it never grows for
 * ever: the server logs its own life only, a few lines a run.
 */
final class ServerLog {

  private static final int LINES_SHOWN = 3;

  private final Path file;

  ServerLog(Path file) {
    this.file = file;
  }

  Path file() {
    return file;
  }

  /** Puts the log of the run before aside. */
  void turnOver() throws IOException {
    if (Files.exists(file)) {
      Files.move(
          file,
          file.resolveSibling(file.getFileName() + ".1"),
          StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** The text of the newest line, without time and process; empty when there is none. */
  String newest() {
    String[] lines = text().split("\n", -1);
    for (int i = lines.length - 1; i >= 0; i--) {
      if (!lines[i].isBlank()) {
        return lines[i].replaceFirst("^\\S+ \\S+ \\S+ \\[\\d+] [A-Z]+: +", "").strip();
      }
    }
    return "";
  }

  boolean saysPortIsTaken() {
    String text = text();
    return text.contains("Address already in use") || text.contains("could not create any TCP/IP");
  }

  /**
   * A server that was killed has children that haven't noticed yet, and is itself there as a
   * process until someone collects it; both end within moments.
   */
  boolean saysOldServerLingers() {
    String text = text();
    return (text.contains("shared memory block") && text.contains("is still in use"))
        || text.contains("lock file \"postmaster.pid\" already exists");
  }

  /** Why the server isn't there, in words for an operator. */
  EmbeddedPostgresException explain(Path home, int port) {
    String text = text();
    String lower = text.toLowerCase(Locale.ROOT);
    if (EmbeddedPostgresException.isDiskFull(text)) {
      return new EmbeddedPostgresException(EmbeddedPostgresException.diskFull(home));
    }
    if (saysPortIsTaken()) {
      return new EmbeddedPostgresException(
          "PostgreSQL can't have port "
              + port
              + " of 127.0.0.1: another program listens there. Set parley.embedded.port to 0 for a"
              + " free one.");
    }
    if (lower.contains("could not locate a valid checkpoint record")
        || lower.contains("invalid checkpoint")
        || lower.contains("could not find the database system")
        || lower.contains("could not open file \"global/")) {
      return new EmbeddedPostgresException(
          "The database in "
              + home
              + " is damaged, and was left as it is. Restore a backup. PostgreSQL said: "
              + lastLines(text));
    }
    return new EmbeddedPostgresException(
        "PostgreSQL didn't start. It said: " + lastLines(text) + " (all of it: " + file + ")");
  }

  /** The newest complaints, or the newest lines when nothing complains, in one line. */
  static String lastLines(String text) {
    List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
    List<String> complaints =
        lines.stream()
            .filter(line -> line.matches(".*\\b(FATAL|PANIC|ERROR|error|HINT|DETAIL):.*"))
            .toList();
    List<String> shown = complaints.isEmpty() ? lines : complaints;
    return String.join(" | ", shown.subList(Math.max(0, shown.size() - LINES_SHOWN), shown.size()));
  }

  private String text() {
    try {
      return Files.readString(file, ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }
}
