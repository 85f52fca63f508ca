package io.parley.account;

import static io.parley.account.Town.ADDRESS;
import static io.parley.account.Town.PASSWORD;
import static io.parley.account.Town.join;
import static io.parley.account.Town.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.account.PasswordlessPeople.Wanted;
import io.parley.model.ErrorCode;
import io.parley.model.Person;
import io.parley.model.UserId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PasswordlessPeopleIT {
  private static final List<Wanted> WANTED =
      List.of(new Wanted("eve", "Eve"), new Wanted("ada", "Ada"));

  private final Town town = Town.open();
  private final PasswordlessPeople people = new PasswordlessPeople(town.database, town.clock);

  @AfterEach
  void close() {
    town.close();
  }

  @Test
  void theyAreMadeOnceAndFoundAgainUnderTheNameTheyShowByNow() {
    List<Person> made = join(people.settle(WANTED));
    join(town.registry.accounts().rename(made.get(0).id(), "Evelyn"));
    List<Person> found = join(people.settle(WANTED));

    assertThat(made).extracting(Person::username).containsExactly("eve", "ada");
    assertThat(found).extracting(Person::id).containsExactlyElementsOf(ids(made));
    assertThat(found).extracting(Person::displayName).containsExactly("Evelyn", "Ada");
  }

  @Test
  void noPasswordLetsThemInAndTheAnswerIsThatOfAWrongOne() {
    town.signUp("bob");
    join(people.settle(WANTED));
    SignIns signIns = town.registry.signIns();
    Refused wrong =
        refusal(signIns.signIn("bob", "wrong horse battery", Optional.empty(), ADDRESS));

    for (String password : List.of("", "!", PASSWORD)) {
      long before = town.passwords.comparisons();
      Refused refused = refusal(signIns.signIn("ada", password, Optional.empty(), ADDRESS));
      assertThat(town.passwords.comparisons()).isEqualTo(before + 1);
      assertThat(refused)
          .usingRecursiveComparison()
          .ignoringFields("suppressedExceptions", "stackTrace")
          .isEqualTo(wrong);
    }
  }

  @Test
  void noneOfThemIsMadeWhenOneNameIsSomebodysWithAPassword() {
    town.signUp("Ada");

    Refused refused = refusal(people.settle(WANTED));

    assertThat(refused.code()).isEqualTo(ErrorCode.TAKEN);
    assertThat(refused.detail()).isEqualTo("Ada");
    assertThat(town.texts("SELECT username FROM users")).containsExactly("Ada");
  }

  @Test
  void aSessionOfTheirsCantGiveThemAPassword() {
    Person eve = join(people.settle(WANTED)).get(0);
    SignIns signIns = town.registry.signIns();
    Token link = join(signIns.mintLink(eve.id()));
    SignedIn in = join(signIns.signInByLink(link, Optional.empty(), ADDRESS)).signedIn();

    Refused refused =
        refusal(town.registry.accounts().changePassword(in, "", "a much better battery", ADDRESS));

    assertThat(refused.code()).isEqualTo(ErrorCode.FORBIDDEN);
  }

  private static List<UserId> ids(List<Person> people) {
    return people.stream().map(Person::id).toList();
  }
}
