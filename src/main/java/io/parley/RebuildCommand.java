package io.parley;

import com.typesafe.config.Config;
import io.parley.database.Database;
import io.parley.database.DatabaseAddress;
import io.parley.database.DatabaseException;
import io.parley.database.DatabaseSettings;
import io.parley.database.Migrations;
import io.parley.database.Preflight;
import io.parley.feed.FeedSettings;
import io.parley.feed.Rebuild;
import io.parley.feed.RebuildProgress;
import io.parley.feed.RebuildRefusedException;
import io.parley.feed.RebuildReport;
import io.parley.feed.RebuildReport.Mended;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** {@code ./parley rebuild}: checks, rebuilds the read side, and tells how far it is. */
final class RebuildCommand {

  static final String HELP =
      """
      ./parley rebuild makes inboxes, search and reactions what the journal says.

      Run it when an inbox or the search shows something that the conversation itself doesn't, or
      when the database was damaged and mended. Nodes may run and serve meanwhile: nobody sees less
      than there is. Where everything is right, it writes nothing.

      It works on the same database as the nodes: PARLEY_DATABASE_URL, or the embedded PostgreSQL in
      PARLEY_DATA_DIR, beside the Parley that runs there or, when none does, by itself. Use the build
      that the nodes run.

      Ctrl-C at any time leaves all of it sound. Run again, it starts over, and what was mended
      before is only compared. Two at once are refused.

      It ends with 0 when everything is as the journal says, mended or not; with 1 when it couldn't
      be done, or not for every conversation, and says why.""";

  /** Whether somebody watches: the start script knows, a JVM tells only later ones. */
  private static final String TERMINAL = "parley.terminal";

  private static final Duration TOLD_EVERY_ON_TERMINAL = Duration.ofSeconds(1);
  private static final Duration TOLD_EVERY = Duration.ofSeconds(10);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  private final Settings settings;
  private final Consumer<String> say;
  private final long startedNanos = System.nanoTime();
  private final long toldEveryNanos =
      (Boolean.getBoolean(TERMINAL) ? TOLD_EVERY_ON_TERMINAL : TOLD_EVERY).toNanos();
  private long toldNanos = startedNanos;
  private RebuildProgress newest = new RebuildProgress(0, 0, 0);

  RebuildCommand(Settings settings, Consumer<String> say) {
    this.settings = settings;
    this.say = say;
  }

  /**
   * Does it.
   *
   * @throws InterruptedException when it was told to stop, which it has said
   */
  void run(String databaseUrl) throws InterruptedException {
    DatabaseAddress address = DatabaseAddress.parse(databaseUrl);
    Preflight.check(address, 1, say);
    Migrations.requireCurrent(address);
    Config config = settings.system(databaseUrl);
    DatabaseSettings own =
        DatabaseSettings.from(config.getConfig("parley.database")).reservedFor("rebuild", 1);
    FeedSettings feed = FeedSettings.from(config.getConfig("parley.feed"));
    say.accept("Rebuilding what is derived from the journal");
    Database database = Database.open(own);
    try {
      tell(Rebuild.run(database, feed, this::tell));
    } catch (InterruptedException e) {
      say.accept(
          "Stopped after %,d of %,d conversations. Everything is sound; run it again, and it starts"
                  .formatted(newest.conversations(), newest.total())
              + " over.");
      throw e;
    } catch (DatabaseException e) {
      throw new RebuildRefusedException(
          "After %,d of %,d conversations: %s\nEverything is sound; run it again when that is mended."
              .formatted(newest.conversations(), newest.total(), e.getMessage()),
          e);
    } finally {
      database
          .close()
          .toCompletableFuture()
          .completeOnTimeout(null, CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
          .join();
    }
  }

  private void tell(RebuildProgress progress) {
    newest = progress;
    long now = System.nanoTime();
    if (now - toldNanos < toldEveryNanos) {
      return;
    }
    toldNanos = now;
    say.accept(line(progress, Duration.ofNanos(now - startedNanos)));
  }

  static String line(RebuildProgress progress, Duration since) {
    double seconds = Math.max(0.001, since.toMillis() / 1_000.0);
    String left =
        progress.conversations() == 0
            ? ""
            : ", about "
                + inWords(
                    Duration.ofSeconds(
                        Math.round(
                            seconds
                                * (progress.total() - progress.conversations())
                                / progress.conversations())))
                + " left";
    return "%,d of %,d conversations, %,.0f events a second%s"
        .formatted(progress.conversations(), progress.total(), progress.events() / seconds, left);
  }

  private static String inWords(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds < 120) {
      return seconds + " s";
    }
    return seconds < 7_200 ? seconds / 60 + " min" : seconds / 3_600 + " h";
  }

  private void tell(RebuildReport report) {
    double seconds = Math.max(0.001, report.took().toMillis() / 1_000.0);
    say.accept(
        "Rebuilt %,d conversations with %,d messages from %,d events in %.1f s (%,.0f a second)"
            .formatted(
                report.conversations(),
                report.messages(),
                report.events(),
                seconds,
                report.events() / seconds));
    say.accept(mended(report.mended()));
    if (!report.unfoldable().isEmpty()) {
      throw new RebuildRefusedException(
          "All is done but for %d conversations whose log this build can't fold. They are as they"
                  .formatted(report.unfoldable().size())
              + " were:\n  - "
              + String.join("\n  - ", report.unfoldable()));
    }
  }

  static String mended(Mended mended) {
    if (mended.isNothing()) {
      return "Nothing differed: the read side was what the journal says.";
    }
    List<String> parts = new ArrayList<>();
    part(parts, mended.summaries(), "summaries");
    part(parts, mended.messages(), "messages");
    part(parts, mended.edits(), "notes of edits");
    part(parts, mended.reactions(), "reactions");
    part(parts, mended.erasures(), "erasures that were due");
    part(parts, mended.orphans(), "conversations without a log");
    return parts.stream()
        .collect(
            Collectors.joining(
                ", ",
                "Differed, and are mended: ",
                ". That isn't wear: somebody wrote to these tables, the database was damaged, or"
                    + " Parley has a fault. Keep these lines, and report it."));
  }

  private static void part(List<String> parts, long count, String what) {
    if (count > 0) {
      parts.add("%,d %s".formatted(count, what));
    }
  }
}
