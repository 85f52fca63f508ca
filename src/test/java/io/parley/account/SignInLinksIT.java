package io.parley.account;

import static io.parley.account.Town.ADDRESS;
import static io.parley.account.Town.join;
import static io.parley.account.Town.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.model.ErrorCode;
import io.parley.model.Person;
import io.parley.model.UserId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SignInLinksIT {
  private final Town town = Town.open();
  private final SignIns signIns = town.registry.signIns();
  private Person ada = new Person(UserId.NOBODY, "", "");

  @BeforeEach
  void people() {
    ada = town.signUp("ada");
  }

  @AfterEach
  void close() {
    town.close();
  }

  @Test
  void aLinkLetsItsPersonInOnceAndIsStoredNowhere() {
    Token link = join(signIns.mintLink(ada.id()));
    assertThat(link.value()).matches("[A-Za-z0-9_-]{43}");
    assertThat(String.join(" ", town.texts("SELECT l::TEXT FROM sign_in_links l")))
        .contains(HexFormat.of().formatHex(link.sha256()))
        .doesNotContain(link.value());

    SignIns.Granted granted = join(signIns.signInByLink(link, Optional.of(" laptop "), ADDRESS));

    assertThat(granted.token()).isNotEqualTo(link);
    assertThat(join(signIns.authenticate(granted.token()))).contains(granted.signedIn());
    assertThat(granted.signedIn().user()).isEqualTo(ada);
    assertThat(granted.signedIn().signIn().device()).contains("laptop");
    assertThat(granted.signedIn().signIn().address()).contains(ADDRESS);
    assertThat(town.texts("SELECT user_id FROM sign_in_links")).isEmpty();
    assertRefused(link);
    assertThat(town.whose(link)).as("a link is no token").isEmpty();
    assertThat(town.texts("SELECT id FROM sign_ins")).hasSize(1);
  }

  @Test
  void ofTwentyUsesOnTwoNodesAtTheSameMomentExactlyOneGetsIn() {
    SignIns elsewhere = town.node(AccountSettings.DEFAULT).signIns();
    for (int round = 0; round < 10; round++) {
      Token link = join(signIns.mintLink(ada.id()));
      List<CompletableFuture<Boolean>> uses = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        uses.add(
            (i % 2 == 0 ? signIns : elsewhere)
                .signInByLink(link, Optional.empty(), "192.0.2." + i)
                .handle((granted, failure) -> failure == null)
                .toCompletableFuture());
      }
      assertThat(uses.stream().map(Town::join).filter(in -> in)).as("round %d", round).hasSize(1);
    }
    assertThat(town.texts("SELECT id FROM sign_ins")).hasSize(10);
  }

  @Test
  void aLinkEndsAfterADayAndIsSwept() {
    Token link = join(signIns.mintLink(ada.id()));
    Token used = join(signIns.mintLink(ada.id()));
    town.clock.move(Duration.ofHours(24).minusSeconds(1));
    assertThat(join(signIns.signInByLink(used, Optional.empty(), ADDRESS))).isNotNull();
    town.clock.move(Duration.ofSeconds(1));

    assertRefused(link);

    assertThat(town.texts("SELECT user_id FROM sign_in_links")).hasSize(1);
    join(signIns.sweep(100));
    assertThat(town.texts("SELECT user_id FROM sign_in_links")).isEmpty();
  }

  @Test
  void whatIsNoLinkIsRefusedLikeAUsedOneAndADeviceWithoutANameKeepsTheLink() {
    for (String text : List.of("", " ", "x", "\u0000", "\ud800", "A".repeat(43), "'; --")) {
      assertRefused(new Token(text));
    }
    assertRefused(town.signIn("ada").token());

    Token link = join(signIns.mintLink(ada.id()));
    Refused refused = refusal(signIns.signInByLink(link, Optional.of("\n"), ADDRESS));
    assertThat(refused.field()).contains("device");
    assertThat(join(signIns.signInByLink(link, Optional.empty(), ADDRESS))).isNotNull();
  }

  @Test
  void guessingIsSlowedByAddressAndWhoeverHasALinkIsNot() {
    for (int i = 0; i < 60; i++) {
      Token link = join(signIns.mintLink(ada.id()));
      assertThat(join(signIns.signInByLink(link, Optional.empty(), ADDRESS))).isNotNull();
    }
    for (int i = 0; i < 51; i++) {
      assertRefused(new Token("guess" + i));
    }

    Token link = join(signIns.mintLink(ada.id()));
    Refused delayed = refusal(signIns.signInByLink(link, Optional.empty(), ADDRESS));
    assertThat(delayed.code()).isEqualTo(ErrorCode.RATE_LIMITED);
    assertThat(delayed.retryAfterMillis()).isPresent();
    assertThat(join(signIns.signInByLink(link, Optional.empty(), "198.51.100.7"))).isNotNull();
  }

  private void assertRefused(Token link) {
    Refused refused = refusal(signIns.signInByLink(link, Optional.empty(), ADDRESS));
    assertThat(refused.code()).isEqualTo(ErrorCode.UNAUTHENTICATED);
    assertThat(refused.detail()).isEqualTo("The link is unknown, was used, or has expired");
  }
}
