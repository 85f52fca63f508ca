package io.parley.account;

import static io.parley.account.Town.ADDRESS;
import static io.parley.account.Town.PASSWORD;
import static io.parley.account.Town.join;
import static io.parley.account.Town.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.model.ErrorCode;
import io.parley.model.Person;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SignInsIT {
  private final Town town =
      Town.open(new AccountSettings(true, false, Duration.ofDays(30), Duration.ofDays(180), 3));
  private final SignIns signIns = town.registry.signIns();

  @BeforeEach
  void people() {
    town.signUp("ada");
    town.signUp("bob");
  }

  @AfterEach
  void close() {
    town.close();
  }

  @Test
  void aTokenLetsItsOwnerInAndIsStoredNowhere() {
    SignIns.Granted granted =
        join(signIns.signIn("ADA", PASSWORD, Optional.of(" laptop "), ADDRESS));

    assertThat(granted.token().value()).matches("[A-Za-z0-9_-]{43}");
    SignedIn in = join(signIns.authenticate(granted.token())).orElseThrow();
    assertThat(in).isEqualTo(granted.signedIn());
    assertThat(in.user().username()).isEqualTo("ada");
    assertThat(in.signIn().device()).contains("laptop");
    assertThat(in.signIn().address()).contains(ADDRESS);
    assertThat(String.join(" ", town.texts("SELECT s::TEXT FROM sign_ins s")))
        .doesNotContain(granted.token().value());
    assertThat(granted).asString().doesNotContain(granted.token().value());
    assertThat(town.signIn("ada").token()).isNotEqualTo(granted.token());
  }

  @Test
  void aTokenThatWasNeverMintedLetsNobodyIn() {
    for (String token : List.of("", " ", "x", "\u0000", "\ud800", "A".repeat(43), "'; --")) {
      assertThat(town.whose(new Token(token))).isEmpty();
    }
  }

  @Test
  void anUnknownNameAndAWrongPasswordTakeTheSameWay() {
    long before = town.passwords.comparisons();

    Refused wrong = refusal(signIns.signIn("ada", "wrong horse battery", empty(), ADDRESS));
    assertThat(town.passwords.comparisons()).isEqualTo(before + 1);
    Refused unknown = refusal(signIns.signIn("nobody", PASSWORD, empty(), ADDRESS));
    assertThat(town.passwords.comparisons()).isEqualTo(before + 2);
    Refused impossible = refusal(signIns.signIn("\u0000", PASSWORD, empty(), ADDRESS));
    assertThat(town.passwords.comparisons()).isEqualTo(before + 3);

    assertThat(List.of(unknown, impossible))
        .allSatisfy(
            refused ->
                assertThat(refused)
                    .usingRecursiveComparison()
                    .ignoringFields("suppressedExceptions", "stackTrace")
                    .isEqualTo(wrong));
    assertThat(wrong.code()).isEqualTo(ErrorCode.UNAUTHENTICATED);
  }

  @Test
  void aTokenThatIsNotUsedEndsAndUseKeepsItAliveUntilItsLastDay() {
    Token token = town.signIn("ada").token();

    for (int week = 0; week < 25; week++) {
      town.clock.move(Duration.ofDays(7));
      assertThat(town.whose(token)).as("week %d", week).isPresent();
    }
    town.clock.move(Duration.ofDays(5));
    assertThat(town.whose(token)).isEmpty();

    Token idle = town.signIn("ada").token();
    town.clock.move(Duration.ofDays(30).minusSeconds(1));
    assertThat(join(signIns.list(town.signIn("bob").signedIn().user().id()))).hasSize(1);
    town.clock.move(Duration.ofSeconds(1));
    assertThat(town.whose(idle)).isEmpty();
    assertThat(join(town.registry.sweep().run(100))).isPositive();
    assertThat(town.texts("SELECT id FROM sign_ins")).hasSize(1);
  }

  @Test
  void useIsWrittenDownAtMostOnceAMinute() {
    SignIns.Granted granted = town.signIn("ada");
    town.clock.move(Duration.ofSeconds(59));
    town.whose(granted.token());
    assertThat(lastUsed(granted)).isEqualTo(granted.signedIn().signIn().createdAt());

    town.clock.move(Duration.ofSeconds(1));
    town.whose(granted.token());
    assertThat(lastUsed(granted)).isEqualTo(town.clock.instant());
  }

  @Test
  void aRevokedTokenIsRefusedOnEveryNodeAtOnceAndItsSocketsHear() {
    SignIns.Granted one = town.signIn("ada");
    SignIns.Granted other = town.signIn("ada");
    SignIns elsewhere = town.node(AccountSettings.DEFAULT).signIns();
    assertThat(join(elsewhere.authenticate(one.token()))).isPresent();
    Person ada = one.signedIn().user();

    assertThat(join(signIns.revoke(ada.id(), one.signedIn().signIn().id()))).isTrue();
    assertThat(join(signIns.revoke(ada.id(), one.signedIn().signIn().id()))).isFalse();

    assertThat(join(elsewhere.authenticate(one.token()))).isEmpty();
    assertThat(town.revoked)
        .as("once more for whoever tries again")
        .containsExactly(Town.Revoked.of(one), Town.Revoked.of(one));
    assertThat(
            join(
                elsewhere.ended(
                    List.of(one.signedIn().signIn().id(), other.signedIn().signIn().id()))))
        .containsExactly(one.signedIn().signIn().id());
  }

  @Test
  void whatHasExpiredOrNeverWasHasEndedAndNothingElse() {
    SignInId idle = town.signIn("ada").signedIn().signIn().id();
    SignInId never = SignInId.random();
    assertThat(join(signIns.ended(List.of(idle, never)))).containsExactly(never);
    assertThat(join(signIns.ended(List.of()))).isEmpty();

    town.clock.move(Duration.ofDays(30));
    SignInId fresh = town.signIn("ada").signedIn().signIn().id();
    assertThat(join(signIns.ended(List.of(idle, fresh)))).containsExactly(idle);
  }

  @Test
  void nobodyEndsAnotherPersonsSignIn() {
    SignIns.Granted ada = town.signIn("ada");
    SignIns.Granted bob = town.signIn("bob");

    assertThat(join(signIns.revoke(bob.signedIn().user().id(), ada.signedIn().signIn().id())))
        .isFalse();
    join(signIns.revokeOthers(bob.signedIn().user().id(), bob.signedIn().signIn().id()));

    assertThat(town.whose(ada.token())).isPresent();
    assertThat(town.revoked).allMatch(told -> told.user().equals(bob.signedIn().user().id()));
  }

  @Test
  void oneMoreThanTheMostEndsTheLeastUsed() {
    SignIns.Granted first = town.signIn("ada");
    town.clock.move(Duration.ofMinutes(2));
    SignIns.Granted second = town.signIn("ada");
    town.clock.move(Duration.ofMinutes(2));
    town.signIn("ada");
    town.clock.move(Duration.ofMinutes(2));
    town.whose(first.token());
    town.signIn("ada");

    assertThat(town.whose(second.token())).isEmpty();
    assertThat(town.whose(first.token())).isPresent();
    assertThat(town.revoked).containsExactly(Town.Revoked.of(second));
  }

  @Test
  void aNewPasswordEndsTheOtherSignInsAndTheOldPassword() {
    SignIns.Granted mine = town.signIn("ada");
    SignIns.Granted thief = town.signIn("ada");
    String fresh = "a much better battery";

    assertThat(
            join(
                town.registry.accounts().changePassword(mine.signedIn(), PASSWORD, fresh, ADDRESS)))
        .containsExactly(thief.signedIn().signIn().id());

    assertThat(town.whose(thief.token())).isEmpty();
    assertThat(town.whose(mine.token())).isPresent();
    assertThat(town.revoked).containsExactly(Town.Revoked.of(thief));
    assertThat(refusal(signIns.signIn("ada", PASSWORD, empty(), ADDRESS)).code())
        .isEqualTo(ErrorCode.UNAUTHENTICATED);
    assertThat(join(signIns.signIn("ada", fresh, empty(), ADDRESS))).isNotNull();
  }

  @Test
  void aPasswordIsChangedOnlyByWhoKnowsItAndNotIntoABadOne() {
    SignIns.Granted mine = town.signIn("ada");
    Accounts accounts = town.registry.accounts();

    Refused wrong =
        refusal(accounts.changePassword(mine.signedIn(), "wrong horse", PASSWORD, ADDRESS));
    assertThat(wrong.code()).isEqualTo(ErrorCode.FORBIDDEN);
    assertThat(wrong.field()).contains("current");
    Refused bad =
        refusal(accounts.changePassword(mine.signedIn(), PASSWORD, "password1234", ADDRESS));
    assertThat(bad.field()).contains("password");
    assertThat(town.signIn("ada")).isNotNull();
  }

  @Test
  void aSignInWithTheOldPasswordThatRacesAChangeDoesNotOutliveIt() {
    for (int round = 0; round < 20; round++) {
      String username = "racer" + round;
      town.signUp(username);
      SignIns.Granted mine = town.signIn(username);
      CompletableFuture<Optional<Token>> racing =
          signIns
              .signIn(username, PASSWORD, empty(), ADDRESS)
              .<Optional<Token>>handle(
                  (granted, failure) ->
                      failure == null ? Optional.of(granted.token()) : Optional.empty())
              .toCompletableFuture();
      join(
          town.registry
              .accounts()
              .changePassword(mine.signedIn(), PASSWORD, "a much better battery", ADDRESS));

      Optional<Token> old = join(racing);
      assertThat(old.flatMap(town::whose)).as("round %d", round).isEmpty();
    }
  }

  private Instant lastUsed(SignIns.Granted granted) {
    return join(signIns.list(granted.signedIn().user().id())).get(0).lastUsedAt();
  }

  private static Optional<String> empty() {
    return Optional.empty();
  }
}
