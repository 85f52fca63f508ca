package io.parley.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import io.parley.model.ErrorCode;
import io.parley.model.Operation;
import java.io.IOException;
import java.util.Optional;

/** Operations: read from what a client sends, and written inside the events they became. */
final class OperationJson {
  static final String MESSAGE = "message";
  static final String EDIT = "edit";
  static final String DELETE = "delete";
  static final String REACT = "react";
  static final String SKIP = "skip";

  private OperationJson() {}

  /** Empty for {@code skip}. Texts are read as they are; whether they may be stored is not ours. */
  static Optional<Operation> read(Fields op) {
    String kind = op.text("kind");
    if (kind.equals(SKIP)) {
      return Optional.empty();
    }
    return Optional.of(operation(kind, op));
  }

  private static Operation operation(String kind, Fields op) {
    return switch (kind) {
      case MESSAGE -> new Operation.Message(op.text("text"), op.optionalNumber("replyTo", 1));
      case EDIT -> new Operation.Edit(op.number("of", 1), op.text("text"));
      case DELETE -> new Operation.Delete(op.number("of", 1));
      case REACT -> new Operation.React(op.number("of", 1), op.text("emoji"), op.flag("on"));
      default -> throw new Refusal(ErrorCode.UNSUPPORTED, "op.kind", "is not known");
    };
  }

  static String kind(Operation operation) {
    if (operation instanceof Operation.Message) {
      return MESSAGE;
    }
    if (operation instanceof Operation.Edit) {
      return EDIT;
    }
    return operation instanceof Operation.Delete ? DELETE : REACT;
  }

  static void fields(JsonGenerator json, Operation operation) throws IOException {
    if (operation instanceof Operation.Message message) {
      json.writeStringField("text", message.text());
      if (message.replyTo().isPresent()) {
        json.writeNumberField("replyTo", message.replyTo().getAsLong());
      } else {
        json.writeNullField("replyTo");
      }
    } else if (operation instanceof Operation.Edit edit) {
      json.writeNumberField("of", edit.of());
      json.writeStringField("text", edit.text());
    } else if (operation instanceof Operation.Delete delete) {
      json.writeNumberField("of", delete.of());
    } else if (operation instanceof Operation.React react) {
      json.writeNumberField("of", react.of());
      json.writeStringField("emoji", react.emoji());
      json.writeBooleanField("on", react.on());
    }
  }
}
