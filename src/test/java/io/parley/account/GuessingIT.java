package io.parley.account;

import static io.parley.account.Town.ADDRESS;
import static io.parley.account.Town.PASSWORD;
import static io.parley.account.Town.join;
import static io.parley.account.Town.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.model.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GuessingIT {
  private final Town town = Town.open();
  private final Registry other = town.node(AccountSettings.DEFAULT);

  @BeforeEach
  void people() {
    town.signUp("ada");
  }

  @AfterEach
  void close() {
    town.close();
  }

  @Test
  void fiveFailuresAreFreeThenTheDelayGrowsAcrossNodesAndIsNeverALockOut() {
    for (int i = 0; i < 5; i++) {
      assertThat(guess(i % 2 == 0 ? town.registry : other, "ada"))
          .isEqualTo(ErrorCode.UNAUTHENTICATED);
    }
    for (int seconds : List.of(1, 2, 4, 8, 16, 32, 60, 60)) {
      assertThat(guess(town.registry, "ada")).isEqualTo(ErrorCode.UNAUTHENTICATED);
      Refused delayed = refusal(other.signIns().signIn("ada", PASSWORD, Optional.empty(), ADDRESS));
      assertThat(delayed.code()).isEqualTo(ErrorCode.RATE_LIMITED);
      assertThat(delayed.retryAfterMillis()).hasValue(seconds * 1_000L);
      town.clock.move(Duration.ofSeconds(seconds));
    }

    assertThat(town.signIn("ada")).isNotNull();
    assertThat(guess(other, "ada")).isEqualTo(ErrorCode.UNAUTHENTICATED);
    assertThat(town.signIn("ada")).isNotNull();
  }

  @Test
  void aNameThatNobodyHasIsDelayedLikeAnyOther() {
    List<ErrorCode> known = new ArrayList<>();
    List<ErrorCode> unknown = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      known.add(guess(town.registry, "ada"));
      unknown.add(guess(town.registry, "nobody"));
    }

    assertThat(unknown).isEqualTo(known).contains(ErrorCode.RATE_LIMITED);
  }

  @Test
  void aHundredGuessesAtTheSameMomentAreCountedOneByOne() {
    List<CompletableFuture<ErrorCode>> guesses = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      guesses.add(guessing(i % 2 == 0 ? town.registry : other, "ada", "192.0.2." + i));
    }

    assertThat(guesses.stream().map(Town::join).filter(ErrorCode.UNAUTHENTICATED::equals))
        .hasSize(6);
  }

  @Test
  void onePasswordTriedOnManyPeopleIsSlowedByAddressAndOthersAreNot() {
    for (int i = 0; i < 51; i++) {
      assertThat(guess(town.registry, "nobody" + i)).isEqualTo(ErrorCode.UNAUTHENTICATED);
    }

    assertThat(guess(other, "somebody")).isEqualTo(ErrorCode.RATE_LIMITED);
    assertThat(join(guessing(other, "somebody", "198.51.100.7")))
        .isEqualTo(ErrorCode.UNAUTHENTICATED);
  }

  @Test
  void allAddressesOfOneSubscriberCountAsOne() {
    for (int i = 0; i < 51; i++) {
      join(guessing(town.registry, "nobody" + i, "2001:db8:0:7:0:0:0:" + i));
    }

    assertThat(join(guessing(other, "somebody", "2001:db8:0:7:f:0:0:1")))
        .isEqualTo(ErrorCode.RATE_LIMITED);
    assertThat(join(guessing(other, "somebody", "2001:db8:0:8:f:0:0:1")))
        .isEqualTo(ErrorCode.UNAUTHENTICATED);
  }

  @Test
  void signingInOftenIsNotGuessing() {
    for (int i = 0; i < 60; i++) {
      assertThat(town.signIn("ada")).isNotNull();
    }
  }

  @Test
  void aClockThatWasAnHourAheadLocksNobodyOut() {
    town.clock.move(Duration.ofHours(1));
    for (int i = 0; i < 6; i++) {
      guess(town.registry, "ada");
    }
    town.clock.move(Duration.ofHours(-1));

    assertThat(town.signIn("ada")).isNotNull();
  }

  @Test
  void whatIsFreeIsNotDelayedByAClockThatIsALittleBehind() {
    town.clock.move(Duration.ofMillis(10));
    guess(town.registry, "ada");
    town.clock.move(Duration.ofMillis(-10));

    assertThat(guess(other, "ada")).isEqualTo(ErrorCode.UNAUTHENTICATED);
  }

  @Test
  void aFullQueueCountsAgainstNobody() {
    try (Town busy = Town.open(Passwords.open(new Argon2(65_536, 3, 1), 1, 1))) {
      busy.signUp("ada");
      List<CompletableFuture<ErrorCode>> guesses = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        guesses.add(guessing(busy.registry, "name" + i, ADDRESS));
      }
      assertThat(guesses.stream().map(Town::join)).contains(ErrorCode.OVERLOADED);

      assertThat(busy.texts("SELECT attempts::TEXT FROM attempts WHERE kind = 'password-address'"))
          .containsExactly(
              String.valueOf(
                  guesses.stream()
                      .map(Town::join)
                      .filter(ErrorCode.UNAUTHENTICATED::equals)
                      .count()));
    }
  }

  @Test
  void signingUpIsLimitedByAddress() {
    for (int i = 1; i < 21; i++) {
      town.signUp("person" + i);
    }

    assertThat(
            refusal(other.accounts().signUp("onemore", PASSWORD, Optional.empty(), ADDRESS)).code())
        .isEqualTo(ErrorCode.RATE_LIMITED);
  }

  @Test
  void withLimitsOffNothingIsCounted() {
    Registry unlimited =
        town.node(new AccountSettings(true, false, Duration.ofDays(1), Duration.ofDays(1), 5));
    for (int i = 0; i < 20; i++) {
      assertThat(guess(unlimited, "ada")).isEqualTo(ErrorCode.UNAUTHENTICATED);
    }
    assertThat(town.texts("SELECT kind FROM attempts")).containsOnly("sign-up");
  }

  @Test
  void countersThatNobodyRemembersAreSwept() {
    guess(town.registry, "ada");
    town.clock.move(Duration.ofHours(25));

    assertThat(join(town.registry.sweep().run(2))).isEqualTo(2);
    assertThat(join(town.registry.sweep().run(100))).isEqualTo(1);
    assertThat(town.texts("SELECT kind FROM attempts")).isEmpty();
  }

  private static ErrorCode guess(Registry node, String username) {
    return join(guessing(node, username, ADDRESS));
  }

  private static CompletableFuture<ErrorCode> guessing(
      Registry node, String username, String address) {
    return node.signIns()
        .signIn(username, "wrong horse battery", Optional.empty(), address)
        .handle(
            (granted, failure) ->
                failure != null && failure.getCause() instanceof Refused refused
                    ? refused.code()
                    : ErrorCode.UNAVAILABLE)
        .toCompletableFuture();
  }
}
