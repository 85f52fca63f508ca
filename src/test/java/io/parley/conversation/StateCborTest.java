package io.parley.conversation;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.parley.model.ConversationEvent;
import io.parley.model.Marks;
import io.parley.model.Operation;
import io.parley.model.OutboxNumber;
import io.parley.model.Participants;
import io.parley.model.UserId;
import io.parley.serialization.PersistedFormatException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.serialization.SerializationExtension;
import org.junit.jupiter.api.Test;

/** A snapshot outlives the code that took it. */
class StateCborTest {
  private static final UserId ADA = new UserId("u_0123456789abcdef");
  private static final UserId BOB = new UserId("u_zyxwvtsrqpnmkjhg");

  @Test
  void aSnapshotThatWasEverStoredReadsAsItDidThen() throws Exception {
    Path file = Path.of(requireNonNull(getClass().getResource("/golden/states/full.txt")).toURI());
    List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    byte[] bytes = HexFormat.of().parseHex(lines.get(1));

    assertThat(StateCbor.CODEC.fromBytes(lines.get(0), bytes)).isEqualTo(full());
    assertThat(HexFormat.of().formatHex(StateCbor.CODEC.toBytes(full()))).isEqualTo(lines.get(1));
  }

  @Test
  void whateverEventsMadeOfAStateComesBack() {
    Random random = new Random(7);
    ConversationState state = ConversationState.EMPTY;
    assertThat(roundTrip(state)).isEqualTo(state);
    state = state.apply(new ConversationEvent.Opened(ADA, 1, Participants.of(ADA, BOB)));
    long[] last = new long[60];
    for (int i = 0; i < 2_000; i++) {
      UserId by = random.nextBoolean() ? ADA : BOB;
      int outbox = 1 + i / 50 + random.nextInt(4);
      last[outbox] += 1 + random.nextInt(3);
      Optional<Marks> marks =
          random.nextInt(4) == 0 ? state.rise(by, new Marks(state.head(), i)) : Optional.empty();
      OutboxNumber number = new OutboxNumber(outbox, last[outbox]);
      state =
          state.apply(
              random.nextInt(5) == 0
                  ? new ConversationEvent.Skipped(by, i, number, marks)
                  : new ConversationEvent.Operated(by, i, number, operation(random, i), marks));
      assertThat(roundTrip(state)).isEqualTo(state);
    }
    assertThat(StateCbor.CODEC.toBytes(state)).hasSizeLessThan(8_192);
  }

  @Test
  void aFieldOfALaterVersionIsPassedOver() {
    byte[] map = HexFormat.of().parseHex("bf6168036179bf617a01ffff");
    assertThat(StateCbor.CODEC.fromBytes(StateCbor.MANIFEST, map).head()).isEqualTo(3);
  }

  @Test
  void damageIsToldAndNeverReadAsSomethingElse() {
    byte[] bytes = StateCbor.CODEC.toBytes(full());
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> StateCbor.CODEC.fromBytes(StateCbor.MANIFEST, cut))
          .isInstanceOf(PersistedFormatException.class);
    }
    assertThatThrownBy(() -> StateCbor.CODEC.fromBytes("conversation-state-2", bytes))
        .isInstanceOf(PersistedFormatException.class);
  }

  @Test
  void pekkoStoresSnapshotsWithIt() {
    ActorTestKit testKit = ActorTestKit.create(ConfigFactory.load());
    try {
      assertThat(SerializationExtension.get(testKit.system()).findSerializerFor(full()))
          .isInstanceOf(StateSerializer.class);
    } finally {
      testKit.shutdownTestKit();
    }
  }

  private static ConversationState roundTrip(ConversationState state) {
    return StateCbor.CODEC.fromBytes(StateCbor.MANIFEST, StateCbor.CODEC.toBytes(state));
  }

  private static Operation operation(Random random, long i) {
    return switch (random.nextInt(4)) {
      case 0 -> new Operation.Delete(i);
      case 1 -> new Operation.React(1, "x", true);
      default -> new Operation.Message("hi", OptionalLong.empty());
    };
  }

  private static ConversationState full() {
    TreeMap<Long, Numbers> outboxes = new TreeMap<>();
    outboxes.put(17L, Numbers.restored(3, new long[] {9, 0, 2}));
    outboxes.put(5_000_000_000L, Numbers.restored(1, new long[] {300}));
    return new ConversationState(
        Optional.of(Participants.of(BOB, ADA)),
        70_000,
        new Participation(
            new Marks(131, 130),
            Outboxes.restored(outboxes, 16),
            new PeerMessages(
                List.of(new PeerMessages.Run(130, 131), new PeerMessages.Run(400, 400)))),
        Participation.NEW,
        List.of(2L, 69_999L));
  }
}
