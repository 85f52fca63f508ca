package io.parley.campaign.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.campaign.record.Observation;
import io.parley.campaign.record.Observation.Answered;
import io.parley.campaign.record.Observation.OpKey;
import io.parley.campaign.record.Observation.Opened;
import io.parley.campaign.record.Observation.Paged;
import io.parley.campaign.record.Observation.Phase;
import io.parley.campaign.record.Observation.Probed;
import io.parley.campaign.record.Observation.Received;
import io.parley.campaign.record.Observation.Sent;
import io.parley.campaign.record.Observation.Step;
import io.parley.campaign.record.Observation.Told;
import io.parley.testing.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The judge is judged: a run that is clean, and one change each that breaks one promise. */
class CheckMutantsTest {

  /** A change of the clean run, and the promise that it breaks. */
  record Mutant(String name, Promise broken, Consumer<Recording> change) {
    @Override
    public String toString() {
      return name;
    }
  }

  @Test
  void aCleanRunIsClean() {
    Recording run = Recording.clean();
    Verdict verdict = Check.of(Evidence.of(run.seen), run.journal());
    assertThat(verdict.violations()).isEmpty();
    assertThat(verdict.events()).isEqualTo(10);
    assertThat(verdict.accepted()).isEqualTo(8);
    assertThat(verdict.deliveries().count()).isPositive();
  }

  @Test
  void aSkipIsCleanOnceItIsStored() {
    Recording run = Recording.clean();
    run.skip(10);
    assertThat(Check.of(Evidence.of(run.seen), run.journal()).violations()).isEmpty();
  }

  @Test
  void aNodeThatIsStoppedMayBeSilentAndNoOther() {
    assertThat(silenceDuring("pause + kill").violations()).isEmpty();
    assertThat(silenceDuring("postgresql-paused").violations())
        .extracting(Violation::promise)
        .containsExactly(Promise.ANSWERED);
  }

  private static Verdict silenceDuring(String fault) {
    Recording run = Recording.clean();
    run.add(new Phase(run.tick(), fault, Step.BEGIN));
    run.add(new Told(run.tick(), "ada#1", "silence", "n 9", Recording.TALK));
    run.add(new Phase(run.tick(), fault, Step.HEAL));
    return Check.of(Evidence.of(run.seen), run.journal());
  }

  @ParameterizedTest
  @MethodSource("mutants")
  void eachMutantIsCaughtForTheRightReason(Mutant mutant) {
    Recording run = Recording.clean();
    mutant.change().accept(run);
    assertThat(Check.of(Evidence.of(run.seen), run.journal()).violations())
        .extracting(Violation::promise)
        .contains(mutant.broken());
  }

  static Stream<Mutant> mutants() {
    return Stream.concat(ofTheJournal(), ofWhatWasSeen());
  }

  private static Stream<Mutant> ofTheJournal() {
    return Stream.of(
        new Mutant(
            "the last row is dropped",
            Promise.DURABLE,
            run -> {
              run.rows().remove(9);
              run.rows().remove(8);
            }),
        new Mutant(
            "a row in the middle is dropped", Promise.ONE_ORDER, run -> run.rows().remove(4)),
        new Mutant("two rows are swapped", Promise.ONE_ORDER, run -> swap(run, 3, 4)),
        new Mutant(
            "numbers of one outbox are stored out of order",
            Promise.SENDER_ORDER,
            run -> swap(run, 3, 4)),
        new Mutant(
            "a byte of a text is changed",
            Promise.TRUE,
            run -> run.rows().set(5, edited(run.rows().get(5), "text", "tExt 5"))),
        new Mutant(
            "a row is stored twice",
            Promise.IDEMPOTENT,
            run -> run.rows().add(row(11, run.rows().get(5).event()))),
        new Mutant(
            "a refused text is stored",
            Promise.TRUE,
            run -> {
              ObjectNode event =
                  Recording.event(11, "message", Recording.ADA).put("text", "refused");
              event.putNull("replyTo").put("outbox", 7).put("n", 9);
              run.rows().add(row(11, event));
            }),
        new Mutant(
            "a skipped number is stored later",
            Promise.TRUE,
            run -> {
              run.giveUp(10);
              run.rows().add(message(11, 10));
            }),
        new Mutant(
            "a number is stored behind the row that says it is skipped",
            Promise.IDEMPOTENT,
            run -> {
              run.skip(10);
              run.rows().add(message(12, 10));
            }),
        new Mutant(
            "a skip is answered and nothing of it is stored", Promise.TRUE, run -> run.giveUp(10)),
        new Mutant(
            "gone is answered and nothing of it is stored",
            Promise.TRUE,
            run -> {
              OpKey key = new OpKey(Recording.TALK, Recording.ADA, 7, 10);
              run.add(new Sent(run.tick(), key, Op.edit(2, "late"), "node1"));
              run.add(new Answered(run.tick(), key, Op.edit(2, "late"), "gone", true, 0, 0));
            }),
        new Mutant(
            "what was accepted is stored as skipped",
            Promise.DURABLE,
            run -> run.rows().set(5, edited(run.rows().get(5), "kind", "skipped"))),
        new Mutant(
            "a number is skipped that nobody sent",
            Promise.TRUE,
            run ->
                run.rows()
                    .add(
                        row(
                            11,
                            Recording.event(11, "skipped", Recording.BOB)
                                .put("outbox", 1)
                                .put("n", 1)))),
        new Mutant(
            "something is stored that nobody sent",
            Promise.TRUE,
            run -> {
              ObjectNode event =
                  Recording.event(11, "message", Recording.BOB).put("text", "forged");
              event.putNull("replyTo").put("outbox", 1).put("n", 1);
              run.rows().add(row(11, event));
            }),
        new Mutant(
            "an author is changed",
            Promise.DURABLE,
            run -> run.rows().set(5, edited(run.rows().get(5), "by", Recording.BOB))),
        new Mutant(
            "the time of an event is changed",
            Promise.ONE_ORDER,
            run -> {
              ObjectNode event = run.rows().get(5).event().deepCopy();
              run.rows().set(5, row(6, event.put("at", 9)));
            }),
        new Mutant("a mark falls", Promise.MARKS, run -> run.rows().add(row(11, mark(11, 3)))),
        new Mutant(
            "a mark passes the head", Promise.MARKS, run -> run.rows().add(row(11, mark(11, 12)))),
        new Mutant(
            "a mark that no device has said",
            Promise.MARKS,
            run -> run.seen.removeIf(one -> one instanceof Observation.Marked)));
  }

  private static Stream<Mutant> ofWhatWasSeen() {
    return Stream.of(
        new Mutant(
            "accepted before it is stored", Promise.DURABLE, run -> answer(run, 12, 13, 1_013)),
        new Mutant(
            "a retry gets another answer", Promise.IDEMPOTENT, run -> answer(run, 3, 5, 1_005)),
        new Mutant(
            "what was accepted is refused for good when it is tried again",
            Promise.IDEMPOTENT,
            run ->
                run.add(
                    new Answered(
                        run.tick(),
                        new OpKey(Recording.TALK, Recording.ADA, 7, 3),
                        Op.message("text 3"),
                        "not_stored",
                        true,
                        0,
                        0))),
        new Mutant(
            "a mark is shown before a device has said it",
            Promise.MARKS,
            run -> {
              Observation said =
                  run.seen.stream()
                      .filter(one -> one instanceof Observation.Marked)
                      .findFirst()
                      .orElseThrow();
              run.seen.remove(said);
              run.add(new Observation.Marked(run.tick(), Recording.BOB, Recording.TALK, 9, 9));
            }),
        new Mutant(
            "a session misses an event",
            Promise.NO_GAP,
            run -> received(run, "bob#1", events -> List.of(), 4)),
        new Mutant(
            "a session is sent an event twice",
            Promise.NO_GAP,
            run -> received(run, "bob#1", events -> List.of(events.get(0), events.get(0)), 4)),
        new Mutant(
            "a session is sent two events the wrong way round",
            Promise.NO_GAP,
            run -> received(run, "bob#1", events -> List.of(events.get(1), events.get(0)), 1)),
        new Mutant(
            "a session is shown another text",
            Promise.TRUE,
            run ->
                received(run, "bob#1", events -> List.of(with(events.get(0), "text", "else")), 4)),
        new Mutant(
            "a session is shown another author",
            Promise.TRUE,
            run ->
                received(run, "bob#1", events -> List.of(with(events.get(0), "by", "u_cyd")), 4)),
        new Mutant(
            "a peer is shown the author's number",
            Promise.TRUE,
            run -> received(run, "bob#1", events -> List.of(with(events.get(0), "n", "3")), 4)),
        new Mutant(
            "a replay begins one too late", Promise.RESUME, run -> replay(run, List.of(6, 7))),
        new Mutant(
            "a replay begins one too early", Promise.NO_GAP, run -> replay(run, List.of(3, 4))),
        new Mutant(
            "an event never comes",
            Promise.NO_GAP,
            run ->
                run.seen.removeIf(
                    one ->
                        one instanceof Received received
                            && received.session().equals("bob#1")
                            && received.events().get(0).path("seq").asLong() >= 9)),
        new Mutant(
            "an event is delivered to a third person",
            Promise.ISOLATION,
            run -> {
              run.add(new Opened(run.tick(), "cyd#1", "u_cyd", "node1", Map.of()));
              run.add(
                  new Received(
                      run.tick(), "cyd#1", Recording.TALK, run.copies("u_cyd").subList(1, 2)));
            }),
        new Mutant(
            "a stranger gets a page",
            Promise.ISOLATION,
            run -> {
              long asked = run.tick();
              run.add(
                  new Paged(
                      run.tick(),
                      asked,
                      "probe",
                      "u_cyd",
                      "node1",
                      Recording.TALK,
                      0,
                      10,
                      run.copies("u_cyd")));
            }),
        new Mutant(
            "a stranger learns that it exists",
            Promise.ISOLATION,
            run -> run.add(new Probed(run.tick(), "u_cyd", Recording.TALK, 403, "{}"))),
        new Mutant(
            "a page on another node lags behind what was accepted",
            Promise.READ_YOUR_WRITE,
            run -> {
              long asked = run.tick();
              run.add(
                  new Paged(
                      run.tick(),
                      asked,
                      "probe",
                      Recording.BOB,
                      "node3",
                      Recording.TALK,
                      0,
                      7,
                      run.copies(Recording.BOB).subList(0, 7)));
            }),
        new Mutant(
            "a page has a hole",
            Promise.ONE_ORDER,
            run -> {
              long asked = run.tick();
              List<JsonNode> events = new ArrayList<>(run.copies(Recording.BOB));
              events.remove(3);
              run.add(
                  new Paged(
                      run.tick(),
                      asked,
                      "probe",
                      Recording.BOB,
                      "node3",
                      Recording.TALK,
                      0,
                      10,
                      events));
            }),
        new Mutant(
            "an operation is never answered",
            Promise.ANSWERED,
            run -> run.add(new Told(run.tick(), "ada#1", "silence", "n 9", Recording.TALK))));
  }

  private static void swap(Recording run, int one, int other) {
    JsonNode first = run.rows().get(one).event();
    JsonNode second = run.rows().get(other).event();
    run.rows().set(one, row(one + 1, second));
    run.rows().set(other, row(other + 1, first));
  }

  private static Journal.Row row(long seq, JsonNode event) {
    return new Journal.Row(seq, ((ObjectNode) event.deepCopy()).put("seq", seq), seq);
  }

  private static Journal.Row edited(Journal.Row row, String field, String value) {
    return new Journal.Row(row.seq(), with(row.event(), field, value), row.position());
  }

  private static JsonNode with(JsonNode event, String field, String value) {
    return ((ObjectNode) event.deepCopy()).put(field, value);
  }

  private static Journal.Row message(long seq, long n) {
    ObjectNode event = Recording.event(seq, "message", Recording.ADA).put("text", "text " + n);
    event.putNull("replyTo").put("outbox", 7).put("n", n);
    return row(seq, event);
  }

  private static JsonNode mark(long seq, long to) {
    return Recording.event(seq, "marked", Recording.BOB).put("delivered", to).put("read", to);
  }

  private static void answer(Recording run, long n, long seq, long time) {
    OpKey key = new OpKey(Recording.TALK, Recording.ADA, 7, n);
    run.add(new Sent(run.tick(), key, Op.message("text " + n), "node1"));
    run.add(new Answered(run.tick(), key, Op.message("text " + n), "accepted", true, seq, time));
  }

  /** Changes what a session was sent in one frame. */
  private static void received(
      Recording run, String session, UnaryOperator<List<JsonNode>> change, int frame) {
    int count = 0;
    for (int i = 0; i < run.seen.size(); i++) {
      if (run.seen.get(i) instanceof Received received && received.session().equals(session)) {
        count++;
        if (count == frame) {
          run.seen.set(
              i,
              new Received(
                  received.at(), session, Recording.TALK, change.apply(received.events())));
          return;
        }
      }
    }
    throw new IllegalStateException("no such frame");
  }

  /** Bob comes back with what he has up to 4, and is sent these rows. */
  private static void replay(Recording run, List<Integer> rows) {
    run.add(new Opened(run.tick(), "bob#2", Recording.BOB, "node2", Map.of(Recording.TALK, 4L)));
    run.add(new Told(run.tick(), "bob#2", "welcome", "", ""));
    List<JsonNode> events =
        rows.stream().map(seq -> run.copies(Recording.BOB).get(seq - 1)).toList();
    run.add(new Received(run.tick(), "bob#2", Recording.TALK, events));
  }
}
