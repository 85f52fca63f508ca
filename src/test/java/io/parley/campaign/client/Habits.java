package io.parley.campaign.client;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.campaign.record.Observation;
import io.parley.campaign.record.Observation.Answered;
import io.parley.campaign.record.Observation.OpKey;
import io.parley.campaign.record.Observation.Paged;
import io.parley.campaign.record.Observation.Probed;
import io.parley.campaign.record.Observation.Sent;
import io.parley.testing.Op;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** What one device does next, and what it remembers for that. */
final class Habits {
  private static final String[] EMOJI = {"👍", "❤️", "😂", "🎉", "👩‍🚀"};
  private static final int KEPT = 40;

  /** What a person does, as often as its weight says. */
  enum Act {
    SAY(52),
    BURST(4),
    EDIT(8),
    DELETE(4),
    REACT(8),
    SAY_REFUSED(2),
    GIVE_UP(4),
    RETRY_OLD(8),
    PROBE_FOREIGN(2),
    READ_INBOX(3),
    SEARCH(3),
    RECONNECT(2);

    private final int weight;

    Act(int weight) {
      this.weight = weight;
    }
  }

  private record Done(OpKey key, JsonNode op, long seq) {}

  private final Person person;
  private final long outbox;
  private final Device.Surroundings around;
  private final Random random;
  private final ReadSide readSide;
  private final List<String> talks;
  private final List<Done> done = new ArrayList<>();
  private final List<Done> givenUp = new ArrayList<>();
  private final Map<String, Long> peerMessages = new HashMap<>();
  private final Map<String, Long> told = new HashMap<>();
  private long dueNanos = System.nanoTime();

  Habits(Person person, long outbox, Device.Surroundings around, Random random) {
    this.person = person;
    this.outbox = outbox;
    this.around = around;
    this.random = random;
    this.readSide = new ReadSide(around.http(), around.notes());
    this.talks = List.copyOf(person.peers().keySet());
  }

  String anyTalk() {
    return talks.get(random.nextInt(talks.size()));
  }

  boolean isDue() {
    if (System.nanoTime() - dueNanos < 0) {
      return false;
    }
    dueNanos = System.nanoTime() + (long) (around.mood().paceMillis() * 2e6 * random.nextDouble());
    return true;
  }

  Act next() {
    int sum = 0;
    for (Act act : Act.values()) {
      sum += act.weight;
    }
    int drawn = random.nextInt(sum);
    for (Act act : Act.values()) {
      drawn -= act.weight;
      if (drawn < 0) {
        return act;
      }
    }
    return Act.SAY;
  }

  JsonNode operation(Act act, String talk, long n) {
    String text = Texts.of(person.id(), outbox, n, random);
    Optional<Done> mine =
        done.stream()
            .filter(
                one ->
                    one.key().conversation().equals(talk)
                        && one.op().path("kind").asText().equals("message"))
            .skip(random.nextInt(3))
            .findFirst();
    return switch (act) {
      case EDIT -> mine.map(one -> (JsonNode) Op.edit(one.seq(), text)).orElse(Op.message(text));
      case DELETE -> mine.map(one -> (JsonNode) Op.delete(one.seq())).orElse(Op.message(text));
      case REACT ->
          mine.map(
                  one ->
                      (JsonNode)
                          Op.react(
                              one.seq(), EMOJI[random.nextInt(EMOJI.length)], random.nextBoolean()))
              .orElse(Op.message(text));
      case SAY_REFUSED -> Op.message("RAW:" + Texts.refused(random));
      default ->
          peerMessages.containsKey(talk) && random.nextInt(5) == 0
              ? Op.reply(peerMessages.get(talk), text)
              : Op.message(text);
    };
  }

  /** Texts that no JSON library would write go out as they are. */
  static String raw(String frame) {
    int at = frame.indexOf("RAW:");
    if (at < 0) {
      return frame;
    }
    return frame.substring(0, at) + frame.substring(at + 4).replace("\\\\u", "\\u");
  }

  void accepted(OpKey key, JsonNode op, long seq) {
    done.add(0, new Done(key, op, seq));
    if (done.size() > KEPT) {
      done.remove(KEPT);
    }
    if (random.nextInt(8) == 0) {
      InetSocketAddress node = around.nodes().any(random);
      around.errands().execute(() -> page(key.conversation(), seq - 1, node));
    }
  }

  /** Nothing is stored under it, and nothing may ever be. */
  void gaveUp(OpKey key, JsonNode op) {
    if (!op.path("kind").asText().equals("skip") && !op.path("text").asText().startsWith("RAW:")) {
      givenUp.add(new Done(key, op, 0));
      if (givenUp.size() > KEPT) {
        givenUp.remove(0);
      }
    }
  }

  void saw(String talk, JsonNode event) {
    if (event.path("kind").asText().equals("message")
        && !event.path("by").asText().equals(person.id())) {
      peerMessages.merge(talk, event.path("seq").asLong(), Math::max);
    }
  }

  /** A mark that rises, now and then. */
  Optional<JsonNode> mark(String talk) {
    long seq = peerMessages.getOrDefault(talk, 0L);
    if (seq <= told.getOrDefault(talk, 0L) || random.nextInt(3) > 0) {
      return Optional.empty();
    }
    told.put(talk, seq);
    ObjectNode mark = Http.JSON.createObjectNode();
    mark.put("t", "mark").put("conversation", talk).put("delivered", seq);
    if (random.nextBoolean()) {
      mark.put("read", seq);
    }
    return Optional.of(mark);
  }

  /** A read that starts after the answer, at any node: it must show what was accepted. */
  private void page(String talk, long after, InetSocketAddress node) {
    long asked = around.notes().now();
    around
        .http()
        .call(
            node,
            "GET",
            "/v1/conversations/" + talk + "/events?after=" + after + "&limit=100",
            person.token(),
            "")
        .filter(reply -> reply.status() == 200)
        .ifPresent(
            reply -> {
              JsonNode page = reply.json();
              List<JsonNode> events = new ArrayList<>();
              page.path("events").forEach(events::add);
              around
                  .notes()
                  .note(
                      new Paged(
                          around.notes().now(),
                          asked,
                          Observation.PROBE,
                          person.id(),
                          node.toString(),
                          talk,
                          after,
                          page.path("head").asLong(),
                          events));
            });
  }

  /** Something that was accepted long ago, or given up, by the other door, at any node. */
  void retryOld() {
    List<Done> from = !givenUp.isEmpty() && random.nextInt(3) == 0 ? givenUp : done;
    if (from.isEmpty()) {
      return;
    }
    Done old = from.get(random.nextInt(from.size()));
    ObjectNode body = Http.JSON.createObjectNode();
    body.put("outbox", old.key().outbox()).put("n", old.key().n()).set("op", old.op());
    InetSocketAddress node = around.nodes().any(random);
    around.errands().execute(() -> retry(old, body.toString(), node));
  }

  private void retry(Done old, String body, InetSocketAddress node) {
    around.notes().note(new Sent(around.notes().now(), old.key(), old.op(), node.toString()));
    around
        .http()
        .call(
            node,
            "POST",
            "/v1/conversations/" + old.key().conversation() + "/operations",
            person.token(),
            body)
        .ifPresent(reply -> noteRetry(old, reply));
  }

  private void noteRetry(Done old, Http.Reply reply) {
    JsonNode answer = reply.json();
    boolean accepted = reply.status() == 200;
    around
        .notes()
        .note(
            new Answered(
                around.notes().now(),
                old.key(),
                old.op(),
                accepted
                    ? "accepted"
                    : answer.path("code").asText(Integer.toString(reply.status())),
                // A node that ends its connections says 503 in no words of ours: come again.
                accepted || !answer.path("retryable").asBoolean(true),
                answer.path("seq").asLong(),
                answer.path("at").asLong()));
  }

  /** Asks for what two others say to each other. */
  void probeForeign() {
    InetSocketAddress node = around.nodes().any(random);
    around
        .mood()
        .foreignTo(person, random)
        .ifPresent(
            talk -> {
              String path =
                  random.nextBoolean()
                      ? "/v1/conversations/" + talk + "/events"
                      : ReadSide.searchPath(anySought(), talk);
              around.errands().execute(() -> probe(talk, path, node));
            });
  }

  private void probe(String talk, String path, InetSocketAddress node) {
    around
        .http()
        .call(node, "GET", path, person.token(), "")
        .ifPresent(
            reply ->
                around
                    .notes()
                    .note(
                        new Probed(
                            around.notes().now(),
                            person.id(),
                            talk,
                            reply.status(),
                            reply.body())));
  }

  void readInbox() {
    InetSocketAddress node = around.nodes().any(random);
    around.errands().execute(() -> readSide.glanceAtInbox(person, node));
  }

  /** In one conversation or in all. */
  void search() {
    InetSocketAddress node = around.nodes().any(random);
    String talk = random.nextInt(3) == 0 ? anyTalk() : "";
    String text = anySought();
    around.errands().execute(() -> readSide.glanceAtSearch(person, text, talk, node));
  }

  /** A peer's signature stands in what they write to others as well. */
  private String anySought() {
    if (random.nextInt(4) == 0) {
      return requireNonNull(person.peers().get(anyTalk()));
    }
    return Texts.SOUGHT.get(random.nextInt(Texts.SOUGHT.size()));
  }
}
