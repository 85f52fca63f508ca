package io.parley.session;

import io.parley.model.ConversationId;
import io.parley.model.ErrorCode;
import io.parley.model.Participants;
import io.parley.model.Person;
import io.parley.model.UserId;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Who is who, who may talk to whom, and which outboxes were given out. */
public interface Directory {

  /** A person signed in, and the sign-in that this stands on. */
  record SignedIn(Person person, String signIn) {
    UserId user() {
      return person.id();
    }
  }

  /** What {@code start} comes to; exactly one of them is there. */
  record Started(Optional<ConversationId> conversation, Optional<ErrorCode> refusal) {}

  /** Empty when the token is unknown, expired or signed out. */
  CompletionStage<Optional<SignedIn>> authenticate(String token);

  /** Those of these sign-ins that hold no longer, for whatever reason. */
  CompletionStage<Set<String>> ended(Set<String> signIns);

  /** The two of a conversation; empty when there is none. */
  CompletionStage<Optional<Participants>> participants(ConversationId conversation);

  /** Those of {@code conversations} that are this person's. */
  CompletionStage<Set<ConversationId>> conversationsAmong(
      UserId user, Set<ConversationId> conversations);

  CompletionStage<Boolean> isMinted(UserId user, long outbox);

  /** The conversation with the person of this name or id, made if there was none. */
  CompletionStage<Started> start(UserId user, String peer);

  /** Those of {@code others} with whom {@code user} has a conversation. */
  CompletionStage<Set<UserId>> peersAmong(UserId user, Set<UserId> others);
}
