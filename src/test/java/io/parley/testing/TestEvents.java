package io.parley.testing;

import io.parley.model.ConversationEvent;
import io.parley.model.ConversationEvent.Marked;
import io.parley.model.ConversationEvent.Opened;
import io.parley.model.ConversationEvent.Operated;
import io.parley.model.ConversationEvent.Skipped;
import io.parley.model.Marks;
import io.parley.model.Operation;
import io.parley.model.OutboxNumber;
import io.parley.model.Participants;
import io.parley.model.UserId;
import java.util.Optional;
import java.util.OptionalLong;

/** Events as tests want them: short to write, with numbers that count up per person. */
public final class TestEvents {
  public static final long AT = 1_767_225_600_000L;

  private long n;

  public static Opened opened(UserId by, UserId peer) {
    return new Opened(by, AT, Participants.of(by, peer));
  }

  public Operated message(UserId by, String text) {
    return operated(by, new Operation.Message(text, OptionalLong.empty()));
  }

  public Operated edit(UserId by, long of, String text) {
    return operated(by, new Operation.Edit(of, text));
  }

  public Operated delete(UserId by, long of) {
    return operated(by, new Operation.Delete(of));
  }

  public Operated react(UserId by, long of, String emoji, boolean on) {
    return operated(by, new Operation.React(of, emoji, on));
  }

  public ConversationEvent marked(UserId by, long delivered, long read) {
    return new Marked(by, AT + n, new Marks(delivered, read));
  }

  public Skipped skipped(UserId by) {
    n++;
    return new Skipped(by, AT + n, new OutboxNumber(1, n), Optional.empty());
  }

  public Operated operated(UserId by, Operation operation) {
    n++;
    return new Operated(by, AT + n, new OutboxNumber(1, n), operation, Optional.empty());
  }
}
