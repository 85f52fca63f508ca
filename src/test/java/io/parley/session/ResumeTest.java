package io.parley.session;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.model.ConversationId;
import io.parley.protocol.EncodedEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class ResumeTest implements Resume.Output {
  private static final ConversationId AB = new ConversationId("c_ab");
  private final List<String> said = new ArrayList<>();
  private final Resume resume = new Resume(this);

  @Override
  public void events(ConversationId conversation, List<EncodedEvent> events) {
    events.forEach(event -> said.add("" + event.seq()));
  }

  @Override
  public void caughtUp(ConversationId conversation, long seq) {
    said.add("caught up " + seq);
  }

  @Override
  public void announce(ConversationId conversation, Optional<Long> base) {
    said.add("announce " + base.map(Object::toString).orElse("any"));
  }

  @Test
  void replaysWhatIsAfterTheCursorAndThenGoesOnLive() {
    resume.replay(AB, 2, 4);
    read(2, events(3, 4));
    resume.live(AB, events(5, 5), true);
    assertThat(said).containsExactly("3", "4", "caught up 4", "5");
  }

  @Test
  void pushesWhatIsStoredDuringAReplayOnceAndInOrder() {
    resume.replay(AB, 0, 2);
    List<Resume.Read> read = resume.next();
    resume.live(AB, events(2, 3), true);
    resume.pages(read, Map.of(AB, events(1, 2)));
    assertThat(said).containsExactly("1", "2", "3", "caught up 3");
  }

  @Test
  void readsTheLogWhenALiveEventWasLost() {
    resume.replay(AB, 1, 1);
    resume.live(AB, events(3, 3), true);
    read(1, events(2, 3));
    assertThat(said).containsExactly("caught up 1", "2", "3");
  }

  @Test
  void readsTheLogWhenAHeadIsHeardOfThatNobodyDelivered() {
    resume.replay(AB, 1, 1);
    resume.heard(AB, 2);
    read(1, events(2, 2));
    assertThat(said).containsExactly("caught up 1", "2");
  }

  @Test
  void readsTheLogWhenTheListTellsAHeadPastTheReplay() {
    resume.replay(AB, 2, 4);
    read(2, events(3, 4));
    resume.told(AB, 5);
    read(4, events(5, 5));
    resume.told(AB, 5);
    assertThat(resume.next()).isEmpty();
    assertThat(said).containsExactly("3", "4", "caught up 4", "5");
  }

  @Test
  void withholdsFromASlowReaderAndReadsItLater() {
    resume.replay(AB, 1, 1);
    resume.live(AB, events(2, 2), false);
    assertThat(said).containsExactly("caught up 1");
    read(1, events(2, 2));
    assertThat(said).containsExactly("caught up 1", "2");
  }

  @Test
  void takesUpAReadThatFailed() {
    resume.replay(AB, 1, 2);
    resume.readsFailed(resume.next());
    assertThat(resume.next()).isEmpty();
    resume.retry();
    read(1, events(2, 2));
    assertThat(said).containsExactly("2", "caught up 2");
  }

  @Test
  void ignoresAReadThatBelongsToTheStretchBeforeAResume() {
    resume.replay(AB, 3, 4);
    List<Resume.Read> before = resume.next();
    resume.replay(AB, 1, 4);
    resume.pages(before, Map.of(AB, events(4, 4)));
    read(1, events(2, 4));
    assertThat(said).containsExactly("2", "3", "4", "caught up 4");
  }

  @Test
  void announcesAConversationThatTheClientDoesNotKnow() {
    resume.live(AB, events(7, 7), true);
    resume.announced(AB, 6);
    assertThat(said).containsExactly("announce 6", "7");
  }

  @Test
  void readsWhatNoLongerFitsBesideARead() {
    resume.replay(AB, 0, 1);
    List<Resume.Read> read = resume.next();
    long head = Resume.HELD_LIMIT + 2L;
    LongStream.rangeClosed(2, head).forEach(seq -> resume.live(AB, events(seq, seq), true));
    resume.pages(read, Map.of(AB, events(1, 1)));
    read(1, events(2, head));
    assertThat(said).hasSize((int) head + 1).endsWith("" + head, "caught up " + head);
  }

  @Test
  void readsWhatIsOwedOfManyConversationsTogether() {
    List<ConversationId> many = conversations(Resume.READ_TOGETHER + 1);
    many.forEach(conversation -> resume.replay(conversation, 0, 1));
    List<Resume.Read> first = resume.next();
    assertThat(first).hasSize(Resume.READ_TOGETHER);
    assertThat(resume.next()).isEmpty();
    resume.pages(first, pages(first, 1));
    List<Resume.Read> second = resume.next();
    assertThat(second).containsExactly(new Resume.Read(many.get(Resume.READ_TOGETHER), 0));
    resume.pages(second, pages(second, 1));
    assertThat(Collections.frequency(said, "1")).isEqualTo(many.size());
    assertThat(Collections.frequency(said, "caught up 1")).isEqualTo(many.size());
  }

  @Test
  void readsAgainThoseForWhichThereWasNoRoom() {
    List<ConversationId> three = conversations(3);
    three.forEach(conversation -> resume.replay(conversation, 0, 1));
    List<Resume.Read> reads = resume.next();
    resume.pages(reads, Map.of(three.get(1), events(1, 1)));
    // The log has nothing of the first, which comes before one of which there is something.
    assertThat(resume.next()).containsExactly(new Resume.Read(three.get(2), 0));
    resume.pages(List.of(new Resume.Read(three.get(2), 0)), Map.of());
    assertThat(resume.next()).isEmpty();
    assertThat(said).containsExactly("1", "caught up 1");
  }

  @Test
  void letsNobodyTakeAllTheRoomForLong() {
    List<ConversationId> three = conversations(3);
    three.forEach(conversation -> resume.replay(conversation, 0, 9));
    List<ConversationId> order = new ArrayList<>();
    for (List<Resume.Read> reads = resume.next(); !reads.isEmpty(); reads = resume.next()) {
      Resume.Read first = reads.get(0);
      order.add(first.conversation());
      resume.pages(
          reads, Map.of(first.conversation(), events(first.after() + 1, first.after() + 3)));
    }
    assertThat(order.subList(0, 3)).isEqualTo(three);
    assertThat(order.subList(3, 6)).isEqualTo(three);
    assertThat(order.subList(6, 9)).isEqualTo(three);
  }

  @Test
  void oneThatCanNotBeReadKeepsNoOtherFromItsTurn() {
    List<ConversationId> many = conversations(30);
    many.forEach(conversation -> resume.replay(conversation, 0, 1));
    int reads = 0;
    while (Collections.frequency(said, "caught up 1") < many.size() - 1 && reads++ < 200) {
      List<Resume.Read> next = resume.next();
      if (next.contains(new Resume.Read(many.get(7), 0))) {
        resume.readsFailed(next);
        resume.retry();
      } else {
        resume.pages(next, pages(next, 1));
      }
    }
    assertThat(Collections.frequency(said, "caught up 1")).isEqualTo(many.size() - 1);
    assertThat(reads).isLessThan(30);
  }

  @Test
  void ignoresOnlyTheReadWhoseStretchIsNoMore() {
    List<ConversationId> two = conversations(2);
    two.forEach(conversation -> resume.replay(conversation, 0, 2));
    List<Resume.Read> reads = resume.next();
    resume.replay(two.get(0), 1, 2);
    resume.pages(reads, pages(reads, 2));
    assertThat(said).containsExactly("1", "2", "caught up 2");
    read(two.get(0), 1, events(2, 2));
    assertThat(said).containsExactly("1", "2", "caught up 2", "2", "caught up 2");
  }

  @Test
  void keepsNoMoreOfAllConversationsThanFitsTheWindow() {
    List<ConversationId> many = conversations(Resume.READ_TOGETHER);
    many.forEach(conversation -> resume.replay(conversation, 0, 1));
    List<Resume.Read> reads = resume.next();
    String wide = "x".repeat(Resume.HELD_BYTES / 4);
    many.forEach(
        conversation -> resume.live(conversation, List.of(new EncodedEvent(2, wide)), true));
    resume.pages(reads, pages(reads, 1));
    assertThat(Collections.frequency(said, "2")).isEqualTo(4);
    List<Resume.Read> again = resume.next();
    assertThat(again).hasSize(many.size() - 4).allMatch(read -> read.after() == 1);
    // What was pushed makes room for others.
    many.forEach(
        conversation -> resume.live(conversation, List.of(new EncodedEvent(3, wide)), true));
    resume.pages(
        again, again.stream().collect(toMap(Resume.Read::conversation, read -> events(2, 2))));
    assertThat(Collections.frequency(said, "3")).isEqualTo(8);
  }

  private static List<ConversationId> conversations(int count) {
    return IntStream.range(0, count).mapToObj(i -> new ConversationId("c_" + i)).toList();
  }

  private static Map<ConversationId, List<EncodedEvent>> pages(List<Resume.Read> reads, long last) {
    return reads.stream().collect(toMap(Resume.Read::conversation, read -> events(1, last)));
  }

  private void read(long after, List<EncodedEvent> events) {
    read(AB, after, events);
  }

  private void read(ConversationId conversation, long after, List<EncodedEvent> events) {
    List<Resume.Read> read = resume.next();
    assertThat(read).containsExactly(new Resume.Read(conversation, after));
    resume.pages(read, Map.of(conversation, events));
  }

  private static List<EncodedEvent> events(long first, long last) {
    return LongStream.rangeClosed(first, last)
        .mapToObj(seq -> new EncodedEvent(seq, "{}"))
        .toList();
  }
}
