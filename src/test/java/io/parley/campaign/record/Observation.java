package io.parley.campaign.record;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * One thing that a client, or the campaign itself, saw or did.
 *
 * <p>{@code at} is in nanoseconds of the campaign's own steady clock, so that moments of different
 * clients compare: all of them are in one process.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "what")
@JsonSubTypes({
  @JsonSubTypes.Type(Observation.Talk.class),
  @JsonSubTypes.Type(Observation.Sent.class),
  @JsonSubTypes.Type(Observation.Answered.class),
  @JsonSubTypes.Type(Observation.Opened.class),
  @JsonSubTypes.Type(Observation.Received.class),
  @JsonSubTypes.Type(Observation.CaughtUp.class),
  @JsonSubTypes.Type(Observation.Told.class),
  @JsonSubTypes.Type(Observation.Marked.class),
  @JsonSubTypes.Type(Observation.Paged.class),
  @JsonSubTypes.Type(Observation.Probed.class),
  @JsonSubTypes.Type(Observation.Listed.class),
  @JsonSubTypes.Type(Observation.Found.class),
  @JsonSubTypes.Type(Observation.Phase.class)
})
public sealed interface Observation {
  /** The purpose of what is read by the way. */
  String PROBE = "probe";

  /** The purpose of what is read at the end, when nothing happens any more. */
  String HISTORY = "history";

  long at();

  /** Two people have a conversation. */
  @JsonTypeName("talk")
  record Talk(long at, String conversation, String first, String second) implements Observation {}

  /** An operation goes out, once more each time that it is tried. */
  @JsonTypeName("sent")
  record Sent(long at, OpKey key, JsonNode op, String node) implements Observation {}

  /**
   * What was answered.
   *
   * @param outcome accepted, skipped, or the code of a refusal
   * @param isFinal whether a refusal isn't to be tried again
   * @param seq of what was accepted, or 0
   * @param time that the server says it was accepted at, or 0
   */
  @JsonTypeName("answered")
  record Answered(
      long at, OpKey key, JsonNode op, String outcome, boolean isFinal, long seq, long time)
      implements Observation {}

  /** A session was welcomed; it asked to go on after these positions. */
  @JsonTypeName("opened")
  record Opened(long at, String session, String user, String node, Map<String, Long> cursors)
      implements Observation {}

  /** A session was sent events. */
  @JsonTypeName("received")
  record Received(long at, String session, String conversation, List<JsonNode> events)
      implements Observation {}

  /** A session was told that it has everything up to here. */
  @JsonTypeName("caughtUp")
  record CaughtUp(long at, String session, String conversation, long seq) implements Observation {}

  /** A session was told something else: bye, resync, closed, or a frame that it can't make out. */
  @JsonTypeName("told")
  record Told(long at, String session, String type, String code, String conversation)
      implements Observation {}

  /** A device says that it has, or that its person has read, so much of the peer's. */
  @JsonTypeName("marked")
  record Marked(long at, String user, String conversation, long delivered, long read)
      implements Observation {}

  /**
   * A page of the log, asked for at {@code asked}.
   *
   * @param purpose probe (of what was just accepted) or history (of all, at the end)
   */
  @JsonTypeName("paged")
  record Paged(
      long at,
      long asked,
      String purpose,
      String user,
      String node,
      String conversation,
      long after,
      long head,
      List<JsonNode> events)
      implements Observation {}

  /**
   * An inbox, asked for at {@code asked}: summaries in the order in which they came.
   *
   * @param purpose probe (its first page, while anything may happen) or history (all of it, at the
   *     end)
   */
  @JsonTypeName("listed")
  record Listed(
      long at, long asked, String purpose, String user, String node, List<JsonNode> conversations)
      implements Observation {}

  /**
   * What a search found, asked for at {@code asked}: hits in the order in which they came.
   *
   * @param purpose probe or history, as with an inbox
   * @param conversation the one searched; empty for all of one's own
   * @param isWhole whether there is nothing more to be found
   */
  @JsonTypeName("found")
  record Found(
      long at,
      long asked,
      String purpose,
      String user,
      String node,
      String text,
      String conversation,
      boolean isWhole,
      List<JsonNode> hits)
      implements Observation {}

  /** Somebody asked for what isn't theirs, and was answered like this. */
  @JsonTypeName("probed")
  record Probed(long at, String user, String conversation, int status, String body)
      implements Observation {}

  /** The campaign itself: a fault begins or is healed, or all has come to rest. */
  @JsonTypeName("phase")
  record Phase(long at, String fault, Step step) implements Observation {}

  /** Where a round of the campaign is. */
  enum Step {
    BEGIN,
    HEAL,
    REST
  }

  /** What a retry is recognised by. */
  record OpKey(String conversation, String user, long outbox, long n) {
    @Override
    public String toString() {
      return conversation + " " + user + " outbox " + outbox + " n " + n;
    }
  }
}
