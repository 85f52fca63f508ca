package io.parley.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What is checked of a database before anything is written to it. Whatever would lose messages, or
 * would only show weeks later, refuses the start, with all faults at once.
 */
public final class Preflight {

  /**
   * The oldest that its makers still mend (14 ended in November 2026), and the oldest whose catalog
   * tells where a database's locale comes from. The journal itself needs 13.
   */
  static final int OLDEST_MAJOR = 15;

  private static final int MAJOR = 10_000;

  private Preflight() {}

  /**
   * Looks at the database, and at whether it is the one that its rows were written on.
   *
   * @param connectionsNeeded what the pools of this node will open
   * @param progress told when it takes time
   * @return what isn't wrong enough to refuse, a sentence each
   * @throws DatabaseRefusedException when it can't be reached, or won't do
   */
  public static List<String> check(
      DatabaseAddress address, int connectionsNeeded, Consumer<String> progress) {
    return check(address, connectionsNeeded, progress, true);
  }

  /** The same for a database that is known to have been restored. */
  static List<String> checkRestored(DatabaseAddress address, Consumer<String> progress) {
    return check(address, 1, progress, false);
  }

  private static List<String> check(
      DatabaseAddress address,
      int connectionsNeeded,
      Consumer<String> progress,
      boolean sameServer) {
    try (Connection connection = StartConnection.open(address, progress)) {
      int version = DatabaseFacts.version(connection);
      if (version < OLDEST_MAJOR * MAJOR) {
        throw DatabaseRefusedException.of(address, List.of(tooOld(version)));
      }
      DatabaseFacts facts = DatabaseFacts.read(connection);
      List<String> faults = faults(facts, address, connectionsNeeded);
      if (!faults.isEmpty()) {
        throw DatabaseRefusedException.of(address, faults);
      }
      if (sameServer) {
        Optional<DatabaseLife> life = DatabaseLife.read(connection);
        if (life.isPresent() && !life.get().onItsServer()) {
          throw DatabaseRefusedException.of(address, List.of(RESTORED));
        }
      }
      return warnings(facts);
    } catch (SQLException e) {
      throw new DatabaseRefusedException(
          "Can't look at the database " + address + ": " + e.getMessage(), e);
    }
  }

  private static final String RESTORED =
      "it was restored from a backup onto another PostgreSQL server. Run ./parley restored once:"
          + " it tells all clients to fetch anew, and has the inbox and the search rebuilt."
          + " Starting without it would give out sequence numbers a second time.";

  static String tooOld(int version) {
    return "its PostgreSQL is "
        + version / MAJOR
        + ". Parley needs "
        + OLDEST_MAJOR
        + " or later: upgrade it.";
  }

  static List<String> faults(DatabaseFacts facts, DatabaseAddress address, int connectionsNeeded) {
    List<String> faults = new ArrayList<>();
    durability("fsync", facts.durability().fsync(), faults);
    durability("synchronous_commit", facts.durability().synchronousCommit(), faults);
    durability("full_page_writes", facts.durability().fullPageWrites(), faults);
    if (!facts.text().encoding().equals("UTF8")) {
      faults.add(
          "its encoding is "
              + facts.text().encoding()
              + ", and messages are in every script. Create it anew: "
              + createDatabase(address));
    }
    prepared(facts.prepared(), faults);
    if (!facts.writable()) {
      faults.add(
          "it is read-only (a standby, or default_transaction_read_only). Name the primary in"
              + " PARLEY_DATABASE_URL.");
    } else if (!facts.mayCreateTables()) {
      faults.add(
          "user "
              + address.user()
              + " may not create tables in it. Give it away: ALTER DATABASE "
              + address.name()
              + " OWNER TO "
              + address.user()
              + ";");
    }
    if (facts.connections() < connectionsNeeded) {
      faults.add(
          "it has "
              + Math.max(0, facts.connections())
              + " connections left, and this node needs "
              + connectionsNeeded
              + ". Raise max_connections, or lower parley.database.pool-size.");
    }
    return List.copyOf(faults);
  }

  private static void durability(String setting, String value, List<String> faults) {
    if (value.equals("off")) {
      faults.add(
          setting
              + " is off, so a power loss would take messages that were accepted. Set it to on"
              + " (postgresql.conf, ALTER SYSTEM, or ALTER ROLE and ALTER DATABASE).");
    }
  }

  /** They are open transactions that no time-out ends, and hold up the feed of all databases. */
  private static void prepared(DatabaseFacts.Prepared prepared, List<String> faults) {
    if (prepared.present() > 0) {
      faults.add(
          "its server holds "
              + prepared.present()
              + " prepared transactions, which keep every later message from the inbox and the"
              + " search. End them (pg_prepared_xacts lists them).");
    }
    if (prepared.allowed() > 0) {
      faults.add(
          "its server allows prepared transactions: one that is forgotten keeps every later"
              + " message from the inbox and the search. Set max_prepared_transactions to 0.");
    }
  }

  /** A locale of the system's may sort otherwise after an upgrade of the system. */
  static List<String> warnings(DatabaseFacts facts) {
    String characterType = facts.text().characterType();
    boolean ofBytes =
        characterType.equals("C")
            || characterType.equals("POSIX")
            || characterType.startsWith("C.");
    if (facts.text().provider() == 'c' && !ofBytes) {
      return List.of(
          "The database takes its sort order from the operating system ("
              + characterType
              + "): after an upgrade of the system, run REINDEX DATABASE. C.UTF-8 wouldn't need it.");
    }
    return List.of();
  }

  static String createDatabase(DatabaseAddress address) {
    return "CREATE DATABASE "
        + address.name()
        + " OWNER "
        + address.user()
        + " ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0;";
  }
}
