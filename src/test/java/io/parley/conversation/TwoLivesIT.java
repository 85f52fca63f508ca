package io.parley.conversation;

import static io.parley.conversation.Scene.ADA;
import static io.parley.conversation.Scene.CLOCK;
import static io.parley.conversation.Scene.ID;
import static io.parley.conversation.Scene.operate;
import static io.parley.conversation.Scene.skip;
import static io.parley.conversation.Scene.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.parley.model.Operation;
import io.parley.testing.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Two nodes that each take themselves for the home of one conversation, as they do when one was
 * paused or cut off, on the real journal: what one says is not stored, the other never stores.
 */
class TwoLivesIT {
  private static final Duration BOUND = Duration.ofSeconds(10);

  private final String url = TestPostgres.freshDatabase();
  private final List<ActorTestKit> nodes = new ArrayList<>();
  private final Life older = new Life();
  private final Life newer = new Life();

  /** One life of the conversation, on a node of its own. It begins with what it is first told. */
  private final class Life {
    private final ActorTestKit node = node();
    private final TestProbe<Reply> replies = node.createTestProbe();
    private Optional<ActorRef<Conversation.Command>> conversation = Optional.empty();

    private void tell(Conversation.Command command) {
      if (conversation.isEmpty()) {
        conversation =
            Optional.of(node.spawn(Conversation.create(ID, (id, to, events) -> {}, CLOCK)));
      }
      conversation.get().tell(command);
    }

    void crash() {
      conversation.ifPresent(node::stop);
      conversation = Optional.empty();
    }

    Reply send(long n, Operation operation) {
      tell(operate(ADA, 1, n, operation, replies.ref()));
      return replies.receiveMessage(BOUND);
    }

    Reply giveUp(long n) {
      tell(skip(ADA, 1, n, replies.ref()));
      return replies.receiveMessage(BOUND);
    }
  }

  @AfterEach
  void end() {
    nodes.forEach(ActorTestKit::shutdownTestKit);
  }

  @Test
  void anOlderLifeStoresNothingOfWhatANewerOneSkipped() throws SQLException {
    older.send(1, text("a"));
    assertThat(newer.giveUp(2)).isEqualTo(new Reply.Spent());

    assertThat(older.send(2, text("a late copy"))).isEqualTo(new Reply.Failed());
    assertThat(older.send(2, text("a late copy"))).isEqualTo(new Reply.NotStored());
    assertThat(older.giveUp(2)).isEqualTo(new Reply.NotStored());
    assertThat(log()).containsExactly("opened-1", "message-1", "skipped-1");
  }

  @Test
  void aSkipInAnOlderLifeFindsWhatANewerOneStored() throws SQLException {
    older.send(1, text("a"));
    newer.send(2, text("b"));

    assertThat(older.giveUp(2)).isEqualTo(new Reply.Failed());
    assertThat(older.giveUp(2)).isEqualTo(new Reply.Stored(3));
    assertThat(log()).containsExactly("opened-1", "message-1", "message-1");
  }

  @Test
  void whatWasGoneInOneLifeIsNotStoredByAnotherThatKnowsOfNoDeletion() throws SQLException {
    older.send(1, text("a"));
    newer.send(2, new Operation.Delete(2));
    assertThat(newer.send(3, new Operation.Edit(2, "b"))).isEqualTo(new Reply.Gone());

    assertThat(older.send(2, new Operation.Delete(2))).isEqualTo(new Reply.Failed());
    assertThat(older.send(3, new Operation.Edit(2, "b"))).isEqualTo(new Reply.NotStored());
    assertThat(log()).containsExactly("opened-1", "message-1", "delete-1", "skipped-1");
  }

  @Test
  void aSkipOutlivesTheLifeThatAnsweredIt() throws SQLException {
    assertThat(newer.giveUp(1)).isEqualTo(new Reply.Spent());
    newer.crash();

    assertThat(newer.send(1, text("a late copy"))).isEqualTo(new Reply.NotStored());
    assertThat(newer.send(2, text("b"))).isInstanceOf(Reply.Accepted.class);
    assertThat(log()).containsExactly("opened-1", "skipped-1", "message-1");
  }

  private ActorTestKit node() {
    ActorTestKit node =
        ActorTestKit.create(
            "node",
            ConfigFactory.parseString(
                    """
                    pekko.persistence.journal.plugin = parley.journal
                    pekko.persistence.snapshot-store.plugin = parley.snapshot
                    parley.database.url = "%s"
                    """
                        .formatted(url))
                .withFallback(ConfigFactory.load()));
    nodes.add(node);
    return node;
  }

  private List<String> log() throws SQLException {
    try (Connection session = TestPostgres.connect(url);
        Statement statement = session.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT event_ser_manifest FROM event_journal ORDER BY seq_nr")) {
      List<String> log = new ArrayList<>();
      while (row.next()) {
        log.add(row.getString(1));
      }
      return log;
    }
  }
}
