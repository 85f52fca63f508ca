package io.parley.serialization;

import io.parley.model.ConversationId;
import java.util.Optional;

/** Under which name the journal keeps the log of a conversation. Stored with every row. */
public final class ConversationLog {

  /** The entity type of Pekko's sharding and of the journal's column. */
  public static final String ENTITY_TYPE = "Conversation";

  /** Pekko's own separator, as {@code PersistenceId.of(ENTITY_TYPE, id)} puts it. */
  private static final String PREFIX = ENTITY_TYPE + "|";

  private ConversationLog() {}

  public static String persistenceId(ConversationId conversation) {
    return PREFIX + conversation.value();
  }

  /**
   * The same in SQL, of a column of conversation ids. Those compare by bytes and the journal's ids
   * as the database does: unless that is named, PostgreSQL can't use the journal's index, and reads
   * all of it.
   *
   * @param column with its table's name
   */
  public static String persistenceIdOf(String column) {
    return "('" + PREFIX + "' || " + column + ") COLLATE \"default\"";
  }

  /** Empty for a persistence id that is no conversation's. */
  public static Optional<ConversationId> conversation(String persistenceId) {
    return persistenceId.startsWith(PREFIX)
        ? Optional.of(new ConversationId(persistenceId.substring(PREFIX.length())))
        : Optional.empty();
  }
}
