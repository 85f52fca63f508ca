package io.parley.database;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PreflightTest {

  private static final DatabaseAddress ADDRESS =
      DatabaseAddress.parse("postgresql://ada:canary@db.example/chat");

  @Test
  void aGoodDatabaseHasNoFault() {
    assertThat(Preflight.faults(facts(good()), ADDRESS, 10)).isEmpty();
    assertThat(Preflight.warnings(facts(good()))).isEmpty();
  }

  @Test
  void aVersionThatIsTooOldIsNamed() {
    assertThat(Preflight.tooOld(140_011)).contains("is 14", "needs 15");
  }

  @Test
  void everyFaultIsToldAtOnce() {
    DatabaseFacts bad =
        new DatabaseFacts(
            180_000,
            new DatabaseFacts.Text("LATIN1", 'c', "C"),
            new DatabaseFacts.Durability("off", "off", "off"),
            new DatabaseFacts.Prepared(5, 1),
            false,
            false,
            2);
    assertThat(Preflight.faults(bad, ADDRESS, 10))
        .hasSize(8)
        .allSatisfy(fault -> assertThat(fault).doesNotContain("canary"));
  }

  @Test
  void aLocaleOfTheSystemIsWarnedOf() {
    assertThat(Preflight.warnings(facts(new DatabaseFacts.Text("UTF8", 'c', "en_US.utf8"))))
        .singleElement()
        .asString()
        .contains("REINDEX");
  }

  @Test
  void aLocaleOfBytesIsFineBecauseNothingAsksPostgresqlWhatALetterIs() {
    for (String locale : new String[] {"C", "POSIX", "C.UTF-8"}) {
      DatabaseFacts facts = facts(new DatabaseFacts.Text("UTF8", 'c', locale));
      assertThat(Preflight.faults(facts, ADDRESS, 1)).isEmpty();
      assertThat(Preflight.warnings(facts)).isEmpty();
    }
  }

  @Test
  void weakerFormsOfSynchronousCommitThatFlushHereAreNoFault() {
    DatabaseFacts local =
        new DatabaseFacts(
            180_000,
            good(),
            new DatabaseFacts.Durability("on", "local", "on"),
            new DatabaseFacts.Prepared(0, 0),
            true,
            true,
            90);
    assertThat(Preflight.faults(local, ADDRESS, 10)).isEmpty();
  }

  private static DatabaseFacts.Text good() {
    return new DatabaseFacts.Text("UTF8", 'b', "C.UTF-8");
  }

  private static DatabaseFacts facts(DatabaseFacts.Text text) {
    return new DatabaseFacts(
        180_000,
        text,
        new DatabaseFacts.Durability("on", "on", "on"),
        new DatabaseFacts.Prepared(0, 0),
        true,
        true,
        90);
  }
}
