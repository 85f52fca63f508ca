package io.parley;

import io.parley.database.DatabaseLife;
import io.parley.demo.Demo;
import java.util.concurrent.CompletionStage;

/** What {@link Launch} starts once the database is ready, and stops before the database. */
public interface ChatServer {

  /**
   * Begins to serve; fails with an exception whose message is for an operator.
   *
   * @param databaseUrl of a database that is migrated and checked; a secret; {@link
   *     Settings#system} puts it where the actor system looks for it
   */
  CompletionStage<Running> start(Settings settings, String databaseUrl, DatabaseLife life);

  /** A server that serves. */
  interface Running {

    /** Where a person goes with a browser. */
    String url();

    /**
     * Brings the people of the demo into the database, unless they are there, and a bot that stops
     * with the server; fails with {@link io.parley.demo.DemoRefusedException}.
     */
    CompletionStage<Demo> openDemo();

    /** Parts with everyone and completes when nothing uses the database any more. */
    CompletionStage<Void> stop();
  }
}
