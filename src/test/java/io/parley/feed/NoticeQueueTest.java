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
    assertThat(queue.next()).hasValue(Map.entry(ADA, new HeadNotice(3, Map.of(ONE, 5L, TWO, 9L))));
  }

  @Test
  void anUnansweredNoticeIsToldAgainWithWhatCameSinceAndGivenUpInTheEnd() {
    queue.add(Map.of(ADA, notice(1, ONE, 4)));
    for (int attempt = 1; attempt <= NoticeQueue.MAX_ATTEMPTS; attempt++) {
      assertThat(queue.next()).as("attempt %d", attempt).isPresent();
      queue.ended(ADA, false);
    }
    assertThat(queue.next()).isEmpty();
    assertThat(queue.takeDropped()).isEqualTo(1);
    assertThat(queue.takeDropped()).isZero();
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
