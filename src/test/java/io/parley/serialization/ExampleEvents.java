package io.parley.serialization;

import io.parley.model.ConversationEvent;
import io.parley.model.ConversationEvent.Erased;
import io.parley.model.ConversationEvent.Marked;
import io.parley.model.ConversationEvent.Opened;
import io.parley.model.ConversationEvent.Operated;
import io.parley.model.ConversationEvent.Skipped;
import io.parley.model.Marks;
import io.parley.model.Operation;
import io.parley.model.OutboxNumber;
import io.parley.model.Participants;
import io.parley.model.UserId;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** The events of the golden files, by the files' names. */
final class ExampleEvents {
  static final UserId ADA = new UserId("u_0123456789abcdef");
  static final UserId BOB = new UserId("u_zyxwvtsrqpnmkjhg");
  private static final long AT = 1_767_225_600_123L;
  private static final Optional<Marks> UNMARKED = Optional.empty();

  private ExampleEvents() {}

  static Map<String, ConversationEvent> all() {
    Map<String, ConversationEvent> all = new TreeMap<>();
    all.put("opened-1", new Opened(ADA, AT, Participants.of(BOB, ADA)));
    all.put(
        "message-1",
        operated(1, new Operation.Message("Hello\tworld\n", OptionalLong.empty()), UNMARKED));
    all.put(
        "message-1.reply-with-marks",
        operated(
            300,
            new Operation.Message(
                "\uD83D\uDC69\u200D\uD83D\uDE80 \u05E9\u05DC\u05D5\u05DD e\u0301",
                OptionalLong.of(70_000)),
            Optional.of(new Marks(70_001, 70_000))));
    all.put("edit-1", operated(2, new Operation.Edit(2, "Hallo"), UNMARKED));
    all.put("delete-1", operated(3, new Operation.Delete(5_000_000_000L), UNMARKED));
    all.put(
        "react-1", operated(4, new Operation.React(2, "\uD83D\uDC4D\uD83C\uDFFD", true), UNMARKED));
    all.put(
        "react-1.off",
        operated(5, new Operation.React(2, "\u2764\uFE0F", false), Optional.of(new Marks(2, 0))));
    all.put("marked-1", new Marked(BOB, AT, new Marks(131, 130)));
    all.put(
        "message-erased-1",
        new Erased(ADA, AT, new OutboxNumber(17, 6), OptionalLong.empty(), UNMARKED));
    all.put(
        "message-erased-1.with-marks",
        new Erased(
            ADA, AT, new OutboxNumber(17, 6), OptionalLong.empty(), Optional.of(new Marks(3, 3))));
    all.put(
        "edit-erased-1",
        new Erased(ADA, AT, new OutboxNumber(17, 7), OptionalLong.of(2), UNMARKED));
    all.put("skipped-1", new Skipped(ADA, AT, new OutboxNumber(17, 8), UNMARKED));
    all.put(
        "skipped-1.with-marks",
        new Skipped(BOB, AT, new OutboxNumber(3, 300), Optional.of(new Marks(131, 130))));
    return all;
  }

  static Operated operated(long n, Operation operation, Optional<Marks> marks) {
    return new Operated(ADA, AT, new OutboxNumber(17, n), operation, marks);
  }
}
