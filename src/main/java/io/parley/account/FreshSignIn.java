package io.parley.account;

import io.r2dbc.spi.Statement;
import java.time.Instant;
import java.util.Optional;

/**
 * A sign-in about to be stored.
 *
 * @param endsAt however much it is used
 */
record FreshSignIn(Token token, SignIn signIn, Instant endsAt) {
  static FreshSignIn at(
      Instant now, AccountSettings settings, Optional<String> device, String address) {
    SignIn signIn =
        new SignIn(
            SignInId.random(),
            device,
            Optional.of(address),
            now,
            now,
            now.plus(settings.idleExpiry()));
    return new FreshSignIn(Token.random(), signIn, now.plus(settings.absoluteExpiry()));
  }

  /**
   * Binds {@code $1} id, {@code $2} the token's hash, {@code $3} device, {@code $4} address, {@code
   * $5} now, {@code $6} when it ends unused, {@code $7} when it ends.
   */
  void bind(Statement statement) {
    statement
        .bind("$1", signIn.id().value())
        .bind("$2", token.sha256())
        .bind("$5", signIn.createdAt())
        .bind("$6", signIn.expiresAt())
        .bind("$7", endsAt);
    bindOptional(statement, "$3", signIn.device());
    bindOptional(statement, "$4", signIn.address());
  }

  private static void bindOptional(Statement statement, String name, Optional<String> value) {
    value.ifPresentOrElse(
        text -> statement.bind(name, text), () -> statement.bindNull(name, String.class));
  }
}
