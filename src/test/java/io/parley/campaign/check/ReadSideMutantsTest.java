package io.parley.campaign.check;

import static io.parley.campaign.check.RecordedReads.CYD;
import static io.parley.campaign.check.RecordedReads.OTHER_TALK;
import static io.parley.campaign.check.RecordedReads.hit;
import static io.parley.campaign.check.Recording.ADA;
import static io.parley.campaign.check.Recording.BOB;
import static io.parley.campaign.check.Recording.TALK;
import static io.parley.campaign.record.Observation.HISTORY;
import static io.parley.campaign.record.Observation.PROBE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.campaign.record.Observation.Found;
import io.parley.campaign.record.Observation.Listed;
import io.parley.campaign.record.Observation.Phase;
import io.parley.campaign.record.Observation.Step;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The judge of inboxes and searches is judged, in the same way as the rest of it. */
class ReadSideMutantsTest {

  /** What Cyd wrote, as it read before it was changed. */
  private static final JsonNode OLD_OF_CYD = hit(OTHER_TALK, CYD, 2, "text of cyd", false);

  /** A change of the clean reads, and the promise that it breaks. */
  record Mutant(String name, Promise broken, Consumer<RecordedReads> change) {
    @Override
    public String toString() {
      return name;
    }
  }

  @Test
  void cleanReadsAreClean() {
    RecordedReads reads = RecordedReads.clean();
    Verdict verdict = reads.verdict();
    assertThat(verdict.violations()).isEmpty();
    reads.run.seen.removeIf(one -> one instanceof Listed || one instanceof Found);
    assertThat(verdict.looks() - reads.verdict().looks())
        .as("four summaries and eight hits, each by the way and at the end")
        .isEqualTo(24);
  }

  @Test
  void whileSomethingIsBrokenWhatIsShownMayBeOldButNotAtTheEnd() {
    RecordedReads reads = RecordedReads.clean();
    reads.run.seen.add(0, new Phase(0, "postgresql-killed", Step.BEGIN));
    reads.inboxOf(BOB, PROBE, ReadSideMutantsTest::beforeTheDeletion);
    reads.searchOf(BOB, "TEXT", PROBE, hits -> without(hits, 2));
    assertThat(reads.verdict().violations()).isEmpty();
    reads.inboxOf(BOB, HISTORY, ReadSideMutantsTest::beforeTheDeletion);
    assertThat(reads.verdict().violations())
        .extracting(Violation::promise)
        .containsOnly(Promise.READ_YOUR_WRITE);
  }

  @Test
  void whatWasAcceptedAMomentAgoMayBeMissing() {
    RecordedReads reads = RecordedReads.clean();
    long accepted = reads.newestAccepted(OTHER_TALK);
    reads.searchOf(BOB, "TEXT", PROBE, hits -> set(hits, 0, OLD_OF_CYD));
    reads.askAt(accepted + ReadSideCheck.FOLLOW_NANOS - 1);
    assertThat(reads.verdict().violations()).isEmpty();
    reads.askAt(accepted + ReadSideCheck.FOLLOW_NANOS);
    assertThat(reads.verdict().violations())
        .extracting(Violation::promise)
        .containsOnly(Promise.READ_YOUR_WRITE);
  }

  @Test
  void howFarSummariesAreBehindIsTold() {
    RecordedReads reads = RecordedReads.clean();
    reads.run.seen.removeIf(one -> one instanceof Listed inbox && !inbox.user().equals(BOB));
    reads.inboxOf(BOB, PROBE, ReadSideMutantsTest::beforeTheDeletion);
    long deleted = reads.newestAccepted(TALK);
    reads.askAt(deleted + 300_000_000L);
    assertThat(reads.verdict().follows().max()).isEqualTo(300);
    reads.askAt(deleted - 1);
    assertThat(reads.verdict().follows().max()).isZero();
  }

  @ParameterizedTest
  @MethodSource("mutants")
  void eachMutantIsCaughtForTheRightReason(Mutant mutant) {
    RecordedReads reads = RecordedReads.clean();
    mutant.change().accept(reads);
    assertThat(reads.verdict().violations())
        .extracting(Violation::promise)
        .containsOnly(mutant.broken());
  }

  static Stream<Mutant> mutants() {
    return Stream.of(ofInboxes(), ofWhatSummariesSay(), ofWhichHits(), ofWhatHitsSay())
        .flatMap(all -> all);
  }

  private static Stream<Mutant> ofInboxes() {
    return Stream.of(
        inbox(
            "an inbox shows a conversation of others",
            Promise.ISOLATION,
            all -> and(all, set(all.get(0), "id", "c_3"))),
        inbox("a conversation is missing", Promise.READ_YOUR_WRITE, all -> without(all, 1)),
        inbox("a conversation comes twice", Promise.ONE_ORDER, all -> and(all, all.get(1))),
        inbox("an inbox isn't in order", Promise.ONE_ORDER, all -> List.of(all.get(1), all.get(0))),
        inbox(
            "a head is old",
            Promise.READ_YOUR_WRITE,
            all -> set(beforeTheDeletion(all), 1, "head", 11)),
        inbox(
            "a summary hasn't followed the head",
            Promise.READ_YOUR_WRITE,
            ReadSideMutantsTest::beforeTheDeletion),
        inbox("a head is past the log", Promise.DURABLE, all -> set(all, 1, "head", 13)),
        inbox("a summary is past the head", Promise.DURABLE, all -> set(all, 1, "asOf", 13)));
  }

  private static Stream<Mutant> ofWhatSummariesSay() {
    return Stream.of(
        inbox("too much is unread", Promise.TRUE, all -> set(all, 0, "unread", 2)),
        inbox("too little is unread", Promise.TRUE, all -> set(all, 0, "unread", 0)),
        inbox(
            "a mark is shown that nobody made",
            Promise.MARKS,
            all -> set(all, 0, "/marks/" + BOB, "read", 2)),
        inbox(
            "the mark of the peer is missing",
            Promise.MARKS,
            all -> set(all, 1, "/marks/" + BOB, "delivered", 8)),
        inbox(
            "a preview shows a text that was changed",
            Promise.TRUE,
            all -> set(all, 0, "/last", "preview", "text of cyd")),
        inbox(
            "a preview shows a text that was deleted",
            Promise.TRUE,
            all -> set(all, 1, ((ObjectNode) beforeTheDeletion(all).get(1)).put("asOf", 12))),
        inbox("another message is the last", Promise.TRUE, all -> set(all, 1, "/last", "seq", 8)),
        inbox("the last is another's", Promise.TRUE, all -> set(all, 1, "/last", "by", BOB)),
        inbox(
            "a conversation is shown as with another",
            Promise.TRUE,
            all -> set(all, 0, "/peer", "id", ADA)));
  }

  private static Stream<Mutant> ofWhichHits() {
    return Stream.of(
        found(
            "a hit is of a conversation of others",
            Promise.ISOLATION,
            hits -> and(hits, set(hits.get(5), "conversation", "c_3"))),
        found("a hit is missing", Promise.READ_YOUR_WRITE, hits -> without(hits, 3)),
        found("the last hit is missing", Promise.READ_YOUR_WRITE, hits -> without(hits, 6)),
        found("a hit comes twice", Promise.ONE_ORDER, hits -> and(hits, hits.get(6))),
        found("hits aren't in order", Promise.ONE_ORDER, hits -> swap(hits, 2, 3)),
        found(
            "hits of two conversations aren't in order",
            Promise.ONE_ORDER,
            hits -> swap(hits, 0, 1)),
        found(
            "a hit isn't stored",
            Promise.DURABLE,
            hits -> and(hits, hit(TALK, ADA, 13, "text 12", false))),
        found(
            "an edit is shown as a message",
            Promise.DURABLE,
            hits -> and(hits, hit(TALK, ADA, 11, "text 2", false))),
        new Mutant(
            "a hit is of another conversation than the one that is searched",
            Promise.TRUE,
            reads ->
                reads.searchOf(
                    BOB,
                    "changed",
                    HISTORY,
                    hits ->
                        insert(hits, 0, hit(OTHER_TALK, CYD, 2, "text of cyd, changed", true)))));
  }

  private static Stream<Mutant> ofWhatHitsSay() {
    return Stream.of(
        found(
            "a hit shows a text that was deleted",
            Promise.READ_YOUR_WRITE,
            hits -> insert(hits, 1, hit(TALK, ADA, 9, "text 8", false))),
        found(
            "a hit shows a text that was changed since",
            Promise.READ_YOUR_WRITE,
            hits -> set(hits, 0, OLD_OF_CYD)),
        found(
            "a hit is found by a text that was changed since",
            Promise.READ_YOUR_WRITE,
            hits -> insert(hits, 6, hit(TALK, ADA, 3, "text 2", false))),
        found(
            "a byte is changed", Promise.TRUE, hits -> set(hits, 2, "/message", "text", "texT 7")),
        found("a hit is another's", Promise.TRUE, hits -> set(hits, 2, "/message", "by", BOB)),
        found("a hit has another time", Promise.TRUE, hits -> set(hits, 2, "/message", "at", 7)),
        found(
            "a hit answers another message",
            Promise.TRUE,
            hits -> set(hits, 2, "/message", "replyTo", 7)),
        found("a hit is with another", Promise.TRUE, hits -> set(hits, 2, "/peer", "id", CYD)),
        found(
            "a hit that was never changed is shown as changed",
            Promise.TRUE,
            hits -> set(hits, 2, ((ObjectNode) hits.get(2)).put("edited", true))),
        new Mutant(
            "a hit doesn't hold the text",
            Promise.TRUE,
            reads ->
                reads.searchOf(
                    BOB,
                    "changed",
                    HISTORY,
                    hits -> and(hits, hit(TALK, ADA, 2, "text 1", false)))),
        new Mutant(
            "a hit is missing long after it was accepted",
            Promise.READ_YOUR_WRITE,
            reads -> reads.searchOf(BOB, "TEXT", PROBE, hits -> without(hits, 0))),
        new Mutant(
            "a summary hasn't followed after a long while",
            Promise.READ_YOUR_WRITE,
            reads -> reads.inboxOf(BOB, PROBE, ReadSideMutantsTest::beforeTheDeletion)));
  }

  private static Mutant inbox(String name, Promise broken, UnaryOperator<List<JsonNode>> change) {
    return new Mutant(name, broken, reads -> reads.inboxOf(BOB, HISTORY, change));
  }

  private static Mutant found(String name, Promise broken, UnaryOperator<List<JsonNode>> change) {
    return new Mutant(name, broken, reads -> reads.searchOf(BOB, "TEXT", HISTORY, change));
  }

  /** Bob's inbox as it was true one event before the end of Ada's conversation. */
  private static List<JsonNode> beforeTheDeletion(List<JsonNode> inbox) {
    ObjectNode summary = inbox.get(1).deepCopy();
    summary.put("asOf", 11);
    ((ObjectNode) summary.path("last")).put("preview", "text 8").remove("erased");
    return set(inbox, 1, summary);
  }

  private static List<JsonNode> and(List<JsonNode> all, JsonNode more) {
    return insert(all, all.size(), more);
  }

  private static List<JsonNode> insert(List<JsonNode> all, int place, JsonNode more) {
    List<JsonNode> longer = new ArrayList<>(all);
    longer.add(place, more);
    return longer;
  }

  private static List<JsonNode> without(List<JsonNode> all, int place) {
    List<JsonNode> shorter = new ArrayList<>(all);
    shorter.remove(place);
    return shorter;
  }

  private static List<JsonNode> swap(List<JsonNode> all, int one, int other) {
    List<JsonNode> swapped = new ArrayList<>(all);
    Collections.swap(swapped, one, other);
    return swapped;
  }

  private static List<JsonNode> set(List<JsonNode> all, int place, JsonNode one) {
    List<JsonNode> changed = new ArrayList<>(all);
    changed.set(place, one);
    return changed;
  }

  private static JsonNode set(JsonNode one, String field, String value) {
    return ((ObjectNode) one.deepCopy()).put(field, value);
  }

  private static List<JsonNode> set(List<JsonNode> all, int place, String field, long value) {
    return set(all, place, "", field, value);
  }

  private static List<JsonNode> set(
      List<JsonNode> all, int place, String inside, String field, Object value) {
    ObjectNode changed = all.get(place).deepCopy();
    ((ObjectNode) changed.at(inside)).putPOJO(field, value);
    return set(all, place, changed);
  }
}
