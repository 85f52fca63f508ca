package io.parley.account;

import io.parley.database.Database;
import io.parley.model.UserId;
import java.util.concurrent.CompletionStage;

/** Mints the ordinals that name the queues of a person's devices: 1, 2, 3…, each once. */
public final class Outboxes {
  private static final String MINT =
      "UPDATE users SET last_outbox = last_outbox + 1 WHERE id = $1 RETURNING last_outbox";

  private static final String HIGHEST = "SELECT last_outbox FROM users WHERE id = $1";

  /**
   * For a database that was restored: devices may hold ordinals that were minted after the backup,
   * and none of them may be minted a second time.
   */
  public static final String AFTER_RESTORE = "UPDATE users SET last_outbox = last_outbox + 1000";

  private final Database database;

  Outboxes(Database database) {
    this.database = database;
  }

  /** The next one; on two nodes at once, two. An ordinal whose answer was lost stays unused. */
  public CompletionStage<Long> mint(UserId user) {
    return ordinal(MINT, user);
  }

  /** All ordinals up to this one were minted; 0 when none was. It only rises. */
  public CompletionStage<Long> highestMinted(UserId user) {
    return ordinal(HIGHEST, user);
  }

  private CompletionStage<Long> ordinal(String sql, UserId user) {
    return database
        .query(
            sql,
            statement -> statement.bind("$1", user.value()),
            row -> Column.number(row, "last_outbox"))
        .thenApply(rows -> rows.stream().findFirst().orElse(0L));
  }
}
