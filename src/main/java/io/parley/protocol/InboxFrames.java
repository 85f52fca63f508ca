package io.parley.protocol;

import io.parley.model.ConversationSummary;
import io.parley.model.Limits;
import io.parley.model.MessageText;
import io.parley.model.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Cuts what changed in an inbox into frames that keep their limit: by bytes, then by count. */
public final class InboxFrames {
  private final int maxBytes;
  private final int maxCount;

  public InboxFrames(Limits limits) {
    this.maxBytes = limits.frames().frameBytes() - EventBatches.ENVELOPE_BYTES - 512;
    this.maxCount = limits.frames().inbox();
  }

  /**
   * At least one frame, even for no conversation: the last says that no more follow, and it alone
   * tells the place reached.
   */
  public List<ServerFrame.Inbox> cut(
      UserId viewer, List<ConversationSummary> conversations, String since) {
    List<ServerFrame.Inbox> frames = new ArrayList<>();
    List<ConversationSummary> batch = new ArrayList<>();
    int bytes = 0;
    for (ConversationSummary conversation : conversations) {
      int length = utf8Bytes(viewer, conversation);
      if (!batch.isEmpty() && (bytes + length > maxBytes || batch.size() == maxCount)) {
        frames.add(new ServerFrame.Inbox(viewer, List.copyOf(batch), Optional.empty(), true));
        batch.clear();
        bytes = 0;
      }
      batch.add(conversation);
      bytes += length;
    }
    frames.add(new ServerFrame.Inbox(viewer, List.copyOf(batch), Optional.of(since), false));
    return List.copyOf(frames);
  }

  private static int utf8Bytes(UserId viewer, ConversationSummary conversation) {
    String json = Json.object(fields -> SummaryJson.fields(fields, viewer, conversation));
    return MessageText.utf8Length(json) + 1;
  }
}
