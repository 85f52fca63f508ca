package io.parley.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One conversation as the bot sees it: which of the peer's messages are to be answered, and under
 * which number. Pure, and nothing of it is kept: the log tells it all anew.
 *
 * <p>Each answer says by its {@code read} which message it answers. The newest answer in the log
 * therefore tells the last number and how far the bot has come, and the next message after that
 * place always goes with the next number: whatever became of an earlier attempt, it is the same
 * operation under the same number, which the server does once.
 *
 * <pre>
 *   seq      7        8        9        10           11
 *          message  message  message  answer       (to come)
 *                                     n 4, read 7  n 5, read 8
 * </pre>
 */
final class Correspondence {
  /** Whoever says nothing for so long but what we said a moment ago is a bot as well. */
  private static final int ROUNDS = 100;

  /** How many of our texts are remembered for that, by their hashes. */
  private static final int REMEMBERED = 16;

  /** A typing notice is repeated before it ends, which is after 6 s. */
  private static final Duration TYPING_LASTS = Duration.ofSeconds(4);

  /** A page to ask for; without a bound the newest. */
  record PageWanted(OptionalLong before, OptionalLong after) {}

  /** An answer to send; without a text the number is given up, for the message was deleted. */
  record Answer(long n, long read, Optional<String> text) {}

  private record Message(long seq, Optional<String> text) {}

  private final String id;
  private final String me;
  private final long outbox;
  private final ArrayDeque<Message> messages = new ArrayDeque<>();

  private boolean searching = true;
  private OptionalLong searchedDownTo = OptionalLong.empty();
  private long lastN;
  private long position;
  private long head;
  private boolean unanswered;

  private final ArrayDeque<Integer> myTexts = new ArrayDeque<>();
  private int rounds;

  private boolean typing;
  private long typingEndsNanos;
  private long notBeforeNanos;

  /** Knows nothing yet, and does nothing before that time. */
  Correspondence(String id, String me, long outbox, long notBeforeNanos) {
    this.id = id;
    this.me = me;
    this.outbox = outbox;
    this.notBeforeNanos = notBeforeNanos;
  }

  String id() {
    return id;
  }

  /** The log reaches this far at least. */
  void hear(long seq) {
    head = Math.max(head, seq);
  }

  /** Whether anything is left to be read or answered. */
  boolean hasWork() {
    return searching || position < head || !messages.isEmpty();
  }

  Optional<PageWanted> wantedPage(long nowNanos) {
    if (isPaused(nowNanos)) {
      return Optional.empty();
    }
    if (searching) {
      return Optional.of(new PageWanted(searchedDownTo, OptionalLong.empty()));
    }
    // One page is held at most: the log keeps the rest.
    return position < head && messages.isEmpty()
        ? Optional.of(new PageWanted(OptionalLong.empty(), OptionalLong.of(position)))
        : Optional.empty();
  }

  /** A page that was asked for. */
  void read(JsonNode page) {
    hear(page.path("head").asLong());
    if (searching) {
      search(page);
    } else {
      page.path("events").forEach(this::follow);
    }
  }

  /** Back to the newest answer of ours: it tells the number, and how far we have come. */
  private void search(JsonNode page) {
    JsonNode events = page.path("events");
    for (int i = events.size() - 1; i >= 0; i--) {
      JsonNode event = events.get(i);
      if (isMine(event)) {
        lastN = Math.max(lastN, event.path("n").asLong());
        if (event.path("read").asLong() > 0) {
          found(event.path("read").asLong());
          return;
        }
      }
    }
    if (events.isEmpty() || page.path("start").asBoolean()) {
      found(0);
    } else {
      searchedDownTo = OptionalLong.of(events.get(0).path("seq").asLong());
    }
  }

  private void found(long answeredUpTo) {
    searching = false;
    position = answeredUpTo;
  }

  private void follow(JsonNode event) {
    long seq = event.path("seq").asLong();
    if (seq <= position) {
      return;
    }
    position = seq;
    boolean message = event.path("kind").asText().equals("message");
    if (isMine(event)) {
      lastN = Math.max(lastN, event.path("n").asLong());
      answered(event.path("read").asLong());
      if (message) {
        remember(event.path("text").asText());
      }
    } else if (message && !event.path("by").asText().equals(me)) {
      boolean erased = event.path("erased").asBoolean();
      String text = event.path("text").asText();
      rounds = myTexts.contains(text.hashCode()) ? rounds + 1 : 0;
      if (rounds < ROUNDS) {
        messages.add(new Message(seq, erased ? Optional.empty() : Optional.of(text)));
      }
    }
  }

  private void remember(String text) {
    myTexts.add(text.hashCode());
    if (myTexts.size() > REMEMBERED) {
      myTexts.remove();
    }
  }

  private boolean isMine(JsonNode event) {
    return event.path("by").asText().equals(me) && event.path("outbox").asLong() == outbox;
  }

  private void answered(long seq) {
    messages.removeIf(message -> message.seq() <= seq);
  }

  /** What to send once the peer has seen that we type; one at a time, so that order is certain. */
  Optional<Answer> wantedAnswer(long nowNanos) {
    if (searching || unanswered || messages.isEmpty() || isPaused(nowNanos)) {
      return Optional.empty();
    }
    Message next = messages.element();
    return Optional.of(new Answer(lastN + 1, next.seq(), next.text().map(Replies::to)));
  }

  void sent() {
    unanswered = true;
  }

  /** It is stored, or will never be: the next message has the next number. */
  void settled(Answer answer) {
    unanswered = false;
    lastN = Math.max(lastN, answer.n());
    answered(answer.read());
  }

  /** Not now: the same under the same number, later. */
  void again(long nowNanos, Duration pause) {
    unanswered = false;
    notBeforeNanos = nowNanos + pause.toNanos();
  }

  /** Whether the peer is to be told that we type; then it is said, and the answer waits a while. */
  boolean beginsTyping(long nowNanos, Duration thought) {
    if (typing && nowNanos - typingEndsNanos < 0) {
      return false;
    }
    if (!typing) {
      notBeforeNanos = nowNanos + thought.toNanos();
    }
    typing = true;
    typingEndsNanos = nowNanos + TYPING_LASTS.toNanos();
    return true;
  }

  /** Whether the peer is to be told that we no longer type. */
  boolean endsTyping() {
    boolean ends = typing && !hasWork();
    typing &= !ends;
    return ends;
  }

  private boolean isPaused(long nowNanos) {
    return nowNanos - notBeforeNanos < 0;
  }
}
