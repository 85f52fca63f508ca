package io.parley;

import io.parley.database.DatabaseLife;
import io.parley.demo.Demo;
import java.util.concurrent.CompletionStage;

/** What {@link Launch} starts once the database is ready, and stops before the database. */
public interface ChatServer {

  /**
   * Begins to serve.
   *
   * @param databaseUrl of a database that is migrated and checked; a secret; {@link
   *     Settings#system} puts it where the actor system looks for it
   */
  Running start(Settings settings, String databaseUrl, DatabaseLife life);

  /** A server that has begun. */
  interface Running {

    /**
     * Completes with the address for a browser when clients can come, which may take as long as the
     * cluster takes to let this node in; fails with an exception whose message is for an operator.
     */
    CompletionStage<String> serves();

    /**
     * Brings the people of the demo into the database, unless they are there, and a bot that stops
     * with the server; fails with {@link io.parley.demo.DemoRefusedException}.
     */
    CompletionStage<Demo> openDemo();

    /** Completes with the reason, in words, when the server has ended without being stopped. */
    CompletionStage<String> ended();

    /** Parts with everyone and completes when nothing uses the database any more. */
    CompletionStage<Void> stop();
  }
}
