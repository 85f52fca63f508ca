package io.parley.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.model.ConversationId;
import io.parley.model.UserId;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NoticeQueueTest {
  private static final UserId ADA = new UserId("u_ada");
  private static final UserId BOB = new UserId("u_bob");
  private static final ConversationId ONE = new ConversationId("c_one");
  private static final ConversationId TWO = new ConversationId("c_two");

  private final NoticeQueue queue = new NoticeQueue(1);

  @Test
  void whatComesWhileSomebodyIsToldGoesTogetherAndNeverBack() {
    queue.add(Map.of(ADA, notice(1, ONE, 4)));
    assertThat(queue.next()).hasValue(Map.entry(ADA, notice(1, ONE, 4)));
    queue.add(Map.of(ADA, notice(2, ONE, 5)));
    queue.add(Map.of(ADA, notice(3, TWO, 9)));
    assertThat(queue.next()).isEmpty();

    queue.ended(ADA, true);
    assertThat(queue.next())
        .hasValue(Map.entry(ADA, new HeadNotice(3, 2, Map.of(ONE, 5L, TWO, 9L))));
  }

  @Test
  void whoDoesNotAnswerSeveralTimesRestsUntilWokenAndIsToldAllThatCameSince() {
    queue.add(Map.of(ADA, notice(1, ONE, 4)));
    for (int attempt = 1; attempt <= NoticeQueue.MAX_ATTEMPTS; attempt++) {
      assertThat(queue.next()).as("attempt %d", attempt).isPresent();
      queue.ended(ADA, false);
    }
    queue.add(Map.of(ADA, notice(2, TWO, 9)));
    assertThat(queue.next()).isEmpty();

    for (int woken = 1; woken <= 10; woken++) {
      queue.wake();
      assertThat(queue.next())
          .hasValue(Map.entry(ADA, new HeadNotice(2, 2, Map.of(ONE, 4L, TWO, 9L))));
      queue.ended(ADA, false);
      assertThat(queue.next()).as("one try each time").isEmpty();
    }
    queue.wake();
    assertThat(queue.next()).isPresent();
    queue.ended(ADA, true);
    queue.wake();
    assertThat(queue.next()).isEmpty();
    assertThat(queue.takeDropped()).isZero();
  }

  @Test
  void thoseWhoCannotBeReachedLeavePlacesToTheOthersAndAreBounded() {
    NoticeQueue wide = new NoticeQueue(4);
    int people = NoticeQueue.MAX_RESTING + 5;
    for (int i = 0; i < people; i++) {
      UserId user = new UserId("u_" + i);
      wide.add(Map.of(user, notice(1, ONE, 4)));
      for (int attempt = 1; attempt <= NoticeQueue.MAX_ATTEMPTS; attempt++) {
        assertThat(wide.next()).isPresent();
        wide.ended(user, false);
      }
    }
    assertThat(wide.takeDropped()).isEqualTo(5);

    wide.wake();
    assertThat(wide.next()).isPresent();
    assertThat(wide.next()).isPresent();
    assertThat(wide.next()).isEmpty();
    wide.add(Map.of(ADA, notice(1, ONE, 5), BOB, notice(1, ONE, 5)));
    assertThat(wide.next()).isPresent();
    assertThat(wide.next()).isPresent();
  }

  @Test
  void onePersonWhoDoesNotAnswerTakesOnePlaceOnly() {
    NoticeQueue wide = new NoticeQueue(2);
    wide.add(Map.of(ADA, notice(1, ONE, 4)));
    assertThat(wide.next()).isPresent();
    wide.add(Map.of(ADA, notice(2, ONE, 5), BOB, notice(1, ONE, 5)));
    assertThat(wide.next()).map(Map.Entry::getKey).hasValue(BOB);
    assertThat(wide.next()).isEmpty();
  }

  private static HeadNotice notice(long version, ConversationId conversation, long head) {
    return new HeadNotice(version, Map.of(conversation, head));
  }
}
