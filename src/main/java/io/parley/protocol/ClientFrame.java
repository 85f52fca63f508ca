package io.parley.protocol;

import io.parley.model.ConversationId;
import io.parley.model.Marks;
import io.parley.model.Operation;
import io.parley.model.UserId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a client may say. A request carries an id, which its reply repeats. Shape and ranges are
 * checked here; whether the conversation is the sender's, and whether a text may be stored, is for
 * whoever handles the frame.
 */
public sealed interface ClientFrame {

  /**
   * The first frame of every session.
   *
   * @param token absent when a cookie carries it
   * @param user the person whose copies the client holds; present whenever there are cursors
   * @param epoch the database's life that the cursors and {@code since} belong to
   * @param since the place in the inbox up to which the client holds it
   * @param cursors the conversations to replay now, in the order wanted
   * @param backlog how many events to replay at most per conversation; empty for all
   */
  record Hello(
      long id,
      Optional<String> token,
      Optional<String> client,
      Optional<UserId> user,
      Optional<String> epoch,
      Optional<String> since,
      List<Cursor> cursors,
      OptionalLong backlog)
      implements ClientFrame {

    /** Without the token: records end up in logs. */
    @Override
    public String toString() {
      return "Hello[id=%d, client=%s, user=%s, cursors=%d]"
          .formatted(id, client, user, cursors.size());
    }
  }

  /**
   * How far a client holds one conversation.
   *
   * @param seq the last sequence number held; empty for "from the head on"
   */
  record Cursor(ConversationId conversation, OptionalLong seq) {}

  /** Asks for the conversation with the person of that username. */
  record Start(long id, String peer) implements ClientFrame {}

  /**
   * One numbered operation.
   *
   * @param outbox the ordinal of the queue, from 1
   * @param n the number in that queue for this conversation, from 1
   * @param operation empty for {@code skip}, which gives the number up
   * @param claimed the sender's marks, if it told any
   */
  record Send(
      long id,
      ConversationId conversation,
      long outbox,
      long n,
      Optional<Operation> operation,
      Optional<Marks> claimed)
      implements ClientFrame {}

  record Mark(ConversationId conversation, Marks claimed) implements ClientFrame {}

  record Typing(ConversationId conversation, boolean on) implements ClientFrame {}

  /** The people whose presence is wanted from now on, instead of the earlier ones. */
  record Watch(List<UserId> users) implements ClientFrame {}

  /** A page of the log: at most one bound, which the page excludes; without one the newest. */
  record Page(
      long id,
      ConversationId conversation,
      OptionalLong before,
      OptionalLong after,
      OptionalInt limit)
      implements ClientFrame {}

  record Resume(long id, List<Cursor> cursors) implements ClientFrame {}

  record Ping(long id) implements ClientFrame {}

  record Pong() implements ClientFrame {}
}
