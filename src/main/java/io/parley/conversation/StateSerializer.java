package io.parley.conversation;

import io.parley.serialization.CodecSerializer;

/** Persists the snapshots of conversations, in the form of {@link StateCbor}. */
final class StateSerializer extends CodecSerializer<ConversationState> {

  /** Stored with every snapshot. */
  static final int IDENTIFIER = 71_002;

  StateSerializer() {
    super(IDENTIFIER, ConversationState.class, StateCbor.CODEC);
  }
}
