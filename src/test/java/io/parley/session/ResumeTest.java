package io.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.model.ConversationId;
import io.parley.protocol.EncodedEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    Resume.Read read = resume.next().orElseThrow();
    resume.live(AB, events(2, 3), true);
    resume.page(read, events(1, 2));
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
    resume.readFailed(resume.next().orElseThrow());
    assertThat(resume.next()).isEmpty();
    resume.retry();
    read(1, events(2, 2));
    assertThat(said).containsExactly("2", "caught up 2");
  }

  @Test
  void ignoresAReadThatBelongsToTheStretchBeforeAResume() {
    resume.replay(AB, 3, 4);
    Resume.Read before = resume.next().orElseThrow();
    resume.replay(AB, 1, 4);
    resume.page(before, events(4, 4));
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
    Resume.Read read = resume.next().orElseThrow();
    long head = Resume.HELD_LIMIT + 2L;
    LongStream.rangeClosed(2, head).forEach(seq -> resume.live(AB, events(seq, seq), true));
    resume.page(read, events(1, 1));
    read(1, events(2, head));
    assertThat(said).hasSize((int) head + 1).endsWith("" + head, "caught up " + head);
  }

  private void read(long after, List<EncodedEvent> events) {
    Resume.Read read = resume.next().orElseThrow();
    assertThat(read.after()).isEqualTo(after);
    resume.page(read, events);
  }

  private static List<EncodedEvent> events(long first, long last) {
    return LongStream.rangeClosed(first, last)
        .mapToObj(seq -> new EncodedEvent(seq, "{}"))
        .toList();
  }
}
