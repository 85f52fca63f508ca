package io.parley.account;

import io.parley.model.UserId;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an operator wants to see afterwards of who came in and who was kept out: one event each,
 * with keys and values, under one logger. Never a password, a token, or a name that was typed. What
 * anybody could cause without end is told by {@link io.parley.audit.Incidents}.
 */
final class AuditLog {
  private static final Logger LOG = LoggerFactory.getLogger("parley.audit");

  private AuditLog() {}

  static void signedUp(UserId user, String address) {
    LOG.atInfo().addKeyValue("user", user).addKeyValue("address", address).log("signed up");
  }

  static void signedIn(UserId user, SignInId signIn, String address) {
    LOG.atInfo()
        .addKeyValue("user", user)
        .addKeyValue("signIn", signIn)
        .addKeyValue("address", address)
        .log("signed in");
  }

  static void madeLink(UserId user) {
    LOG.atInfo().addKeyValue("user", user).log("sign-in link made");
  }

  static void signedInByLink(UserId user, SignInId signIn, String address) {
    LOG.atInfo()
        .addKeyValue("user", user)
        .addKeyValue("signIn", signIn)
        .addKeyValue("address", address)
        .log("signed in by link");
  }

  static void refusedLink(String address) {
    LOG.atWarn().addKeyValue("address", address).log("sign-in link refused");
  }

  /**
   * @param user whose password it was not; empty when nobody has the name
   */
  static void failed(Optional<UserId> user, String address) {
    LOG.atWarn()
        .addKeyValue("user", user.map(UserId::value).orElse("unknown"))
        .addKeyValue("address", address)
        .log("sign-in failed");
  }

  static void revoked(UserId user, SignInId signIn) {
    LOG.atInfo().addKeyValue("user", user).addKeyValue("signIn", signIn).log("sign-in revoked");
  }

  static void changedPassword(UserId user) {
    LOG.atInfo().addKeyValue("user", user).log("password changed");
  }
}
