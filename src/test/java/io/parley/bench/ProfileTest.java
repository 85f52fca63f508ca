package io.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;

/** From collapsed stacks to the table and the picture. */
class ProfileTest {
  private static final String ACTOR = "java/lang/Thread.run;org/apache/pekko/dispatch/Mailbox.run;";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "io/parley/session/Session.onText;com/fasterxml/jackson/core/JsonParser.nextToken | SESSION",
        "io/parley/conversation/Conversation.onOperate | PERSISTENCE",
        "org/apache/pekko/persistence/typed/internal/Running.onCommand | PERSISTENCE",
        "io/parley/session/Session.onSend;org/apache/pekko/cluster/sharding/ShardRegion.x | SHARDING",
        "io/parley/user/User.onEvent;java/util/HashMap.get | USER",
        "io/parley/journal/Batch.add;java/util/ArrayList.add | JOURNAL",
        "io/parley/journal/Batch.write;io/r2dbc/postgresql/Client.send;java/lang/String.x | DRIVER",
        "io/parley/journal/Batch.write;io/r2dbc/x/Client.send;__send;tcp_sendmsg_[k];x_[k] | SYSCALLS",
        "io/parley/feed/Feed.onNotice | FEED",
        "org/apache/pekko/stream/impl/fusing/GraphInterpreter.execute;java/lang/Object.x | SOCKETS",
        "io/parley/user/User.tell;java/util/concurrent/ForkJoinPool.signalWork;x | DISPATCH",
        "G1CollectedHeap::do_collection;memcpy | GC",
        "CompileBroker::compiler_thread_loop;PhaseIdealLoop::build | JIT",
        "CompileBroker::compiler_thread_loop;G1BarrierSetC2::pre_barrier;SubLNode::Ideal | JIT",
      })
  void aStackBelongsToItsInnermostPart(String stack, Place place) {
    assertThat(Place.of(stack)).isEqualTo(place);
    assertThat(Place.of(ACTOR + stack)).isEqualTo(place);
  }

  @Test
  void whatNamesNoPartIsOther() {
    assertThat(Place.of("java/lang/Thread.run;java/util/HashMap.get")).isEqualTo(Place.OTHER);
  }

  @Test
  void theTableTellsThePercentOfEachTheMostFirst() {
    Stacks stacks =
        Stacks.parse("io/parley/user/User.a 1\nio/parley/feed/Feed.b 6\nio/parley/user/User.c 2\n")
            .plus(Stacks.parse("java/lang/Thread.run;some words here 1\n"));
    assertThat(stacks.total()).isEqualTo(10);
    assertThat(Place.table(stacks).lines())
        .containsExactly(" 60.0 %  feed", " 30.0 %  user", " 10.0 %  other");
  }

  @Test
  void stacksOfSeveralNodesAreAddedUpAndWrittenAsTheyWereRead() {
    Stacks one = Stacks.parse("a;b 3\na;c 4\n");
    assertThat(one.plus(Stacks.parse("a;b 2\n")).text()).isEqualTo("a;b 5\na;c 4\n");
    assertThat(one.total()).isEqualTo(7);
  }

  @Test
  void namesLoseWhatDiffersFromProcessToProcess() {
    assertThat(FlameGraph.shortened("org/apache/pekko/actor/ActorCell.invoke"))
        .isEqualTo("ActorCell.invoke");
    assertThat(FlameGraph.shortened("java/lang/invoke/LambdaForm$MH.0x00007ff7cc136000.invoke"))
        .isEqualTo("LambdaForm$MH.invoke");
    assertThat(FlameGraph.shortened("io/parley/user/User$$Lambda$12.0x0000aa.apply"))
        .isEqualTo("User$$Lambda.apply");
    assertThat(FlameGraph.shortened("io/parley/user/User.lambda$onEvent$3"))
        .isEqualTo("User.onEvent");
    assertThat(FlameGraph.shortened("Parker::park(bool, long)")).isEqualTo("Parker::park");
    assertThat(FlameGraph.shortened("tcp_sendmsg_[k]")).isEqualTo("tcp_sendmsg");
  }

  @Test
  void thePictureHasWhatIsWideEnoughAndNoScript() throws Exception {
    String svg =
        FlameGraph.of(
            Stacks.parse("a/B<C>.d;a/E.wide 996\na/B<C>.d;a/E.narrow 4\n"), "pairs & <marks>");
    Document picture = parsed(svg);
    assertThat(picture.getElementsByTagName("script").getLength()).isZero();
    assertThat(svg)
        .contains("<title>B&lt;C&gt;.d 100.0 %</title>", "<title>E.wide 99.6 %</title>")
        .contains("pairs &amp; &lt;marks&gt;")
        .doesNotContain("narrow");
  }

  @Test
  void aPictureOfTooMuchLeavesOutWhatIsNarrow() throws Exception {
    Map<String, Long> counts = new HashMap<>();
    for (int i = 0; i < 150; i++) {
      counts.put(("some/package/WithALongName" + i + ".andALongMethod;").repeat(80) + "x", 1L);
    }
    counts.put("a/Hot.spot", 150L);
    String svg = FlameGraph.of(new Stacks(counts), "deep");
    parsed(svg);
    assertThat(svg.length()).isLessThan(FlameGraph.MOST_BYTES);
    assertThat(svg).contains("Hot.spot 50.0 %");
  }

  private static Document parsed(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }
}
