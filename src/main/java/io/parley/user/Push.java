package io.parley.user;

import io.parley.model.ConversationId;
import io.parley.model.Participants;
import io.parley.model.UserId;
import io.parley.protocol.EncodedEvent;
import io.parley.serialization.NodeMessage;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** What a user tells the sessions attached to it. Any of these may be lost on the way. */
public sealed interface Push extends NodeMessage {

  /**
   * The lease is held.
   *
   * @param incarnation names this life of the user actor: another one than before means that
   *     deliveries may have been missed
   * @param feedVersion the newest that the feed has told of this user, 0 when it told nothing yet
   */
  record Attached(long incarnation, long feedVersion) implements Push {}

  /** This person has as many sessions as may be; the session is not attached. */
  record TooManySessions() implements Push {}

  /** There is no place left, and others wait for one: renew the lease if the client is there. */
  record Renew() implements Push {}

  /** The user moves to another node: attach again. */
  record Reattach() implements Push {}

  /** The sign-in that the session stands on was ended. */
  record Revoked() implements Push {}

  /** Events just stored, in order, encoded for this person. */
  record Delivered(
      ConversationId conversation, Participants participants, List<EncodedEvent> events)
      implements Push {
    public Delivered {
      events = List.copyOf(events);
    }
  }

  /**
   * How far conversations had come when the feed applied them.
   *
   * @param feedVersion of the inbox, with these heads in it
   * @param changes of the inbox that this tells of, without a hole, the last of them that version;
   *     a node of an earlier build tells of one and doesn't say so
   */
  record Heads(long feedVersion, long changes, Map<ConversationId, Long> heads) implements Push {
    public Heads {
      changes = Math.max(1, changes);
      heads = Map.copyOf(heads);
    }
  }

  /** The peer types, or no longer does. */
  record Typing(ConversationId conversation, UserId by, boolean on) implements Push {}

  /**
   * Whether somebody watched is there.
   *
   * @param lastSeen in milliseconds since the epoch, to the minute; empty while online or unknown
   */
  record Presence(UserId user, boolean online, OptionalLong lastSeen) implements Push {}
}
