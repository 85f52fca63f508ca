package io.parley.bench;

import io.parley.database.DatabaseAddress;
import java.util.Arrays;
import java.util.List;

/** Two ways to have an ejabberd. What isn't said here is the same in both. */
enum EjabberdSetup {
  /**
   * As whoever installs Debian's package has it, with people who have each other in their rosters
   * and see each other come. Its VM is started as {@code ejabberdctl} of the package does, which
   * says the numbers of ports and tables by variables instead.
   */
  SHIPPED(
      Scenario.EJABBERD, true, "+K true +P 250000 +Q 32000 +e 1400 -env ERL_CRASH_DUMP_BYTES 0") {
    @Override
    String configuration(EjabberdPackage installed, int port, DatabaseAddress database) {
      return EjabberdConfiguration.shipped(installed.example(), port, database);
    }
  },

  /**
   * What a message needs and nothing else, for people whom nothing but their conversation joins.
   * Its VM has room for more sockets, and schedulers that sleep when they have nothing to do: they
   * share the cores with PostgreSQL and the bench.
   */
  STRIPPED(
      Scenario.EJABBERD_BARE,
      false,
      "+K true +P 250000 +Q 65536 +sbwt none +sbwtdcpu none +sbwtdio none") {
    @Override
    String configuration(EjabberdPackage installed, int port, DatabaseAddress database) {
      return EjabberdConfiguration.stripped(port, database);
    }
  };

  private final Scenario scenario;
  private final boolean isSociable;
  private final String flags;

  EjabberdSetup(Scenario scenario, boolean isSociable, String flags) {
    this.scenario = scenario;
    this.isSociable = isSociable;
    this.flags = flags;
  }

  /** Those that were asked for, in this order. */
  static List<EjabberdSetup> among(List<Scenario> scenarios) {
    return Arrays.stream(values()).filter(one -> scenarios.contains(one.scenario)).toList();
  }

  Scenario scenario() {
    return scenario;
  }

  /** Its database in PostgreSQL. */
  String database() {
    return scenario.word().replace('-', '_');
  }

  /** Whether the two of a pair are in each other's roster, and are told that the other is there. */
  boolean isSociable() {
    return isSociable;
  }

  /** Of the Erlang VM. */
  List<String> flags() {
    return List.of(flags.split(" ", -1));
  }

  /** Its {@code ejabberd.yml}. */
  abstract String configuration(EjabberdPackage installed, int port, DatabaseAddress database);
}
