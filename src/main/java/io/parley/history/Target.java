package io.parley.history;

import io.parley.model.SequencedEvent;
import java.util.Set;

/**
 * What an operation is about, as of the moment of reading.
 *
 * @param event the event at that place of the log, which may be no message
 * @param deleted whether its author deleted it, even if its text isn't erased yet
 * @param emoji those on it now
 */
public record Target(SequencedEvent event, boolean deleted, Set<String> emoji) {
  public Target {
    emoji = Set.copyOf(emoji);
  }
}
