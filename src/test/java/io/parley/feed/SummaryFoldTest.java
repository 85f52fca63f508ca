package io.parley.feed;

import static io.parley.testing.TestEvents.opened;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.model.ConversationEvent;
import io.parley.model.ConversationEvent.Erased;
import io.parley.model.ConversationEvent.Operated;
import io.parley.model.ConversationSummary.LastMessage;
import io.parley.model.Operation;
import io.parley.model.SequencedEvent;
import io.parley.model.UserId;
import io.parley.testing.TestEvents;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SummaryFoldTest {
  private static final UserId ADA = new UserId("u_ada");
  private static final UserId BOB = new UserId("u_bob");
  private static final int SEEDS = 2_000;

  private final TestEvents events = new TestEvents();

  @Test
  void whateverPagesTheEventsComeInTheSummaryIsThatOfTheWholeLog() {
    for (int seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      RandomLog log = new RandomLog(random, ADA, BOB);
      InMemory readSide = new InMemory();
      for (int page = 0; page < 8; page++) {
        List<CommittedEvent> next = new ArrayList<>(log.next(1 + random.nextInt(12)));
        // Some come again, as after a page that was applied without our knowing.
        int repeated = random.nextInt(1 + log.all().size() - next.size());
        next.addAll(
            0,
            log.all()
                .subList(
                    log.all().size() - next.size() - repeated, log.all().size() - next.size()));
        readSide.apply(next);
        assertIsPlain(readSide, log.all(), "seed " + seed + ", page " + page);
      }
    }
  }

  @Test
  void aLogWhoseTextsAreErasedAlreadyFoldsToTheSame() {
    for (int seed = 0; seed < SEEDS; seed++) {
      RandomLog log = new RandomLog(new Random(seed), ADA, BOB);
      log.next(60);
      InMemory readSide = new InMemory();
      Set<Long> erased = new PlainInbox(log.all()).erased();
      readSide.apply(
          log.all().stream().map(e -> erased.contains(e.seq()) ? erased(e) : e).toList());

      PlainInbox plain = new PlainInbox(log.all());
      assertThat(readSide.view.orElseThrow()).as("seed %d", seed).isEqualTo(plain.view());
      assertThat(readSide.lines()).as("seed %d", seed).isEqualTo(plain.messages());
      assertThat(readSide.toErase).as("seed %d", seed).isEmpty();
    }
  }

  @Test
  void anEditThatIsStoredAfterTheDeletionShowsNothingAndIsErased() {
    Folded folded =
        fold(
            opened(ADA, BOB),
            events.message(ADA, "one"),
            events.edit(ADA, 2, "two"),
            events.delete(ADA, 2),
            events.edit(ADA, 2, "three"));
    assertThat(folded.view().last()).map(LastMessage::preview).hasValue("");
    assertThat(folded.deleted()).containsExactly(2L);
    assertThat(folded.edits()).containsExactly(new Folded.Edit(2, 3));
    assertThat(folded.lateEdits()).containsExactly(5L);
  }

  @Test
  void aDeletedMessageIsUnreadNoMoreButTwoDeletionsCountOnce() {
    Folded folded =
        fold(
            opened(ADA, BOB),
            events.message(ADA, "one"),
            events.message(ADA, "two"),
            events.delete(ADA, 2),
            events.delete(ADA, 2));
    assertThat(folded.view().side(BOB).unread()).isEqualTo(1);
    assertThat(folded.view().side(ADA).unread()).isZero();
  }

  @Test
  void nobodyDeletesOrEditsAnothersMessage() {
    Folded folded =
        fold(
            opened(ADA, BOB),
            events.message(ADA, "one"),
            events.edit(BOB, 2, "forged"),
            events.delete(BOB, 2));
    assertThat(folded.view().last()).map(LastMessage::preview).hasValue("one");
    assertThat(folded.deleted()).isEmpty();
    assertThat(folded.lateEdits()).isEmpty();
  }

  @Test
  void aLongTextIsPreviewedByCodePoints() {
    Folded folded = fold(opened(ADA, BOB), events.message(ADA, "\uD83D\uDE00".repeat(200)));
    assertThat(folded.view().last()).map(LastMessage::preview).hasValue("\uD83D\uDE00".repeat(160));
  }

  @Test
  void aHoleInTheLogIsPoisonAndNotAGuess() {
    List<CommittedEvent> holed =
        List.of(committed(1, opened(ADA, BOB)), committed(3, events.message(ADA, "x")));
    assertThatThrownBy(() -> SummaryFold.fold("p", Stored.NOTHING, holed, 160))
        .isInstanceOf(PoisonException.class)
        .hasMessageContaining("p at 3");
    List<CommittedEvent> headless = List.of(committed(1, events.message(ADA, "x")));
    assertThatThrownBy(() -> SummaryFold.fold("p", Stored.NOTHING, headless, 160))
        .isInstanceOf(PoisonException.class)
        .hasMessageContaining("opening");
    List<CommittedEvent> stranger =
        List.of(
            committed(1, opened(ADA, BOB)), committed(2, events.message(new UserId("u_eve"), "x")));
    assertThatThrownBy(() -> SummaryFold.fold("p", Stored.NOTHING, stranger, 160))
        .isInstanceOf(PoisonException.class);
  }

  private static Folded fold(ConversationEvent... log) {
    List<CommittedEvent> committed = new ArrayList<>();
    for (ConversationEvent event : log) {
      committed.add(committed(committed.size() + 1, event));
    }
    return SummaryFold.fold("p", Stored.NOTHING, committed, 160);
  }

  private static CommittedEvent committed(long seq, ConversationEvent event) {
    return new CommittedEvent(new SequencedEvent(seq, event), seq);
  }

  private static CommittedEvent erased(CommittedEvent said) {
    Operated operated = (Operated) said.sequenced().event();
    OptionalLong of =
        operated.operation() instanceof Operation.Edit edit
            ? OptionalLong.of(edit.of())
            : OptionalLong.empty();
    return new CommittedEvent(
        new SequencedEvent(
            said.seq(),
            new Erased(operated.by(), operated.at(), operated.number(), of, operated.marks())),
        said.position());
  }

  private static void assertIsPlain(InMemory readSide, List<CommittedEvent> log, String when) {
    PlainInbox plain = new PlainInbox(log);
    assertThat(readSide.view.orElseThrow()).as(when).isEqualTo(plain.view());
    assertThat(readSide.lines()).as(when).isEqualTo(plain.messages());
    assertThat(readSide.reactions).as(when).isEqualTo(plain.reactions());
    assertThat(readSide.toErase).as(when).isEqualTo(plain.erased());
  }

  /** A read side of one conversation: what the tables hold, and what the statements do. */
  private static final class InMemory {
    private Optional<ConversationView> view = Optional.empty();
    private final TreeMap<Long, StoredMessage> messages = new TreeMap<>();
    private final Map<Long, Set<Long>> edits = new HashMap<>();
    private final Set<String> reactions = new TreeSet<>();
    private final Set<Long> toErase = new TreeSet<>();

    void apply(List<CommittedEvent> events) {
      Map<UserId, Long> unread = new HashMap<>();
      view.ifPresent(
          before ->
              SummaryFold.risenReads(view, events)
                  .forEach((reader, read) -> unread.put(reader, unreadPast(before, reader, read))));
      Folded folded = SummaryFold.fold("p", new Stored(view, messages, unread), events, 160);
      view = Optional.of(folded.view());
      folded.messages().forEach(message -> messages.put(message.seq(), message));
      folded
          .edits()
          .forEach(edit -> edits.computeIfAbsent(edit.of(), of -> new TreeSet<>()).add(edit.seq()));
      folded
          .reactions()
          .forEach(
              (reaction, on) -> {
                String line = reaction.of() + " " + reaction.emoji() + " " + reaction.by();
                if (on) {
                  reactions.add(line);
                } else {
                  reactions.remove(line);
                }
              });
      for (long seq : folded.deleted()) {
        toErase.add(seq);
        toErase.addAll(edits.getOrDefault(seq, Set.of()));
        reactions.removeIf(line -> line.startsWith(seq + " "));
      }
      toErase.addAll(folded.lateEdits());
    }

    private long unreadPast(ConversationView before, UserId reader, long read) {
      UserId author = before.participants().peerOf(reader);
      return messages.tailMap(read, false).values().stream()
          .filter(message -> message.by().equals(author) && !message.erased())
          .count();
    }

    Map<Long, String> lines() {
      Map<Long, String> lines = new TreeMap<>();
      messages.forEach(
          (seq, message) ->
              lines.put(
                  seq,
                  "%s|%s|%s|%s"
                      .formatted(
                          message.by(), message.text(), message.edited(), message.erased())));
      return lines;
    }
  }
}
