package io.parley.search;

import static java.util.Objects.requireNonNull;

import io.parley.model.ConversationId;
import io.parley.model.Hit;
import io.parley.model.Person;
import io.parley.model.UserId;
import io.r2dbc.spi.Readable;
import java.util.OptionalLong;

/**
 * A row of a search: a hit, or the last message that a walk looked at.
 *
 * @param last whether the walk ended here because it may look at no more
 */
record Found(Hit hit, SearchPlace place, boolean isHit, boolean last) {

  static Found of(Readable row, UserId searcher, int walk) {
    ConversationId conversation = new ConversationId(text(row, "conversation_id"));
    UserId author = new UserId(text(row, "author"));
    UserId recipient = new UserId(text(row, "recipient"));
    long seq = number(row, "seq");
    Long replyTo = row.get("reply_to", Long.class);
    return new Found(
        new Hit(
            conversation,
            person(row, author.equals(searcher) ? recipient : author),
            new Hit.Message(
                seq,
                author,
                number(row, "at"),
                text(row, "body"),
                replyTo == null ? OptionalLong.empty() : OptionalLong.of(replyTo),
                flag(row, "edited"))),
        new SearchPlace(number(row, "position"), conversation.value(), seq, false),
        flag(row, "hit"),
        number(row, "place") == walk);
  }

  /** Somebody whose account is gone keeps an id, and no name. */
  private static Person person(Readable row, UserId id) {
    String username = row.get("username", String.class);
    return username == null
        ? new Person(id, "", "")
        : new Person(id, username, text(row, "display_name"));
  }

  private static String text(Readable row, String column) {
    return requireNonNull(row.get(column, String.class));
  }

  private static long number(Readable row, String column) {
    return requireNonNull(row.get(column, Long.class));
  }

  private static boolean flag(Readable row, String column) {
    return requireNonNull(row.get(column, Boolean.class));
  }
}
