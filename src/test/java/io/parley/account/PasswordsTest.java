package io.parley.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.model.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PasswordsTest {
  private static final Argon2 CHEAP = new Argon2(256, 1, 1);
  private static final Argon2 DEAR = new Argon2(65_536, 4, 1);

  @Test
  void aFullQueueAnswersOverloadedAtOnceAndLaterOnesGoThrough() {
    try (Passwords passwords = Passwords.open(DEAR, 1, 1)) {
      List<CompletableFuture<String>> hashes = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        hashes.add(passwords.hash("correct horse battery").toCompletableFuture());
      }

      assertThat(hashes.stream().filter(CompletableFuture::isCompletedExceptionally)).hasSize(8);
      assertThatThrownBy(hashes.get(9)::join)
          .isInstanceOf(CompletionException.class)
          .cause()
          .isInstanceOfSatisfying(
              Refused.class,
              refused -> {
                assertThat(refused.code()).isEqualTo(ErrorCode.OVERLOADED);
                assertThat(refused.retryAfterMillis()).isPresent();
              });
      assertThat(hashes.get(1).join()).startsWith("$argon2id$");
      assertThat(passwords.hash("correct horse battery").toCompletableFuture())
          .succeedsWithin(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void somebodyWhoIsNotThereCostsOneComparisonLikeAnybody() {
    try (Passwords passwords = Passwords.open(CHEAP, 1, 8)) {
      String stored = passwords.hash("correct horse battery").toCompletableFuture().join();

      assertThat(matches(passwords, "correct horse battery", Optional.of(stored))).isTrue();
      assertThat(matches(passwords, "wrong horse battery", Optional.of(stored))).isFalse();
      assertThat(matches(passwords, "", Optional.empty())).isFalse();
      for (String guess : new String[] {"", "!", "correct horse battery"}) {
        assertThat(matches(passwords, guess, Optional.of(Passwords.NO_PASSWORD))).isFalse();
      }
      assertThat(passwords.comparisons()).isEqualTo(6);
    }
  }

  @Test
  void theSamePasswordTwiceHasTwoHashes() {
    try (Passwords passwords = Passwords.open(CHEAP, 1, 8)) {
      assertThat(passwords.hash("correct horse").toCompletableFuture().join())
          .isNotEqualTo(passwords.hash("correct horse").toCompletableFuture().join());
    }
  }

  private static boolean matches(Passwords passwords, String password, Optional<String> stored) {
    return passwords.matches(password, stored).toCompletableFuture().join();
  }
}
