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

  /** Empty for a persistence id that is no conversation's. */
  public static Optional<ConversationId> conversation(String persistenceId) {
    return persistenceId.startsWith(PREFIX)
        ? Optional.of(new ConversationId(persistenceId.substring(PREFIX.length())))
        : Optional.empty();
  }
}
