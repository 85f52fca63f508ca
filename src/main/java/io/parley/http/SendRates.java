package io.parley.http;

import io.parley.account.SignInId;
import io.parley.model.Limits;
import java.util.function.LongSupplier;

/** How fast a sign-in may send without a socket: as fast as a session with one. */
final class SendRates {
  private final Rates<SignInId> rates;

  SendRates(Limits limits, LongSupplier nanos) {
    this.rates =
        new Rates<>(
            limits.rateLimits(), limits.rates().messagesPerSecond(), limits.rates().burst(), nanos);
  }

  /** 0 when it may send now, else in how many milliseconds it may. */
  long waitMillis(SignInId signIn) {
    return rates.waitMillis(signIn);
  }
}
