package io.parley.serialization;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import io.parley.model.ConversationEvent;
import io.parley.model.ConversationId;
import io.parley.model.Operation;
import io.parley.model.UserId;
import java.io.IOException;
import java.util.function.Function;

/**
 * Teaches Jackson what the model doesn't say of itself, so that nodes can tell it to each other:
 * ids are strings, and what is sealed carries its kind. Only for what is in flight between nodes;
 * what is persisted has {@link EventCbor}. A name once given stays: during a rolling upgrade nodes
 * of two versions talk.
 */
public final class ModelModule extends SimpleModule {
  private static final long serialVersionUID = 1;

  public ModelModule() {
    super("parley-model");
    id(UserId.class, UserId::new);
    id(ConversationId.class, ConversationId::new);
    setMixInAnnotation(Operation.class, OperationKinds.class);
    setMixInAnnotation(ConversationEvent.class, EventKinds.class);
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Operation.Message.class, name = "message"),
    @JsonSubTypes.Type(value = Operation.Edit.class, name = "edit"),
    @JsonSubTypes.Type(value = Operation.Delete.class, name = "delete"),
    @JsonSubTypes.Type(value = Operation.React.class, name = "react")
  })
  private interface OperationKinds {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = ConversationEvent.Opened.class, name = "opened"),
    @JsonSubTypes.Type(value = ConversationEvent.Operated.class, name = "operated"),
    @JsonSubTypes.Type(value = ConversationEvent.Erased.class, name = "erased"),
    @JsonSubTypes.Type(value = ConversationEvent.Skipped.class, name = "skipped"),
    @JsonSubTypes.Type(value = ConversationEvent.Marked.class, name = "marked")
  })
  private interface EventKinds {}

  /** An id is its text, as a value and as the key of a map. */
  private <T> void id(Class<T> type, Function<String, T> of) {
    addSerializer(type, new ToStringSerializer(type));
    addKeySerializer(type, new IdKeySerializer<>(type));
    addDeserializer(type, new IdDeserializer<>(type, of));
    addKeyDeserializer(type, new IdKeyDeserializer(of));
  }

  private static final class IdDeserializer<T> extends FromStringDeserializer<T> {
    private static final long serialVersionUID = 1;
    private final transient Function<String, T> of;

    IdDeserializer(Class<T> type, Function<String, T> of) {
      super(type);
      this.of = of;
    }

    @Override
    protected T _deserialize(String value, DeserializationContext context) {
      return of.apply(value);
    }
  }

  private static final class IdKeySerializer<T> extends StdSerializer<T> {
    private static final long serialVersionUID = 1;

    IdKeySerializer(Class<T> type) {
      super(type);
    }

    @Override
    public void serialize(T id, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeFieldName(id.toString());
    }
  }

  private static final class IdKeyDeserializer extends KeyDeserializer {
    private final Function<String, ?> of;

    IdKeyDeserializer(Function<String, ?> of) {
      this.of = of;
    }

    @Override
    public Object deserializeKey(String key, DeserializationContext context) {
      return of.apply(key);
    }
  }
}
