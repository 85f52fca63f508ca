package io.parley.account;

import static io.parley.account.Town.ADDRESS;
import static io.parley.account.Town.PASSWORD;
import static io.parley.account.Town.join;
import static io.parley.account.Town.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.model.ErrorCode;
import io.parley.model.Person;
import io.parley.model.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

@TestInstance(Lifecycle.PER_CLASS)
class AccountsIT {
  private static final AccountSettings UNLIMITED =
      new AccountSettings(true, false, Duration.ofDays(30), Duration.ofDays(180), 50);

  private Town town = Town.open(UNLIMITED);

  @BeforeAll
  void people() {
    town.signUp("Ada");
    join(
        town.registry
            .accounts()
            .signUp("Grace", PASSWORD, Optional.of("  Admiral Hopper "), ADDRESS));
  }

  @AfterAll
  void close() {
    town.close();
  }

  @Test
  void theNameIsShownAsTypedAndTakenInEverySpelling() {
    assertThat(join(town.registry.people().byUsername("ＡＤＡ")).map(Person::username))
        .contains("Ada");
    for (String spelling : List.of("Ada", "ada", "ADA", "Ａｄａ")) {
      Refused refused =
          refusal(town.registry.accounts().signUp(spelling, PASSWORD, Optional.empty(), ADDRESS));
      assertThat(refused.code()).isEqualTo(ErrorCode.TAKEN);
      assertThat(refused.field()).contains("username");
    }
  }

  @Test
  void ofManyWhoTakeOneNameAtOnceOneGetsIt() {
    List<CompletableFuture<Boolean>> attempts = new ArrayList<>();
    for (String spelling : List.of("Straße", "STRASSE", "strasse", "straSSe", "Strasse")) {
      attempts.add(
          town.registry
              .accounts()
              .signUp(spelling, PASSWORD, Optional.empty(), ADDRESS)
              .handle((person, failure) -> failure == null)
              .toCompletableFuture());
    }

    assertThat(attempts.stream().filter(attempt -> join(attempt))).hasSize(1);
  }

  @Test
  void theFieldAtFaultIsNamedAndNothingIsStored() {
    assertThat(field("a b", PASSWORD, "A")).contains("username");
    assertThat(field("alan", "short", "A")).contains("password");
    assertThat(field("alan", "password1234", "A")).contains("password");
    assertThat(field("alan", PASSWORD, "\u200b")).contains("displayName");
    assertThat(join(town.registry.people().byUsername("alan"))).isEmpty();
  }

  @Test
  void nobodySignsUpWhereThatIsOff() {
    Registry closed =
        town.node(new AccountSettings(false, false, Duration.ofDays(1), Duration.ofDays(2), 5));

    assertThat(
            refusal(closed.accounts().signUp("kurt", PASSWORD, Optional.empty(), ADDRESS)).code())
        .isEqualTo(ErrorCode.FORBIDDEN);
  }

  @Test
  void peopleAreFoundByTheBeginningOfEitherName() {
    for (int i = 0; i < 25; i++) {
      town.signUp("prefix" + (char) ('a' + i));
    }

    assertThat(found("aD")).containsExactly("Ada", "Grace");
    assertThat(found("admiral h")).containsExactly("Grace");
    assertThat(found("GRACE")).containsExactly("Grace");
    assertThat(found("a")).isEmpty();
    assertThat(found("%%")).isEmpty();
    assertThat(found("a_a")).isEmpty();
    assertThat(found("ad\u0000")).isEmpty();
    assertThat(found("prefix")).hasSize(20).startsWith("prefixa", "prefixb").isSorted();
  }

  @Test
  void findingPeopleReadsRangesOfIndexesAndNeverTheTable() {
    List<String> plan =
        join(
            town.database.inTransaction(
                statements ->
                    statements
                        .update("SET LOCAL enable_seqscan = off", statement -> {})
                        .thenCompose(
                            set ->
                                statements.query(
                                    "EXPLAIN SELECT id FROM users WHERE display_key >= 'ad'"
                                        + " AND display_key < 'ad\u00ff'"
                                        + " ORDER BY display_key, username_key LIMIT 20",
                                    statement -> {},
                                    row -> String.valueOf(row.get(0, String.class))))));

    assertThat(String.join("\n", plan))
        .contains("users_display_idx")
        .contains("Index Cond")
        .doesNotContain("Sort");
  }

  @Test
  void aNewDisplayedNameIsSeenAtOnceHereAndAfterAMomentElsewhere() {
    Person person = town.signUp("renata");
    Registry elsewhere = town.node(UNLIMITED);
    join(elsewhere.people().byId(person.id()));
    join(town.registry.people().byId(person.id()));

    Person renamed = join(town.registry.accounts().rename(person.id(), "Renata Renamed"));

    assertThat(renamed.displayName()).isEqualTo("Renata Renamed");
    assertThat(join(town.registry.people().byId(person.id()))).contains(renamed);
    town.clock.move(Duration.ofSeconds(6));
    assertThat(join(elsewhere.people().byId(person.id()))).contains(renamed);
    assertThat(found("renata ren")).containsExactly("renata");
  }

  @Test
  void ofManyIdsThoseThatExistAreFound() {
    Person ada = join(town.registry.people().byUsername("ada")).orElseThrow();

    assertThat(
            join(town.registry.people().byIds(List.of(ada.id(), UserId.NOBODY, UserId.random()))))
        .containsOnlyKeys(ada.id());
  }

  @Test
  void whenSomebodyWasLastSeenOnlyRisesAndIsToldToTheMinute() {
    Person person = town.signUp("seen");
    assertThat(join(town.registry.accounts().lastSeen(person.id()))).isEmpty();

    Instant at = Instant.parse("2026-03-01T10:20:30Z");
    join(town.registry.accounts().seen(person.id(), at));
    join(town.registry.accounts().seen(person.id(), at.minusSeconds(3_600)));

    assertThat(join(town.registry.accounts().lastSeen(person.id())))
        .contains(Instant.parse("2026-03-01T10:20:00Z"));
  }

  @Test
  void anOutboxIsMintedOnceWhateverTheNode() {
    Person person = town.signUp("minter");
    Outboxes other = town.node(UNLIMITED).outboxes();
    List<CompletableFuture<Long>> minted = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      minted.add(
          (i % 2 == 0 ? town.registry.outboxes() : other).mint(person.id()).toCompletableFuture());
    }

    assertThat(minted.stream().map(Town::join)).doesNotHaveDuplicates().contains(1L, 20L);
    assertThat(join(other.highestMinted(person.id()))).isEqualTo(20);
    assertThat(join(other.highestMinted(UserId.random()))).isZero();
  }

  private Optional<String> field(String username, String password, String displayName) {
    Refused refused =
        refusal(
            town.registry.accounts().signUp(username, password, Optional.of(displayName), ADDRESS));
    assertThat(refused.code()).isEqualTo(ErrorCode.INVALID);
    return refused.field();
  }

  private List<String> found(String prefix) {
    return join(town.registry.people().byPrefix(prefix)).stream().map(Person::username).toList();
  }
}
