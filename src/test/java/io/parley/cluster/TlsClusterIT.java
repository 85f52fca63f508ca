package io.parley.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.testing.ChatClient;
import io.parley.testing.HttpDoor;
import io.parley.testing.HttpDoor.Account;
import io.parley.testing.ServerProcess;
import io.parley.testing.TestAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes as processes of their own that show each other certificates. */
class TlsClusterIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final NodesOnOneDatabase nodes = new NodesOnOneDatabase();
  private final TestAuthority authority = TestAuthority.named("nodes");
  private final Path folder;

  TlsClusterIT(@TempDir Path folder) {
    this.folder = folder;
  }

  @AfterEach
  void end() {
    nodes.close();
  }

  @Test
  void nodesOfOneAuthorityAreOneClusterAndOthersAreRefusedInWords() throws IOException {
    ServerProcess one = nodes.start(certified("one", authority, authority));
    ServerProcess two = nodes.start(certified("two", authority.intermediate("site"), authority));
    assertThat(nodes.rows("SELECT DISTINCT life FROM cluster_member")).hasSize(1);

    HttpDoor http = new HttpDoor("http://127.0.0.1:" + one.port());
    Account ada = http.account("ada");
    Account bob = http.account("bob");
    String conversation = http.conversation(ada, bob);
    long outbox = http.outbox(ada);
    try (ChatClient atBob = ChatClient.welcomed(two.port(), bob.token());
        ChatClient atAda = ChatClient.welcomed(one.port(), ada.token())) {
      atAda.say(conversation, outbox, 1, "across");
      assertThat(atBob.awaitText()).isEqualTo("across");
    }
    assertThat(answerToPlain(nodes.clusterPort(one)))
        .as("closed, or an alert of TLS")
        .hasSizeLessThan(8);

    TestAuthority foreign = TestAuthority.named("foreign");
    refused(
        nodes.begin(certified("three", foreign, foreign)),
        "doesn't trust the authority that signed");
    refused(nodes.begin(Map.of()), "speaks TLS with other nodes, and this one doesn't");
    assertThat(nodes.rows("SELECT address FROM cluster_member")).hasSize(2);
  }

  @Test
  void aNodeWithTlsIsRefusedByWordsWhereTheOthersSpeakWithout() {
    nodes.start(Map.of());
    refused(nodes.begin(certified("one", authority, authority)), "speaks without TLS");
    assertThat(nodes.rows("SELECT address FROM cluster_member")).hasSize(1);
  }

  @Test
  void whoeverLiesInTheTableIsStoppedByTheHandshake() {
    nodes.start(certified("one", authority, authority));
    TestAuthority foreign = TestAuthority.named("foreign");
    // What it says of itself would do; what it shows doesn't.
    lieInTheTable("'of a later build'");
    ServerProcess liar = nodes.begin(certified("liar", foreign, foreign));
    Awaitility.await().atMost(PATIENCE).until(() -> liar.output().contains("Not let in by"));
    assertThat(liar.output())
        .doesNotContain("Parley is ready")
        .contains("SSLHandshakeException: PKIX", "doesn't take the other's certificate");
    liar.close();
    assertThat(nodes.rows("SELECT address FROM cluster_member")).hasSize(1);
  }

  @Test
  void whomAWiderAuthoritySignedForIsNoNodeWithoutTheNodesName() {
    Map<String, String> named = Map.of("PARLEY_CLUSTER_TLS_NAME", "parley-node");
    nodes.start(with(named, certified("parley-node", authority, authority)));
    nodes.start(with(named, certified("parley-node", authority, authority)));
    refused(
        nodes.begin(certified("printer", authority, authority)),
        "PARLEY_CLUSTER_TLS_NAME is not set here and parley-node there");

    // As rows of builds that told no names: it tries, and the handshake stops it.
    lieInTheTable("regexp_replace(NEW.transport, ',names:.*', '')");
    ServerProcess other = nodes.begin(certified("printer", authority, authority));
    Awaitility.await().atMost(PATIENCE).until(() -> other.output().contains("Not let in by"));
    assertThat(other.output())
        .doesNotContain("Parley is ready")
        .contains("SSLHandshakeException", "doesn't take the other's certificate");
    other.close();
    assertThat(nodes.rows("SELECT address FROM cluster_member")).hasSize(2);
  }

  @Test
  void aNameIsBroughtInAtOneNodeAfterTheOtherAndOneThatOthersLackIsRefusedInWords() {
    nodes.start(certified("one", authority, authority));
    // Every certificate here carries it.
    nodes.start(
        with(
            Map.of("PARLEY_CLUSTER_TLS_NAME", "localhost"),
            certified("two", authority, authority)));
    assertThat(nodes.rows("SELECT DISTINCT life FROM cluster_member")).hasSize(1);
    refused(
        nodes.begin(
            with(
                Map.of("PARLEY_CLUSTER_TLS_NAME", "three"),
                certified("three", authority, authority))),
        "PARLEY_CLUSTER_TLS_NAME is three here and ");
    assertThat(nodes.rows("SELECT address FROM cluster_member")).hasSize(2);
  }

  /** Every member's row tells this of its transport from its next beat on. */
  private void lieInTheTable(String transport) {
    List<String> before = nodes.rows("SELECT transport FROM cluster_member");
    nodes.execute(
        "CREATE FUNCTION lie() RETURNS trigger LANGUAGE plpgsql AS"
            + " $$ BEGIN NEW.transport := "
            + transport
            + "; RETURN NEW; END $$");
    nodes.execute(
        "CREATE TRIGGER lie BEFORE UPDATE ON cluster_member"
            + " FOR EACH ROW EXECUTE FUNCTION lie()");
    Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () ->
                nodes.rows("SELECT transport FROM cluster_member").stream()
                    .noneMatch(before::contains));
  }

  private static Map<String, String> with(Map<String, String> more, Map<String, String> to) {
    Map<String, String> all = new HashMap<>(to);
    all.putAll(more);
    return all;
  }

  @Test
  void anAuthorityGivesPlaceToAnotherWithoutARestart() {
    TestAuthority next = TestAuthority.named("next");
    ServerProcess one = nodes.start(certified("one", authority, authority));
    TestAuthority.write(
        folder.resolve("one").resolve("authority.pem"), authority.pem() + next.pem());
    Map<String, String> ofNext = certified("two", next, next);
    TestAuthority.write(
        folder.resolve("two").resolve("authority.pem"), authority.pem() + next.pem());
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> nodes.rows("SELECT transport FROM cluster_member").get(0).contains(","));
    nodes.start(ofNext);
    assertThat(nodes.rows("SELECT DISTINCT life FROM cluster_member")).hasSize(1);
    assertThat(one.output()).doesNotContain("ERROR");
  }

  private static void refused(ServerProcess node, String words) {
    assertThat(node.exitCode()).as(node.output()).isEqualTo(1);
    assertThat(node.output())
        .contains("This node can't join 127.0.0.1:", words)
        .doesNotContain("Parley is ready")
        .doesNotContain("\tat ");
  }

  private static byte[] answerToPlain(int clusterPort) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), clusterPort), 5_000);
      socket.setSoTimeout(20_000);
      // As Artery's own connections begin.
      socket
          .getOutputStream()
          .write("AKKA\1and what follows it".getBytes(StandardCharsets.US_ASCII));
      return socket.getInputStream().readAllBytes();
    }
  }

  /** A folder with a node's files; the variables that name them. */
  private Map<String, String> certified(String name, TestAuthority by, TestAuthority trusted) {
    Path own = folder.resolve(name);
    by.issue(name).write(own);
    TestAuthority.write(own.resolve("authority.pem"), trusted.pem());
    return Map.of(
        "PARLEY_CLUSTER_TLS_CERTIFICATE", own.resolve("node.pem").toString(),
        "PARLEY_CLUSTER_TLS_KEY", own.resolve("node.key").toString(),
        "PARLEY_CLUSTER_TLS_AUTHORITY", own.resolve("authority.pem").toString(),
        "PARLEY_TLS_LOOK_EVERY", "200ms");
  }
}
