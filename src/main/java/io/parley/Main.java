package io.parley;

import io.parley.cluster.ClusterRefusedException;
import io.parley.database.DatabaseRefusedException;
import io.parley.demo.DemoRefusedException;
import io.parley.embedded.EmbeddedPostgresException;
import io.parley.feed.RebuildRefusedException;
import io.parley.tls.CertificatesRefusedException;
import io.parley.tls.Engines;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts a node, or runs one command, and sets the exit code. */
public final class Main {

  /** The project's folder, which the start script names: conf/ and data/ are found from there. */
  private static final String HOME = "parley.home";

  private static final int REFUSED = 1;
  private static final int WRONG_ARGUMENTS = 2;
  private static final int FAULT_OF_OURS = 3;

  /** For a supervisor: start it again. */
  private static final int PARTED = 4;

  private static final List<String> RESTORED = List.of("restored");
  private static final List<String> REBUILD = List.of("rebuild");
  private static final List<String> REBUILD_HELP = List.of("rebuild", "--help");
  private static final List<String> DEMO = List.of("--demo");

  private Main() {}

  public static void main(String[] arguments) {
    Engines.refuseRenegotiation();
    run(List.of(arguments), new Node());
  }

  /** The same with a server of the caller's. */
  static void run(List<String> words, ChatServer server) {
    if (words.equals(REBUILD_HELP)) {
      System.out.println(RebuildCommand.HELP);
      System.exit(0);
    }
    if (!words.isEmpty() && !List.of(RESTORED, REBUILD, DEMO).contains(words)) {
      System.err.println(
          "Parley doesn't know " + String.join(" ", words) + "; see ./parley --help");
      System.exit(WRONG_ARGUMENTS);
    }
    Consumer<String> say = announcer();
    try {
      Settings settings =
          Settings.load(Path.of(System.getProperty(HOME, "")).toAbsolutePath(), System.getenv());
      run(new Launch(settings, server, say), words, say);
    } catch (SettingsException e) {
      complain(words, e);
      System.exit(REFUSED);
    }
  }

  private static void run(Launch launch, List<String> words, Consumer<String> say) {
    Runtime.getRuntime().addShutdownHook(new Thread(launch::stop, "stop"));
    Interrupts.handle(say);
    int exitCode = 0;
    try {
      say.accept("Parley " + Build.version());
      if (words.equals(RESTORED)) {
        launch.restored();
      } else if (words.equals(REBUILD)) {
        launch.rebuild();
      } else {
        if (words.equals(DEMO)) {
          // Links are secrets: to whoever started it, and never into a log.
          launch.startWithDemo(System.out::println);
        } else {
          launch.start();
        }
        LoggerFactory.getLogger(Main.class).error(launch.awaitEnd());
        exitCode = PARTED;
      }
    } catch (InterruptedException e) {
      // The stop wants this thread out of its way.
      return;
    } catch (SettingsException
        | ClusterRefusedException
        | DatabaseRefusedException
        | DemoRefusedException
        | EmbeddedPostgresException
        | RebuildRefusedException
        | CertificatesRefusedException e) {
      exitCode = REFUSED;
      if (!launch.isStopping()) {
        complain(words, e);
      }
    } catch (RuntimeException e) {
      exitCode = FAULT_OF_OURS;
      if (!launch.isStopping()) {
        LoggerFactory.getLogger(Main.class).error("Parley can't start, by a fault of its own", e);
      }
    }
    if (!launch.isStopping()) {
      System.exit(exitCode);
    }
  }

  /** An operator's to mend: words, no stack trace. */
  private static void complain(List<String> words, RuntimeException fault) {
    String what =
        words.equals(REBUILD)
            ? "The read side wasn't rebuilt, or not all of it."
            : "Parley can't start.";
    System.err.println("\n" + what + "\n" + fault.getMessage());
  }

  /** For people, plain lines; for machines that collect, log events like all others. */
  private static Consumer<String> announcer() {
    if ("json".equals(System.getenv("PARLEY_LOG"))) {
      Logger log = LoggerFactory.getLogger(Main.class);
      return log::info;
    }
    return System.out::println;
  }
}
