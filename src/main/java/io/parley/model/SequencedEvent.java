package io.parley.model;

/** An event and its place in its conversation's log: 1, 2, 3… without holes. */
public record SequencedEvent(long seq, ConversationEvent event) {
  public SequencedEvent {
    if (seq < 1) {
      throw new IllegalArgumentException("sequence numbers count from 1");
    }
  }
}
