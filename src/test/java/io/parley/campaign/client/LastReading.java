package io.parley.campaign.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.campaign.record.Notebook;
import io.parley.campaign.record.Observation;
import io.parley.campaign.record.Observation.Paged;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;

/** What people read at the end of a campaign: everything, once more. */
final class LastReading {
  /** A node that was paused may find out only now that it has to start anew. */
  private static final Duration HISTORY_WITHIN = Duration.ofSeconds(60);

  /** How long a read side may take that was held up by the last fault. */
  private static final Duration CAUGHT_UP_WITHIN = Duration.ofSeconds(30);

  /** A mark that the server held back, to store one a second, is stored by then. */
  private static final Duration STILL = Duration.ofSeconds(2);

  private final Nodes nodes;
  private final Notebook notes;
  private final Http http;
  private final ReadSide readSide;
  private final List<Person> people;

  LastReading(Nodes nodes, Notebook notes, Http http, List<Person> people) {
    this.nodes = nodes;
    this.notes = notes;
    this.http = http;
    this.readSide = new ReadSide(http, notes);
    this.people = List.copyOf(people);
  }

  /** Everybody's logs, at every node. */
  void histories() {
    for (Person person : people) {
      for (String talk : person.peers().keySet()) {
        nodes.all().forEach(node -> history(person, talk, node));
      }
    }
  }

  private void history(Person person, String talk, InetSocketAddress node) {
    long after = 0;
    long head;
    do {
      String path = "/v1/conversations/" + talk + "/events?after=" + after + "&limit=100";
      AtomicLong asked = new AtomicLong();
      JsonNode page =
          Awaitility.await(node + " answers")
              .pollDelay(Duration.ZERO)
              .atMost(HISTORY_WITHIN)
              .until(
                  () -> {
                    asked.set(notes.now());
                    return http.call(node, "GET", path, person.token(), "")
                        .filter(reply -> reply.status() == 200);
                  },
                  Optional::isPresent)
              .orElseThrow()
              .json();
      List<JsonNode> events = new ArrayList<>();
      page.path("events").forEach(events::add);
      head = page.path("head").asLong();
      notes.note(
          new Paged(
              notes.now(),
              asked.get(),
              Observation.HISTORY,
              person.id(),
              node.toString(),
              talk,
              after,
              head,
              events));
      if (events.isEmpty()) {
        return;
      }
      after = events.get(events.size() - 1).path("seq").asLong();
    } while (after < head);
  }

  /**
   * Everybody's inbox at every node, and searches, once the read side has caught up or has had its
   * time for it: the judge decides whether it did.
   */
  void readSide() {
    awaitReadSide();
    int turn = 0;
    for (Person person : people) {
      for (InetSocketAddress node : nodes.all()) {
        long asked = notes.now();
        readSide.noteInbox(person, node, asked, readSide.inbox(person, node));
      }
      for (String text : sought(person)) {
        InetSocketAddress node = nodes.all().get(turn++ % nodes.all().size());
        List<String> talks = List.copyOf(person.peers().keySet());
        readSide.search(person, text, "", node);
        readSide.search(person, text, talks.get(turn % talks.size()), node);
      }
    }
  }

  /** Their signatures stand in what others write to third persons as well. */
  private static List<String> sought(Person person) {
    List<String> sought = new ArrayList<>(Texts.SOUGHT);
    sought.add(person.id());
    sought.addAll(new HashSet<>(person.peers().values()));
    return sought;
  }

  private void awaitReadSide() {
    long deadline = System.nanoTime() + CAUGHT_UP_WITHIN.toNanos();
    List<JsonNode> before = List.of();
    while (System.nanoTime() - deadline < 0) {
      List<JsonNode> now = new ArrayList<>();
      people.forEach(person -> now.addAll(readSide.inbox(person, nodes.all().get(0))));
      if (now.equals(before)
          && now.stream().allMatch(one -> one.path("asOf").equals(one.path("head")))) {
        return;
      }
      before = now;
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(STILL.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
