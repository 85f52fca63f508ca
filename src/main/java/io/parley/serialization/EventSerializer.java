package io.parley.serialization;

import io.parley.model.ConversationEvent;

/** Persists the events of conversations, in the forms of {@link EventCbor}. */
public final class EventSerializer extends CodecSerializer<ConversationEvent> {

  /** Stored with every event; what reads the journal's rows itself checks it. */
  public static final int IDENTIFIER = 71_001;

  public EventSerializer() {
    super(IDENTIFIER, ConversationEvent.class, EventCbor.CODEC);
  }
}
