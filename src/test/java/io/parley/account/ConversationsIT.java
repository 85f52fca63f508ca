package io.parley.account;

import static io.parley.account.Town.join;
import static io.parley.account.Town.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.model.ConversationId;
import io.parley.model.ErrorCode;
import io.parley.model.Participants;
import io.parley.model.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

@TestInstance(Lifecycle.PER_CLASS)
class ConversationsIT {
  private final Town town = Town.open();
  private final Conversations conversations = town.registry.conversations();
  private UserId ada = UserId.NOBODY;
  private UserId bob = UserId.NOBODY;
  private UserId eve = UserId.NOBODY;

  @BeforeAll
  void people() {
    ada = town.signUp("Ada").id();
    bob = town.signUp("Bob").id();
    eve = town.signUp("Eve").id();
  }

  @AfterAll
  void close() {
    town.close();
  }

  @Test
  void aPairHasOneConversationWhoeverStartsItAndHoweverOften() {
    List<CompletableFuture<ConversationId>> starts = new ArrayList<>();
    Conversations elsewhere = town.node(AccountSettings.DEFAULT).conversations();
    for (int i = 0; i < 30; i++) {
      Conversations node = i % 2 == 0 ? conversations : elsewhere;
      starts.add(
          (i % 3 == 0 ? node.start(ada, "bob") : node.start(bob, ada.value()))
              .thenApply(Conversations.Started::id)
              .toCompletableFuture());
    }

    Set<ConversationId> ids = Set.copyOf(starts.stream().map(Town::join).toList());
    assertThat(ids).hasSize(1);
    ConversationId id = ids.iterator().next();
    assertThat(join(elsewhere.membership(id))).contains(Participants.of(ada, bob));
    assertThat(join(elsewhere.membership(id))).contains(Participants.of(ada, bob));
  }

  @Test
  void nobodyTalksToThemselvesOrToNobody() {
    assertThat(refusal(conversations.start(ada, "ADA")).code()).isEqualTo(ErrorCode.INVALID);
    assertThat(refusal(conversations.start(ada, ada.value())).field()).contains("peer");
    for (String nobody :
        List.of("nobody", UserId.random().value(), "u_nobody", "", "u_", "\u0000", "\ud800")) {
      assertThat(refusal(conversations.start(ada, nobody)).code())
          .as(nobody)
          .isEqualTo(ErrorCode.NOT_FOUND);
    }
  }

  @Test
  void anAbsentConversationIsNotRememberedAsAbsent() {
    assertThat(join(conversations.membership(ConversationId.NONE))).isEmpty();
    assertThat(join(conversations.membership(ConversationId.random()))).isEmpty();
  }

  @Test
  void onlyOnesOwnConversationsAreOnesOwnRememberedOrNot() {
    town.signUp("Fay");
    ConversationId adasAndBobs = join(conversations.start(ada, "bob")).id();
    ConversationId bobsAndFays = join(conversations.start(bob, "fay")).id();
    Set<ConversationId> asked =
        Set.of(adasAndBobs, bobsAndFays, ConversationId.random(), ConversationId.NONE);
    Conversations cold = town.node(AccountSettings.DEFAULT).conversations();

    assertThat(join(cold.among(ada, asked))).containsExactly(adasAndBobs);
    assertThat(join(cold.among(ada, asked))).containsExactly(adasAndBobs);
    assertThat(join(cold.among(bob, asked))).containsExactlyInAnyOrder(adasAndBobs, bobsAndFays);
    assertThat(join(cold.among(ada, Set.of()))).isEmpty();
  }

  @Test
  void onlyPeopleOneTalksWithArePeers() {
    join(conversations.start(bob, "Ada"));

    assertThat(join(conversations.shareConversation(ada, List.of(bob, eve, ada))))
        .containsExactly(bob);
    assertThat(join(conversations.shareConversation(bob, Set.of(ada, eve)))).containsExactly(ada);
    assertThat(join(conversations.shareConversation(eve, Set.of(ada, bob)))).isEmpty();
    assertThat(join(conversations.shareConversation(eve, Set.of()))).isEmpty();
  }
}
