package io.parley.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.account.SignInId;
import io.parley.model.Limits;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SendRatesTest {
  private final AtomicLong nanos = new AtomicLong();
  private final SignInId ada = SignInId.parse("i_ada");

  @Test
  void afterTheBurstASignInSendsAsFastAsASessionAndOthersDontWait() {
    SendRates rates = new SendRates(Limits.DEFAULT, nanos::get);
    for (int i = 0; i < Limits.DEFAULT.rates().burst(); i++) {
      assertThat(rates.waitMillis(ada)).isZero();
    }

    assertThat(rates.waitMillis(ada)).isBetween(100L, 101L);
    assertThat(rates.waitMillis(SignInId.parse("i_bob"))).isZero();
    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
    assertThat(rates.waitMillis(ada)).isZero();
    assertThat(rates.waitMillis(ada)).isPositive();
  }

  @Test
  void withLimitsOffNobodyWaits() {
    Limits off =
        new Limits(
            Limits.DEFAULT.frames(),
            Limits.DEFAULT.text(),
            Limits.DEFAULT.reads(),
            Limits.DEFAULT.rates(),
            false);
    SendRates rates = new SendRates(off, nanos::get);
    for (int i = 0; i < 1_000; i++) {
      assertThat(rates.waitMillis(ada)).isZero();
    }
  }
}
