package io.parley.protocol;

import io.parley.model.ConversationId;
import io.parley.model.Limits;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts runs of events so that what carries them keeps its limits: by bytes first, then by count,
 * and never to nothing.
 *
 * <p>One event always fits a frame. A text holds no control characters but TAB and LF, so JSON
 * escapes a byte of it into two at most, and its event takes at most twice the bytes that a text
 * may have, and less than {@link #ENVELOPE_BYTES} around it.
 */
public final class EventBatches {
  /** More than all that surrounds the events in a frame, or the text in an event. */
  static final int ENVELOPE_BYTES = 512;

  private final int maxBytes;
  private final int maxCount;

  private EventBatches(int maxBytes, int maxCount) {
    this.maxBytes = maxBytes - ENVELOPE_BYTES;
    this.maxCount = maxCount;
  }

  /** For frames: pushes, replays and pages over the socket. */
  public static EventBatches forFrames(Limits limits) {
    return checked(limits, limits.frames().frameBytes());
  }

  /** For pages over HTTP, which may be longer. */
  public static EventBatches forPages(Limits limits) {
    return checked(limits, limits.frames().pageBytes());
  }

  private static EventBatches checked(Limits limits, int maxBytes) {
    if (2 * limits.text().utf8Bytes() + 2 * ENVELOPE_BYTES > maxBytes) {
      throw new IllegalArgumentException("the longest text must fit a frame when it is escaped");
    }
    return new EventBatches(maxBytes, limits.frames().page());
  }

  /** All of these events in as few frames as hold them; no frame for no events. */
  public List<ServerFrame.Events> frames(ConversationId conversation, List<EncodedEvent> events) {
    List<ServerFrame.Events> frames = new ArrayList<>();
    for (int from = 0; from < events.size(); ) {
      List<EncodedEvent> batch = oldest(events.subList(from, events.size()));
      frames.add(new ServerFrame.Events(conversation, batch));
      from += batch.size();
    }
    return List.copyOf(frames);
  }

  /** The longest beginning that fits: for a page after a sequence number. */
  public List<EncodedEvent> oldest(List<EncodedEvent> events) {
    int count = 0;
    int bytes = 0;
    while (count < Math.min(events.size(), maxCount)) {
      bytes += events.get(count).utf8Bytes() + 1;
      if (bytes > maxBytes && count > 0) {
        break;
      }
      count++;
    }
    return List.copyOf(events.subList(0, count));
  }

  /** The longest end that fits: for a page before a sequence number, or the newest. */
  public List<EncodedEvent> newest(List<EncodedEvent> events) {
    int from = events.size();
    int bytes = 0;
    while (from > Math.max(0, events.size() - maxCount)) {
      bytes += events.get(from - 1).utf8Bytes() + 1;
      if (bytes > maxBytes && from < events.size()) {
        break;
      }
      from--;
    }
    return List.copyOf(events.subList(from, events.size()));
  }
}
