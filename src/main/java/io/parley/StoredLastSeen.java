package io.parley;

import io.parley.account.Accounts;
import io.parley.model.UserId;
import io.parley.user.User;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps in the accounts when somebody was last there. */
record StoredLastSeen(Accounts accounts) implements User.LastSeen {
  private static final Logger log = LoggerFactory.getLogger(StoredLastSeen.class);

  @Override
  public CompletionStage<OptionalLong> load(UserId user) {
    return accounts
        .lastSeen(user)
        .thenApply(
            seen ->
                seen.map(at -> OptionalLong.of(at.toEpochMilli())).orElse(OptionalLong.empty()));
  }

  /** Best effort: the next time they leave it is written again. */
  @Override
  public void save(UserId user, long at) {
    accounts
        .seen(user, Instant.ofEpochMilli(at))
        .exceptionally(
            failure -> {
              log.debug("{} was not noted as seen: {}", user, failure.toString());
              return 0L;
            });
  }
}
