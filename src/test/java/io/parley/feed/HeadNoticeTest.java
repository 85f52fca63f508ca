package io.parley.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.model.ConversationId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class HeadNoticeTest {
  private static final ConversationId ONE = new ConversationId("c_one");
  private static final ConversationId TWO = new ConversationId("c_two");

  @Test
  void changesThatFollowEachOtherAreToldOfTogether() {
    HeadNotice both = notice(4, ONE, 7).and(notice(5, TWO, 2));
    assertThat(both).isEqualTo(new HeadNotice(5, 2, Map.of(ONE, 7L, TWO, 2L)));
    assertThat(notice(5, TWO, 2).and(notice(4, ONE, 7))).isEqualTo(both);
  }

  @Test
  void acrossAHoleOnlyTheLaterChangesAreToldOf() {
    assertThat(notice(4, ONE, 7).and(notice(6, TWO, 2)))
        .isEqualTo(new HeadNotice(6, 1, Map.of(ONE, 7L, TWO, 2L)));
  }

  @Test
  void theSameChangeTwiceIsOne() {
    assertThat(notice(4, ONE, 7).and(notice(4, TWO, 2)))
        .isEqualTo(new HeadNotice(4, 1, Map.of(ONE, 7L, TWO, 2L)));
  }

  @Test
  void noChangeIsClaimedThatWasNotPutIn() {
    Random random = new Random(7);
    for (int round = 0; round < 20_000; round++) {
      List<HeadNotice> parts = new ArrayList<>();
      TreeSet<Long> versions = new TreeSet<>();
      Map<ConversationId, Long> heads = new HashMap<>();
      for (int i = 0; i <= random.nextInt(8); i++) {
        long version = 1L + random.nextInt(9);
        ConversationId conversation = new ConversationId("c_" + version % 3);
        versions.add(version);
        heads.merge(conversation, version * 10, Math::max);
        parts.add(notice(version, conversation, version * 10));
      }
      Collections.shuffle(parts, random);
      // Any two of them, until one is left: as they wait, rest and come back.
      while (parts.size() > 1) {
        HeadNotice one = parts.remove(random.nextInt(parts.size()));
        parts.add(one.and(parts.remove(random.nextInt(parts.size()))));
      }
      HeadNotice all = parts.get(0);
      assertThat(all.heads()).isEqualTo(heads);
      assertThat(all.feedVersion()).isEqualTo(versions.last());
      for (long told = 0; told < all.changes(); told++) {
        assertThat(versions).contains(all.feedVersion() - told);
      }
    }
  }

  private static HeadNotice notice(long version, ConversationId conversation, long head) {
    return new HeadNotice(version, Map.of(conversation, head));
  }
}
