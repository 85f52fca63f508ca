package io.parley.search;

import static io.parley.search.Library.ADA;
import static io.parley.search.Library.ADA_BOB;
import static io.parley.search.Library.ADA_CY;
import static io.parley.search.Library.BOB;
import static io.parley.search.Library.BOB_CY;
import static io.parley.search.Library.CY;
import static io.parley.search.Library.all;
import static io.parley.search.Library.page;
import static io.parley.search.Library.texts;
import static io.parley.search.Library.wanted;
import static io.parley.search.Library.wantedIn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.database.DatabaseException;
import io.parley.model.Hit;
import io.parley.model.SearchText;
import io.parley.model.UserId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(Lifecycle.PER_CLASS)
class SearchIT {
  private static final List<String> PIECES =
      List.of("a", "b", "ab", " ", "猫", "犬", "\uD83D\uDC4D", "é", "%", "_", "\\", "Z");

  private final Library library = new Library();

  /** Walks of one message, so that nearly everything is the index's to find. */
  private final Search byIndex = library.search(1, 20_000);

  private final Search byWalk = library.search(20_000, 20_000);

  @BeforeEach
  void empty() throws Exception {
    library.emptied();
  }

  @AfterAll
  void close() {
    library.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "I said Yes | i",
        "I said Yes | ye",
        "I said Yes | YES",
        "I said Yes | id ye",
        "我家的猫很可爱 | 猫",
        "我家的猫很可爱 | 的猫",
        "我家的猫很可爱 | 猫很可爱",
        "東京タワーで | ﾀﾜｰ",
        "서울에서 만나요 | 만나",
        "great \uD83D\uDC4D\uD83C\uDFFD job | \uD83D\uDC4D",
        "great \uD83D\uDC4D\uD83C\uDFFD job | \uD83D\uDC4D\uD83C\uDFFD",
        "I ❤\ufe0f you | ❤",
        "I ❤ you | ❤\ufe0f",
        "100% sure | 0%",
        "snake_case | e_c",
        "C:\\temp | :\\t",
        "it's \"quoted\" | 's \"q",
        "Straße | STRASSE",
        "so\u00a0many   spaces | so many spaces",
      })
  void aTextIsFoundByAnyPartOfIt(String text, String part) throws Exception {
    library.store("nothing of that kind");
    library.store(text);
    library.store("nor here");

    for (Search search : List.of(byIndex, byWalk)) {
      assertThat(texts(all(search, wanted(ADA, part, 5)))).contains(text);
      assertThat(texts(all(search, wantedIn(BOB, ADA_BOB, part, 5)))).contains(text);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"a100 | a%", "axb | a_b", "cafe | café", "ab | a\\b", "猫 | 犬", "a b | ab"})
  void whatIsNotThereIsNotFound(String text, String other) throws Exception {
    library.store(text);
    for (Search search : List.of(byIndex, byWalk)) {
      assertThat(all(search, wanted(ADA, other, 5))).isEmpty();
    }
  }

  @Test
  void nobodyFindsWhatTwoOthersSaid() throws Exception {
    library.store(ADA_BOB, ADA, BOB, "the secret of ada and bob", "x", "x");
    library.store(BOB_CY, CY, BOB, "the secret of bob and cy", "x", "x");

    for (Search search : List.of(byIndex, byWalk)) {
      for (String part : List.of("secret", "se", "s", "the secret of")) {
        assertThat(texts(all(search, wanted(ADA, part, 5))))
            .containsExactly("the secret of ada and bob");
        assertThat(all(search, wanted(BOB, part, 1))).hasSize(2);
        assertThat(all(search, wanted(new UserId("u_eve"), part, 5))).isEmpty();
        assertThat(all(search, wantedIn(CY, ADA_BOB, part, 5)))
            .as("even if nobody had asked whether it is Cy's")
            .isEmpty();
        assertThat(texts(all(search, wantedIn(BOB, BOB_CY, part, 5))))
            .containsExactly("the secret of bob and cy");
      }
    }
  }

  @Test
  void aHitTellsTheMessageAndWhoseConversationItIsIn() throws Exception {
    library.database.execute(
        "INSERT INTO users (id, username, username_key, display_name, display_key, password_hash,"
            + " created_at) VALUES ('u_bob', 'bob', 'bob', 'Bob B', 'bob b', '', now())"
            + " ON CONFLICT DO NOTHING");
    long seq = library.store(ADA_BOB, BOB, ADA, "hello");
    library.database.execute("UPDATE message SET reply_to = 7, edited = TRUE");

    Hit hit = all(byWalk, wanted(ADA, "hello", 5)).get(0);
    assertThat(hit.conversation()).isEqualTo(ADA_BOB);
    assertThat(hit.peer().displayName()).isEqualTo("Bob B");
    assertThat(hit.message().seq()).isEqualTo(seq);
    assertThat(hit.message().by()).isEqualTo(BOB);
    assertThat(hit.message().replyTo()).hasValue(7);
    assertThat(hit.message().edited()).isTrue();
    Hit bobs = all(byWalk, wanted(BOB, "hello", 5)).get(0);
    assertThat(bobs.peer().id()).isEqualTo(ADA);
    assertThat(bobs.peer().username()).as("an account that is gone").isEmpty();
  }

  @Test
  void pagesHoldEveryHitOnceNewestFirstWhereverTheyAreCut() throws Exception {
    Random random = new Random(5);
    for (int i = 0; i < 60; i++) {
      String text = random.nextInt(3) == 0 ? "needle " + i : "hay " + i;
      if (random.nextBoolean()) {
        library.store(ADA_BOB, ADA, BOB, text, text);
      } else {
        library.store(ADA_CY, CY, ADA, text);
      }
    }
    List<Hit> whole = all(byWalk, wanted(ADA, "needle", 1_000));
    assertThat(whole).hasSizeGreaterThan(20);
    assertThat(whole.stream().map(Library::order).toList())
        .isSortedAccordingTo(Collections.reverseOrder());
    for (int walk : new int[] {1, 2, 3, 7, 500}) {
      for (int limit : new int[] {1, 2, 5, 50}) {
        Search search = library.search(walk, walk);
        assertThat(all(search, wanted(ADA, "needle", limit))).isEqualTo(whole);
        assertThat(all(search, wanted(ADA, "n", limit))).as("without the index").isEqualTo(whole);
        assertThat(all(search, wantedIn(ADA, ADA_BOB, "needle", limit)))
            .isEqualTo(whole.stream().filter(hit -> hit.conversation().equals(ADA_BOB)).toList());
      }
    }
  }

  @Test
  void pagesStayAsTheyAreWhileNewMessagesCome() throws Exception {
    for (int i = 0; i < 10; i++) {
      library.store("needle " + i);
    }
    List<String> found = new ArrayList<>();
    Optional<String> cursor = Optional.empty();
    do {
      HitPage page = page(byIndex, wanted(ADA, "needle", 3), cursor);
      found.addAll(texts(page.hits()));
      cursor = page.cursor();
      library.store("needle, a new one");
      library.store(ADA_CY, CY, ADA, "needle, a new one");
    } while (cursor.isPresent());

    assertThat(found)
        .containsExactly(
            "needle 9",
            "needle 8",
            "needle 7",
            "needle 6",
            "needle 5",
            "needle 4",
            "needle 3",
            "needle 2",
            "needle 1",
            "needle 0");
  }

  @Test
  void aSearchThatFindsNothingInOnePageSaysHowFarItCame() throws Exception {
    library.store("q");
    for (int i = 0; i < 25; i++) {
      library.store("hay");
    }
    Search search = library.search(10, 10);
    HitPage first = page(search, wanted(ADA, "q", 5), Optional.empty());
    assertThat(first.hits()).isEmpty();
    assertThat(first.cursor()).isPresent();
    assertThat(texts(all(search, wanted(ADA, "q", 5)))).containsExactly("q");
  }

  @Test
  void aLookUpThatTakesTooLongBecomesAWalk() throws Exception {
    library.store("needle");
    for (int i = 0; i < 25; i++) {
      library.store("hay");
    }
    var timely = new SlowStatements(library.database.database(), "grams @>");
    Search search = new Search(timely, SearchSettings.DEFAULT, 10, 10);
    HitPage first = page(search, wanted(ADA, "needle", 5), Optional.empty());

    assertThat(first.hits()).isEmpty();
    assertThat(first.cursor()).hasValueSatisfying(cursor -> assertThat(cursor).endsWith(".w"));
    assertThat(texts(all(search, wanted(ADA, "needle", 5)))).containsExactly("needle");
    assertThat(timely.ended).as("tried once in each search, not once a page").hasValue(2);
  }

  @Test
  void theIndexIsNotAskedAgainAfterFullPagesOfAWalk() throws Exception {
    // Older than all of them is enough for a walk to come to its end without a full page.
    for (int i = 0; i < 25; i++) {
      library.store("hay");
    }
    for (int i = 0; i < 9; i++) {
      library.store("needle " + i);
    }
    for (int i = 0; i < 25; i++) {
      library.store("hay");
    }
    var slow = new SlowStatements(library.database.database(), "grams @>");
    Search search = new Search(slow, SearchSettings.DEFAULT, 10, 20);

    assertThat(all(search, wanted(ADA, "needle", 2))).hasSize(9);
    assertThat(slow.ended).hasValue(1);
  }

  @ParameterizedTest
  @CsvSource({"q, 8, 20", "needle, 20, 8"})
  void aWalkThatTakesTooLongIsTriedHalfAsFar(String text, int walk, int longWalk) throws Exception {
    library.store(text);
    for (int i = 0; i < 25; i++) {
      library.store("hay");
    }
    var slow = new SlowStatements(library.database.database(), "place <= 20");
    Search search = new Search(slow, SearchSettings.DEFAULT, walk, longWalk);
    HitPage first = page(search, wanted(ADA, text, 5), Optional.empty());

    assertThat(first.hits()).isEmpty();
    assertThat(first.cursor()).isPresent();
    assertThat(texts(all(search, wanted(ADA, text, 5)))).containsExactly(text);
  }

  @Test
  void aWalkThatTakesTooLongTwiceIsRefused() throws Exception {
    library.store("q");
    var slow = new SlowStatements(library.database.database(), "place <=");
    Search search = new Search(slow, SearchSettings.DEFAULT, 10, 10);

    assertThatThrownBy(() -> page(search, wanted(ADA, "q", 5), Optional.empty()))
        .hasCauseInstanceOf(DatabaseException.class);
    assertThat(slow.ended).hasValue(2);
  }

  @Test
  void bothWaysFindWhatALookAtEveryMessageFinds() throws Exception {
    List<String> texts = new ArrayList<>();
    for (long seed = 0; seed < 300; seed++) {
      texts.add(text(new Random(seed), 8));
    }
    library.store(ADA_BOB, ADA, BOB, texts.toArray(String[]::new));
    for (long seed = 1_000; seed < 1_100; seed++) {
      String part = text(new Random(seed), 3);
      String folded = SearchText.of(part).folded();
      if (folded.isEmpty()) {
        continue;
      }
      List<String> holding =
          new ArrayList<>(
              texts.stream().filter(t -> SearchText.of(t).folded().contains(folded)).toList());
      Collections.reverse(holding);
      for (Search search : List.of(byIndex, byWalk)) {
        assertThat(texts(all(search, wanted(ADA, part, 50))))
            .as("seed %d", seed)
            .isEqualTo(holding);
      }
    }
  }

  private static String text(Random random, int pieces) {
    return random
        .ints(random.nextInt(pieces) + 1L, 0, PIECES.size())
        .mapToObj(PIECES::get)
        .collect(Collectors.joining());
  }
}
