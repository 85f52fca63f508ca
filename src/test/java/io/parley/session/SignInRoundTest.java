package io.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.user.Push;
import java.util.HashSet;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;

class SignInRoundTest {
  private final SignInRound round = new SignInRound();
  private final ActorRef<Push> pushes = TestInbox.<Push>create().getRef();

  @Test
  void eachSignInIsAskedAboutOnceARoundAndABoundedNumberAtATime() {
    int many = 2 * SignInRound.AT_ONCE + 1;
    for (int i = 0; i < many; i++) {
      round.add("s_a" + i, "i_" + i, pushes);
      round.add("s_b" + i, "i_" + i, pushes);
    }
    round.begin();
    Set<String> asked = new HashSet<>();
    int questions = 0;
    for (int question = 0; question < 3; question++) {
      Set<String> next = round.next();
      assertThat(next).hasSizeLessThanOrEqualTo(SignInRound.AT_ONCE);
      questions += next.size();
      asked.addAll(next);
    }
    assertThat(asked).hasSize(many);
    assertThat(questions).isEqualTo(many);
    assertThat(round.next()).isEmpty();
  }

  @Test
  void whatWasGivenUpIsAskedAboutInTheNextRound() {
    round.add("s_1", "i_1", pushes);
    round.begin();
    round.giveUp();
    assertThat(round.next()).isEmpty();
    round.begin();
    assertThat(round.next()).containsExactly("i_1");
  }

  @Test
  void aSignInIsForgottenWithItsLastSession() {
    round.add("s_1", "i_1", pushes);
    round.add("s_2", "i_1", pushes);
    round.remove("s_1");
    round.remove("s_unknown");
    assertThat(round.sessionsOn("i_1")).hasSize(1);
    round.remove("s_2");
    assertThat(round.sessionsOn("i_1")).isEmpty();
    round.begin();
    assertThat(round.next()).isEmpty();
  }
}
