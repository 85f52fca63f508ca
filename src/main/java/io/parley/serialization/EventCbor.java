package io.parley.serialization;

import io.parley.model.ConversationEvent;
import io.parley.model.ConversationEvent.Erased;
import io.parley.model.ConversationEvent.Marked;
import io.parley.model.ConversationEvent.Opened;
import io.parley.model.ConversationEvent.Operated;
import io.parley.model.ConversationEvent.Skipped;
import io.parley.model.Marks;
import io.parley.model.MessageText;
import io.parley.model.Operation;
import io.parley.model.OutboxNumber;
import io.parley.model.Participants;
import io.parley.model.UserId;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The events of a conversation as CBOR maps, one form per manifest:
 *
 * <pre>
 *   every form         b by | t at, milliseconds since 1970
 *   opened-1           p, q the participants in order
 *   message-1 …        o outbox | n its number | d delivered, r read: absent when it says no marks
 *     message-1        x text | a answers (replyTo), absent when it doesn't
 *     edit-1           f of | x text
 *     delete-1         f of
 *     react-1          f of | e emoji | s set (true) or taken off (false)
 *     message-erased-1 -
 *     edit-erased-1    f of
 *     skipped-1        -
 *   marked-1           d delivered | r read
 * </pre>
 */
public final class EventCbor implements PersistedCodec<ConversationEvent> {

  public static final EventCbor CODEC = new EventCbor();

  /** What the fields beside a text take at most. */
  private static final int SMALL_FIELDS_BYTES = 96;

  private EventCbor() {}

  @Override
  public String manifest(ConversationEvent event) {
    return form(event).manifest();
  }

  private static EventForm form(ConversationEvent event) {
    if (event instanceof Opened) {
      return EventForm.OPENED;
    } else if (event instanceof Marked) {
      return EventForm.MARKED;
    } else if (event instanceof Erased erased) {
      return erased.of().isPresent() ? EventForm.EDIT_ERASED : EventForm.MESSAGE_ERASED;
    } else if (event instanceof Skipped) {
      return EventForm.SKIPPED;
    } else if (event instanceof Operated operated) {
      return form(operated.operation());
    }
    throw new IllegalArgumentException("no persisted form for " + event.getClass());
  }

  private static EventForm form(Operation operation) {
    if (operation instanceof Operation.Message) {
      return EventForm.MESSAGE;
    } else if (operation instanceof Operation.Edit) {
      return EventForm.EDIT;
    } else if (operation instanceof Operation.Delete) {
      return EventForm.DELETE;
    } else if (operation instanceof Operation.React) {
      return EventForm.REACT;
    }
    throw new IllegalArgumentException("no persisted form for " + operation.getClass());
  }

  @Override
  public byte[] toBytes(ConversationEvent event) {
    return CborFields.write(
        expectedBytes(event),
        out -> {
          out.text("b", event.by().value()).integer("t", event.at());
          if (event instanceof Opened opened) {
            out.text("p", opened.participants().first().value());
            out.text("q", opened.participants().second().value());
          }
          if (event.usedNumber().isPresent()) {
            writeNumber(out, event.usedNumber().get());
          }
          if (event instanceof Operated operated) {
            writeOperation(out, operated.operation());
          } else if (event instanceof Erased erased) {
            if (erased.of().isPresent()) {
              out.integer("f", erased.of().getAsLong());
            }
          }
          if (event.marks().isPresent()) {
            Marks marks = event.marks().get();
            out.integer("d", marks.delivered()).integer("r", marks.read());
          }
        });
  }

  private static int expectedBytes(ConversationEvent event) {
    int text = 0;
    if (event instanceof Operated operated) {
      if (operated.operation() instanceof Operation.Message message) {
        text = MessageText.utf8Length(message.text());
      } else if (operated.operation() instanceof Operation.Edit edit) {
        text = MessageText.utf8Length(edit.text());
      }
    }
    return SMALL_FIELDS_BYTES + text;
  }

  private static void writeNumber(CborFields.Writer out, OutboxNumber number) throws IOException {
    out.integer("o", number.outbox()).integer("n", number.n());
  }

  private static void writeOperation(CborFields.Writer out, Operation operation)
      throws IOException {
    if (operation instanceof Operation.Message message) {
      out.text("x", message.text());
      if (message.replyTo().isPresent()) {
        out.integer("a", message.replyTo().getAsLong());
      }
    } else if (operation instanceof Operation.Edit edit) {
      out.integer("f", edit.of()).text("x", edit.text());
    } else if (operation instanceof Operation.Delete delete) {
      out.integer("f", delete.of());
    } else if (operation instanceof Operation.React react) {
      out.integer("f", react.of()).text("e", react.emoji()).flag("s", react.on());
    }
  }

  @Override
  public ConversationEvent fromBytes(String manifest, byte[] bytes) {
    EventForm form =
        EventForm.of(manifest).orElseThrow(() -> PersistedFormatException.unknown(manifest));
    try {
      return read(form, CborFields.read(bytes));
    } catch (PersistedFormatException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new PersistedFormatException("A persisted " + manifest + " makes no sense", e);
    }
  }

  private static ConversationEvent read(EventForm form, CborFields in) {
    UserId by = new UserId(in.text("b"));
    long at = in.integer("t");
    return switch (form) {
      case OPENED ->
          new Opened(by, at, new Participants(new UserId(in.text("p")), new UserId(in.text("q"))));
      case MARKED -> new Marked(by, at, new Marks(in.integer("d"), in.integer("r")));
      case MESSAGE_ERASED -> new Erased(by, at, number(in), OptionalLong.empty(), marks(in));
      case EDIT_ERASED ->
          new Erased(by, at, number(in), OptionalLong.of(in.integer("f")), marks(in));
      case SKIPPED -> new Skipped(by, at, number(in), marks(in));
      case MESSAGE, EDIT, DELETE, REACT ->
          new Operated(by, at, number(in), operation(form, in), marks(in));
    };
  }

  private static Operation operation(EventForm form, CborFields in) {
    return switch (form) {
      case MESSAGE -> new Operation.Message(in.text("x"), in.optionalInteger("a"));
      case EDIT -> new Operation.Edit(in.integer("f"), in.text("x"));
      case DELETE -> new Operation.Delete(in.integer("f"));
      case REACT -> new Operation.React(in.integer("f"), in.text("e"), in.flag("s"));
      case OPENED, MARKED, MESSAGE_ERASED, EDIT_ERASED, SKIPPED ->
          throw new IllegalArgumentException(form + " is no operation");
    };
  }

  private static OutboxNumber number(CborFields in) {
    return new OutboxNumber(in.integer("o"), in.integer("n"));
  }

  private static Optional<Marks> marks(CborFields in) {
    OptionalLong delivered = in.optionalInteger("d");
    return delivered.isPresent()
        ? Optional.of(new Marks(delivered.getAsLong(), in.integer("r")))
        : Optional.empty();
  }

  /**
   * What takes the place of a message, or of an edit, when the message was deleted: its text and
   * what it answered are gone; author, time, number, {@code of} and marks stay. What is erased
   * already comes back as it is, so that it may be erased again.
   *
   * @throws IllegalArgumentException for an event that holds no text
   */
  public Erasure erase(String manifest, byte[] bytes) {
    ConversationEvent event = fromBytes(manifest, bytes);
    if (event instanceof Erased) {
      return new Erasure(manifest, bytes);
    }
    if (event instanceof Operated operated) {
      OptionalLong of;
      if (operated.operation() instanceof Operation.Message) {
        of = OptionalLong.empty();
      } else if (operated.operation() instanceof Operation.Edit edit) {
        of = OptionalLong.of(edit.of());
      } else {
        throw new IllegalArgumentException(manifest + " holds no text to erase");
      }
      Erased erased =
          new Erased(operated.by(), operated.at(), operated.number(), of, operated.marks());
      return new Erasure(manifest(erased), toBytes(erased));
    }
    throw new IllegalArgumentException(manifest + " holds no text to erase");
  }

  /**
   * A tombstone, as it is stored.
   *
   * @param bytes not copied
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared: bytes on their way into a row.
  public record Erasure(String manifest, byte[] bytes) {}
}
