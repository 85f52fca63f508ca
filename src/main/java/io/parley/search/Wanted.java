package io.parley.search;

import io.parley.model.ConversationId;
import io.parley.model.SearchText;
import io.parley.model.UserId;
import java.util.Optional;

/**
 * What somebody looks for.
 *
 * @param in one conversation, which this person is known to be in; empty for all of theirs
 * @param limit hits in one page
 */
public record Wanted(UserId by, Optional<ConversationId> in, SearchText text, int limit) {}
