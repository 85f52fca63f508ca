package io.parley.journal;

import static java.util.Objects.requireNonNull;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.parley.database.Database;
import io.parley.database.DatabaseAddress;
import io.parley.database.DatabaseSettings;
import io.parley.testing.CpuTime;
import io.parley.testing.TestPostgres;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.apache.pekko.actor.ActorSystem;
import scala.concurrent.Await;

/**
 * Events per second and processor time per event: this journal, pekko-persistence-jdbc, and the
 * bare multi-row insert that neither can beat, in one run on one PostgreSQL. Not a test: it asserts
 * nothing, and its figures are those of the machine.
 *
 * <pre>
 *   ./mvnw -q test-compile
 *   ./mvnw -q dependency:build-classpath -Dmdep.outputFile=target/test-classpath
 *   java -Xmx2g -cp target/test-classes:target/classes:$(cat target/test-classpath) \
 *     io.parley.journal.JournalBenchmark [seconds per figure, default 5] [only]
 * </pre>
 *
 * Every persistence id has one event of {@value #PAYLOAD_BYTES} bytes under way at a time, as an
 * entity has. The bare insert has the same number of rows under way, in two statements; it checks
 * no conflict, keeps no timestamp rising, and passes through no actor.
 */
public final class JournalBenchmark {

  static final int PAYLOAD_BYTES = 200;
  private static final int[] CONCURRENT_IDS = {1, 10, 100, 1_000};

  private final Duration duration;

  private JournalBenchmark(Duration duration) {
    this.duration = duration;
  }

  /** Something that writes events until it is stopped. */
  interface Load extends AutoCloseable {
    LongAdder stored();

    @Override
    void close();
  }

  public static void main(String[] arguments) throws Exception {
    int seconds = arguments.length == 0 ? 5 : Integer.parseInt(arguments[0]);
    JournalBenchmark benchmark = new JournalBenchmark(Duration.ofSeconds(seconds));
    System.out.printf(
        "%-24s %6s %10s %14s %14s %10s%n",
        "", "ids", "events/s", "us JVM/event", "us PG/event", "us both");
    String only = arguments.length < 2 ? "" : arguments[1];
    if ("this journal".startsWith(only)) {
      benchmark.journal("this journal", ours());
    }
    if ("bare multi-row insert".startsWith(only)) {
      benchmark.bareInsert("bare multi-row insert");
    }
    if ("pekko-persistence-jdbc".startsWith(only)) {
      benchmark.journal("pekko-persistence-jdbc", jdbc());
    }
    System.exit(0);
  }

  private void journal(String name, Config config) throws Exception {
    ActorSystem system = ActorSystem.create("benchmark", config);
    warmUp(JournalLoad.start(system, 50, payload()));
    for (int ids : CONCURRENT_IDS) {
      measure(name, ids, JournalLoad.start(system, ids, payload()));
    }
    var terminated = Await.ready(system.terminate(), scala.concurrent.duration.Duration.Inf());
    requireNonNull(terminated);
  }

  private void bareInsert(String name) throws Exception {
    DatabaseAddress address = DatabaseAddress.parse(TestPostgres.freshDatabase());
    Database database =
        Database.open(
            new DatabaseSettings(
                address,
                2,
                Duration.ofSeconds(3),
                Duration.ofSeconds(4),
                Duration.ofSeconds(5),
                "bare"));
    warmUp(BareInsertLoad.start(database, 50, payload()));
    for (int ids : CONCURRENT_IDS) {
      measure(name, ids, BareInsertLoad.start(database, ids, payload()));
    }
    database.close().toCompletableFuture().join();
  }

  /** The compiler's work belongs to no figure. */
  private void warmUp(Load load) throws InterruptedException {
    try (load) {
      TimeUnit.NANOSECONDS.sleep(duration.toNanos());
    }
  }

  private void measure(String name, int ids, Load load) throws InterruptedException {
    try (load) {
      TimeUnit.NANOSECONDS.sleep(duration.dividedBy(2).toNanos());
      long storedBefore = load.stored().sum();
      CpuTime cpuBefore = CpuTime.now(TestPostgres.process());
      long before = System.nanoTime();
      TimeUnit.NANOSECONDS.sleep(duration.toNanos());
      double events = load.stored().sum() - storedBefore;
      CpuTime cpu = CpuTime.now(TestPostgres.process()).since(cpuBefore);
      double seconds = (System.nanoTime() - before) / 1e9;
      System.out.printf(
          "%-24s %6d %10.0f %14.1f %14.1f %10.1f%n",
          name,
          ids,
          events / seconds,
          cpu.jvmNanos() / events / 1_000,
          cpu.treeNanos() / events / 1_000,
          (cpu.jvmNanos() + cpu.treeNanos()) / events / 1_000);
    }
    // What is under way ends before the next figure, and before the system does.
    TimeUnit.SECONDS.sleep(1);
  }

  private static byte[] payload() {
    byte[] payload = new byte[PAYLOAD_BYTES];
    new Random(1).nextBytes(payload);
    return payload;
  }

  private static Config ours() {
    return JournalConfig.of(TestPostgres.freshDatabase(), "pekko.loglevel = WARNING");
  }

  private static Config jdbc() throws Exception {
    DatabaseAddress address = DatabaseAddress.parse(TestPostgres.freshDatabase());
    try (InputStream schema =
            requireNonNull(
                JournalBenchmark.class.getResourceAsStream(
                    "/schema/postgres/postgres-create-schema.sql"));
        var connection =
            DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
        var statement = connection.createStatement()) {
      statement.execute("DROP TABLE event_journal, snapshot");
      // One by one: CREATE INDEX CONCURRENTLY can't be part of several.
      String statements = new String(schema.readAllBytes(), StandardCharsets.UTF_8);
      for (String one : statements.strip().split(";", 0)) {
        statement.execute(one);
      }
    }
    return ConfigFactory.parseString(
            """
            pekko.loglevel = WARNING
            pekko.persistence.journal.plugin = jdbc-journal
            jdbc-journal.circuit-breaker.call-timeout = 60s
            jdbc-journal.slick {
              profile = "slick.jdbc.PostgresProfile$"
              db {
                driver = "org.postgresql.Driver"
                url = "%s"
                user = "%s"
                password = "%s"
              }
            }
            """
                .formatted(address.jdbcUrl(), address.user(), address.password()))
        .withFallback(ConfigFactory.load());
  }
}
