package io.parley.campaign.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.campaign.record.Notebook;
import io.parley.campaign.record.Observation;
import io.parley.campaign.record.Observation.Found;
import io.parley.campaign.record.Observation.Listed;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;

/** Reads inboxes and searches, and notes what they show. */
final class ReadSide {
  /** Few in a page, so that what is read whole goes over many of them. */
  private static final int CONVERSATIONS = 2;

  private static final int HITS = 30;

  /** A node that was paused may find out only now that it has to start anew. */
  private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(60);

  private final Http http;
  private final Notebook notes;

  ReadSide(Http http, Notebook notes) {
    this.http = http;
    this.notes = notes;
  }

  /** A part of a list, and the cursor of the next one; empty behind the last. */
  private record Part(List<JsonNode> entries, String cursor) {
    static Part of(JsonNode page, String list) {
      List<JsonNode> entries = new ArrayList<>();
      page.path(list).forEach(entries::add);
      return new Part(entries, page.path("cursor").asText(""));
    }
  }

  /** The first page, whatever it is; nothing is noted when the node doesn't answer. */
  void glanceAtInbox(Person person, InetSocketAddress node) {
    long asked = notes.now();
    get(person, node, "/v1/conversations")
        .map(page -> Part.of(page, "conversations"))
        .ifPresent(
            part ->
                notes.note(
                    new Listed(
                        notes.now(),
                        asked,
                        Observation.PROBE,
                        person.id(),
                        node.toString(),
                        part.entries())));
  }

  /** The first page of hits, in one conversation or, when that is empty, in all. */
  void glanceAtSearch(Person person, String text, String conversation, InetSocketAddress node) {
    long asked = notes.now();
    get(person, node, searchPath(text, conversation))
        .map(page -> Part.of(page, "hits"))
        .ifPresent(
            part -> noteFound(asked, Observation.PROBE, person, node, text, conversation, part));
  }

  /** All of an inbox; noted by {@link #noteInbox} alone. */
  List<JsonNode> inbox(Person person, InetSocketAddress node) {
    return whole(person, node, "/v1/conversations?limit=" + CONVERSATIONS, "conversations");
  }

  void noteInbox(Person person, InetSocketAddress node, long asked, List<JsonNode> inbox) {
    notes.note(
        new Listed(notes.now(), asked, Observation.HISTORY, person.id(), node.toString(), inbox));
  }

  /** Finds everything there is. */
  void search(Person person, String text, String conversation, InetSocketAddress node) {
    long asked = notes.now();
    List<JsonNode> hits =
        whole(person, node, searchPath(text, conversation) + "&limit=" + HITS, "hits");
    Part all = new Part(hits, "");
    noteFound(asked, Observation.HISTORY, person, node, text, conversation, all);
  }

  static String searchPath(String text, String conversation) {
    return "/v1/search?q="
        + URLEncoder.encode(text, StandardCharsets.UTF_8)
        + (conversation.isEmpty() ? "" : "&conversation=" + conversation);
  }

  private void noteFound(
      long asked,
      String purpose,
      Person person,
      InetSocketAddress node,
      String text,
      String conversation,
      Part part) {
    notes.note(
        new Found(
            notes.now(),
            asked,
            purpose,
            person.id(),
            node.toString(),
            text,
            conversation,
            part.cursor().isEmpty(),
            part.entries()));
  }

  private List<JsonNode> whole(Person person, InetSocketAddress node, String path, String list) {
    List<JsonNode> all = new ArrayList<>();
    String cursor = "";
    do {
      String from = cursor.isEmpty() ? path : path + "&cursor=" + cursor;
      JsonNode page =
          Awaitility.await(node + " answers " + from)
              .pollDelay(Duration.ZERO)
              .atMost(ANSWERED_WITHIN)
              .until(() -> get(person, node, from), Optional::isPresent)
              .orElseThrow();
      Part part = Part.of(page, list);
      all.addAll(part.entries());
      cursor = part.cursor();
    } while (!cursor.isEmpty());
    return all;
  }

  private Optional<JsonNode> get(Person person, InetSocketAddress node, String path) {
    return http.call(node, "GET", path, person.token(), "")
        .filter(reply -> reply.status() == 200)
        .map(Http.Reply::json);
  }
}
