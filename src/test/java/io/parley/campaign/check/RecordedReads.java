package io.parley.campaign.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.campaign.record.Observation;
import io.parley.campaign.record.Observation.Answered;
import io.parley.campaign.record.Observation.Found;
import io.parley.campaign.record.Observation.Listed;
import io.parley.campaign.record.Observation.OpKey;
import io.parley.campaign.record.Observation.Sent;
import io.parley.testing.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The clean run goes on: Ada changes her second message and deletes her last, Cyd writes to Bob and
 * changes what was written; then inboxes are read and searched, by the way and at the end.
 */
final class RecordedReads {
  static final String CYD = "u_cyd";
  static final String OTHER_TALK = "c_2";
  private static final ObjectMapper JSON = new ObjectMapper();

  final Recording run = Recording.clean();

  static RecordedReads clean() {
    RecordedReads reads = new RecordedReads();
    reads.play();
    return reads;
  }

  Verdict verdict() {
    return Check.of(Evidence.of(run.seen), run.journal());
  }

  private void play() {
    operate(Recording.TALK, Recording.ADA, 10, Op.edit(3, "changed 2"));
    operate(Recording.TALK, Recording.ADA, 11, Op.delete(9));
    erase(9);
    List<Journal.Row> others = run.stored.computeIfAbsent(OTHER_TALK, talk -> new ArrayList<>());
    ObjectNode opened = Recording.event(1, "opened", CYD);
    opened.putArray("participants").add(CYD).add(Recording.BOB);
    others.add(new Journal.Row(1, opened, 13));
    operate(OTHER_TALK, CYD, 1, Op.message("text of cyd"));
    operate(OTHER_TALK, CYD, 2, Op.edit(2, "text of cyd, changed"));
    run.pass(10);
    read(Observation.PROBE);
    read(Observation.HISTORY);
  }

  /** Sends something, which is accepted and stored. */
  private void operate(String talk, String by, long n, JsonNode op) {
    OpKey key = new OpKey(talk, by, 7, n);
    List<Journal.Row> rows = run.stored.computeIfAbsent(talk, id -> new ArrayList<>());
    long seq = rows.size() + 1L;
    run.add(new Sent(run.tick(), key, op, "node1"));
    ObjectNode event = Recording.event(seq, op.path("kind").asText(), by);
    event.setAll((ObjectNode) op);
    event.put("outbox", 7).put("n", n);
    if (event.path("kind").asText().equals("message")) {
      event.putNull("replyTo");
    }
    rows.add(new Journal.Row(seq, event, 20 + seq));
    run.add(new Answered(run.tick(), key, op, "accepted", true, seq, 1_000 + seq));
  }

  private void erase(int seq) {
    Journal.Row row = run.rows().get(seq - 1);
    ObjectNode event = row.event().deepCopy();
    event.remove(List.of("text", "replyTo"));
    event.put("erased", true);
    run.rows().set(seq - 1, new Journal.Row(seq, event, row.position()));
  }

  private void read(String purpose) {
    ObjectNode adasLast = JSON.createObjectNode().put("seq", 9).put("by", Recording.ADA);
    adasLast.put("at", 1_009).put("erased", true);
    ObjectNode cydsLast = JSON.createObjectNode().put("seq", 2).put("by", CYD);
    cydsLast.put("at", 1_002).put("preview", "text of cyd, changed");
    ObjectNode withAda = summary(Recording.TALK, Recording.ADA, 12, 0, adasLast);
    mark(mark(withAda, Recording.BOB, 9), Recording.ADA, 0);
    ObjectNode withCyd = summary(OTHER_TALK, CYD, 3, 1, cydsLast);
    mark(mark(withCyd, Recording.BOB, 0), CYD, 0);
    inbox(purpose, Recording.BOB, List.of(withCyd, withAda));
    inbox(purpose, Recording.ADA, List.of(of(withAda, Recording.BOB)));
    inbox(purpose, CYD, List.of(of(withCyd, Recording.BOB).put("unread", 0)));
    search(purpose, Recording.BOB, "TEXT", "", hits());
    search(purpose, Recording.BOB, "changed", Recording.TALK, List.of(changed()));
    search(purpose, Recording.ADA, "cyd", "", List.of());
  }

  private static ObjectNode of(ObjectNode summary, String peer) {
    ObjectNode copy = summary.deepCopy();
    copy.putObject("peer").put("id", peer);
    return copy;
  }

  private static ObjectNode summary(
      String talk, String peer, long head, long unread, ObjectNode last) {
    ObjectNode summary = JSON.createObjectNode().put("id", talk);
    summary.putObject("peer").put("id", peer);
    summary.put("head", head).put("unread", unread).put("asOf", head);
    summary.putObject("marks");
    summary.set("last", last);
    return summary;
  }

  private static ObjectNode mark(ObjectNode summary, String user, long seq) {
    summary.withObject("/marks").putObject(user).put("delivered", seq).put("read", seq);
    return summary;
  }

  /** What Bob finds: Cyd's, then Ada's that are neither deleted nor changed, newest first. */
  private static List<JsonNode> hits() {
    List<JsonNode> hits = new ArrayList<>();
    hits.add(hit(OTHER_TALK, CYD, 2, "text of cyd, changed", true));
    for (int seq = 8; seq >= 2; seq--) {
      if (seq != 3) {
        hits.add(hit(Recording.TALK, Recording.ADA, seq, "text " + (seq - 1), false));
      }
    }
    return hits;
  }

  private static ObjectNode changed() {
    return hit(Recording.TALK, Recording.ADA, 3, "changed 2", true);
  }

  /** One that Bob could be shown. */
  static ObjectNode hit(String talk, String by, long seq, String text, boolean isEdited) {
    ObjectNode hit = JSON.createObjectNode().put("conversation", talk);
    hit.putObject("peer").put("id", by);
    ObjectNode message = Recording.event(seq, "message", by).put("text", text);
    message.putNull("replyTo");
    hit.set("message", message);
    return hit.put("edited", isEdited);
  }

  private void inbox(String purpose, String user, List<JsonNode> summaries) {
    long asked = run.tick();
    run.add(new Listed(run.tick(), asked, purpose, user, "node2", summaries));
  }

  private void search(String purpose, String user, String text, String talk, List<JsonNode> hits) {
    long asked = run.tick();
    run.add(new Found(run.tick(), asked, purpose, user, "node3", text, talk, true, hits));
  }

  /** Changes what one inbox showed. */
  void inboxOf(String user, String purpose, UnaryOperator<List<JsonNode>> change) {
    replace(
        one ->
            one instanceof Listed inbox
                    && inbox.user().equals(user)
                    && inbox.purpose().equals(purpose)
                ? with(inbox, inbox.asked(), change.apply(copies(inbox.conversations())))
                : one);
  }

  /** Changes what one search found. */
  void searchOf(String user, String text, String purpose, UnaryOperator<List<JsonNode>> change) {
    replace(
        one ->
            one instanceof Found search
                    && search.user().equals(user)
                    && search.text().equals(text)
                    && search.purpose().equals(purpose)
                ? with(search, search.asked(), change.apply(copies(search.hits())))
                : one);
  }

  long newestAccepted(String talk) {
    return run.seen.stream()
        .filter(one -> one instanceof Answered answer && answer.key().conversation().equals(talk))
        .mapToLong(Observation::at)
        .max()
        .orElseThrow();
  }

  /** Has all that is read by the way asked for at that moment. */
  void askAt(long asked) {
    replace(
        one -> {
          if (one instanceof Listed inbox && inbox.purpose().equals(Observation.PROBE)) {
            return with(inbox, asked, inbox.conversations());
          }
          return one instanceof Found search && search.purpose().equals(Observation.PROBE)
              ? with(search, asked, search.hits())
              : one;
        });
  }

  private void replace(UnaryOperator<Observation> change) {
    List<Observation> before = List.copyOf(run.seen);
    run.seen.replaceAll(change);
    if (run.seen.equals(before)) {
      throw new IllegalStateException("nothing is changed");
    }
  }

  private static Listed with(Listed one, long asked, List<JsonNode> summaries) {
    return new Listed(one.at(), asked, one.purpose(), one.user(), one.node(), summaries);
  }

  private static Found with(Found one, long asked, List<JsonNode> hits) {
    return new Found(
        one.at(),
        asked,
        one.purpose(),
        one.user(),
        one.node(),
        one.text(),
        one.conversation(),
        one.isWhole(),
        hits);
  }

  private static List<JsonNode> copies(List<JsonNode> all) {
    List<JsonNode> copies = new ArrayList<>();
    all.forEach(one -> copies.add(one.deepCopy()));
    return copies;
  }
}
