package io.parley.account;

import static io.parley.account.Town.ADDRESS;
import static io.parley.account.Town.PASSWORD;
import static io.parley.account.Town.join;
import static io.parley.account.Town.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class AuditIT {
  @Test
  void eachHappensOnceInTheLogAndNoSecretDoes() {
    Logger audit = (Logger) LoggerFactory.getLogger("parley.audit");
    Level before = audit.getLevel();
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    audit.setLevel(Level.INFO);
    audit.addAppender(log);
    try (Town town = Town.open()) {
      town.signUp("ada");
      SignIns.Granted granted = town.signIn("ada");
      SignIns.Granted other = town.signIn("ada");
      SignIns signIns = town.registry.signIns();
      refusal(signIns.signIn("my-secret-as-name", "canary-password", Optional.empty(), ADDRESS));
      join(signIns.revoke(granted.signedIn().user().id(), granted.signedIn().signIn().id()));
      join(
          town.registry
              .accounts()
              .changePassword(other.signedIn(), PASSWORD, "canary-new-password", ADDRESS));
      Token link = join(signIns.mintLink(other.signedIn().user().id()));
      join(signIns.signInByLink(link, Optional.empty(), ADDRESS));
      refusal(signIns.signInByLink(link, Optional.empty(), ADDRESS));

      assertThat(log.list)
          .extracting(ILoggingEvent::getMessage)
          .containsExactly(
              "signed up",
              "signed in",
              "signed in",
              "sign-in failed",
              "sign-in revoked",
              "password changed",
              "sign-in link made",
              "signed in by link",
              "sign-in link refused");
      assertThat(log.list)
          .allSatisfy(event -> assertThat(event.getKeyValuePairs()).isNotEmpty())
          .extracting(event -> event.getFormattedMessage() + event.getKeyValuePairs())
          .noneMatch(line -> line.contains("canary") || line.contains("my-secret"))
          .noneMatch(line -> line.contains(PASSWORD))
          .noneMatch(line -> line.contains(link.value()))
          .noneMatch(line -> line.contains(granted.token().value()));
    } finally {
      audit.detachAppender(log);
      audit.setLevel(before);
    }
  }
}
