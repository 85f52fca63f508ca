package io.parley.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The account that PostgreSQL's programs run under: they refuse to run as root.
 *
 * <p>An ordinary user runs them as they are. For root there are two ways. In a user namespace of
 * its own ({@code unshare --user}) root without any of its powers looks like nobody to itself,
 * while its files stay root's, so that a folder below /root works. Where the kernel or a container
 * allows no namespaces, {@code setpriv} drops to the account nobody, which then owns the files. A
 * folder that exists decides by its owner: one that an ordinary user made is run as that user, even
 * when root starts it.
 */
final class RunAs {

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Path ROOT = Path.of("/");

  private final List<String> prefix;
  private final Optional<String> owner;

  private RunAs(List<String> prefix, Optional<String> owner) {
    this.prefix = prefix;
    this.owner = owner;
  }

  static RunAs choose(EmbeddedSettings settings) {
    return choose(settings, RunAs::namespacesWork);
  }

  /** Asks for namespaces only when they matter. */
  static RunAs choose(EmbeddedSettings settings, Probe namespacesWork) {
    try {
      int uid = Integer.parseInt(output("id", "-u"));
      Optional<int[]> folderOwner = ownerOf(settings.cluster());
      if (uid != 0) {
        if (folderOwner.isPresent() && folderOwner.get()[0] != uid) {
          throw new EmbeddedPostgresException(
              settings.cluster()
                  + " belongs to another account (user id "
                  + folderOwner.get()[0]
                  + "). Start Parley as that account, or name another folder with"
                  + " PARLEY_DATA_DIR.");
        }
        return new RunAs(List.of(), Optional.empty());
      }
      if (folderOwner.isPresent() && folderOwner.get()[0] != 0) {
        return droppingTo(folderOwner.get()[0], folderOwner.get()[1]);
      }
      if (namespacesWork.holds()) {
        return new RunAs(List.of("unshare", "--user"), Optional.empty());
      }
      if (folderOwner.isPresent()) {
        throw refused(settings.cluster() + " belongs to root, and no user namespace can be made");
      }
      return droppingTo(
          Integer.parseInt(output("id", "-u", "nobody")),
          Integer.parseInt(output("id", "-g", "nobody")));
    } catch (IOException | NumberFormatException e) {
      throw refused(String.valueOf(e.getMessage()));
    }
  }

  /** The words that start a program under this account. */
  List<String> command(String program, String... arguments) {
    List<String> words = new ArrayList<>(prefix);
    words.add(program);
    words.addAll(List.of(arguments));
    return words;
  }

  /** Gives a file or folder to the account, if that is another than ours. */
  void own(Path path) throws IOException {
    if (owner.isPresent()) {
      output("chown", owner.get(), path.toString());
    }
  }

  /** Whether the account can get at a folder at all: those above it may be closed to it. */
  void requireReach(Path folder) {
    try {
      if (!new Command(command("test", "-x", folder.toString()), ROOT).run("", LIMIT).succeeded()) {
        throw refused("the account that it would run as instead can't enter " + folder);
      }
    } catch (IOException e) {
      throw refused(String.valueOf(e.getMessage()));
    }
  }

  private static RunAs droppingTo(int uid, int gid) {
    return new RunAs(
        List.of("setpriv", "--reuid=" + uid, "--regid=" + gid, "--clear-groups"),
        Optional.of(uid + ":" + gid));
  }

  private static Optional<int[]> ownerOf(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return Optional.empty();
    }
    Integer uid = (Integer) Files.getAttribute(folder, "unix:uid");
    Integer gid = (Integer) Files.getAttribute(folder, "unix:gid");
    return Optional.of(new int[] {uid, gid});
  }

  /** The account seen inside needs a name, or initdb gives up: so it is asked for by name. */
  private static boolean namespacesWork() {
    try {
      return new Command(List.of("unshare", "--user", "id", "-un"), ROOT)
          .run("", LIMIT)
          .succeeded();
    } catch (IOException e) {
      return false;
    }
  }

  private static String output(String... words) throws IOException {
    Command.Finished finished = new Command(List.of(words), ROOT).run("", LIMIT);
    if (!finished.succeeded()) {
      throw new IOException(String.join(" ", words) + " said: " + finished.output());
    }
    return finished.output();
  }

  private static EmbeddedPostgresException refused(String why) {
    return new EmbeddedPostgresException(
        "PostgreSQL doesn't run as root, and there is no way around it here ("
            + why
            + "). Start Parley as an ordinary user.");
  }

  @FunctionalInterface
  interface Probe {
    boolean holds();
  }
}
