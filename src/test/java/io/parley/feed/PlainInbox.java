package io.parley.feed;

import io.parley.feed.ConversationView.Side;
import io.parley.model.ConversationEvent;
import io.parley.model.ConversationEvent.Opened;
import io.parley.model.ConversationEvent.Operated;
import io.parley.model.ConversationSummary.LastMessage;
import io.parley.model.Marks;
import io.parley.model.MessageText;
import io.parley.model.Operation;
import io.parley.model.Participants;
import io.parley.model.UserId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What the read side has to show of a whole log, said as plainly as can be: a definition to hold
 * the fold to, which shares nothing with it. An event says nothing about messages that come later.
 */
final class PlainInbox {
  private final List<CommittedEvent> log;

  PlainInbox(List<CommittedEvent> log) {
    this.log = log;
  }

  ConversationView view() {
    Participants both = ((Opened) event(1)).participants();
    long newest =
        log.stream().filter(e -> isMessage(e.seq())).mapToLong(CommittedEvent::seq).max().orElse(0);
    Optional<LastMessage> last =
        newest == 0
            ? Optional.empty()
            : Optional.of(
                new LastMessage(
                    newest,
                    event(newest).by(),
                    event(newest).at(),
                    MessageText.preview(text(newest), 160),
                    isDeleted(newest)));
    return new ConversationView(
        both,
        log.size(),
        side(both, both.first()),
        side(both, both.second()),
        last,
        log.get((int) Math.max(newest, 1) - 1).position());
  }

  private Side side(Participants both, UserId user) {
    Marks marks = Marks.NONE;
    for (CommittedEvent said : log) {
      if (said.sequenced().event().by().equals(user)) {
        marks = said.sequenced().event().marks().map(marks::max).orElse(marks);
      }
    }
    long unread = 0;
    for (long seq = marks.read() + 1; seq <= log.size(); seq++) {
      if (isMessage(seq) && event(seq).by().equals(both.peerOf(user)) && !isDeleted(seq)) {
        unread++;
      }
    }
    return new Side(marks, unread);
  }

  /** Each message's line: author, text, whether edited, whether erased. */
  Map<Long, String> messages() {
    Map<Long, String> messages = new TreeMap<>();
    for (long seq = 1; seq <= log.size(); seq++) {
      if (isMessage(seq)) {
        messages.put(
            seq,
            "%s|%s|%s|%s".formatted(event(seq).by(), text(seq), isEdited(seq), isDeleted(seq)));
      }
    }
    return messages;
  }

  /** As {@code seq emoji user}. */
  Set<String> reactions() {
    Set<String> on = new TreeSet<>();
    for (CommittedEvent said : log) {
      if (operation(said.seq()).orElse(null) instanceof Operation.React react
          && isMessage(react.of())
          && react.of() < said.seq()
          && !isDeleted(react.of())) {
        String reaction = react.of() + " " + react.emoji() + " " + said.sequenced().event().by();
        if (react.on()) {
          on.add(reaction);
        } else {
          on.remove(reaction);
        }
      }
    }
    return on;
  }

  /** The events whose text must be gone. */
  Set<Long> erased() {
    Set<Long> erased = new TreeSet<>();
    for (long seq = 1; seq <= log.size(); seq++) {
      if ((isMessage(seq) && isDeleted(seq))
          || (operation(seq).orElse(null) instanceof Operation.Edit edit
              && edit.of() < seq
              && isMessage(edit.of())
              && isDeleted(edit.of())
              && event(edit.of()).by().equals(event(seq).by()))) {
        erased.add(seq);
      }
    }
    return erased;
  }

  private boolean isDeleted(long of) {
    return log.stream()
        .anyMatch(
            said ->
                operation(said.seq()).orElse(null) instanceof Operation.Delete delete
                    && delete.of() == of
                    && of < said.seq()
                    && said.sequenced().event().by().equals(event(of).by()));
  }

  private boolean isEdited(long of) {
    return !isDeleted(of) && edits(of).findAny().isPresent();
  }

  private String text(long of) {
    if (isDeleted(of)) {
      return "";
    }
    return edits(of)
        .reduce((earlier, later) -> later)
        .orElseGet(() -> ((Operation.Message) operation(of).orElseThrow()).text());
  }

  private Stream<String> edits(long of) {
    return log.stream()
        .filter(said -> said.sequenced().event().by().equals(event(of).by()))
        .filter(said -> of < said.seq())
        .flatMap(said -> operation(said.seq()).stream())
        .filter(operation -> operation instanceof Operation.Edit edit && edit.of() == of)
        .map(operation -> ((Operation.Edit) operation).text());
  }

  private boolean isMessage(long seq) {
    return seq <= log.size() && operation(seq).orElse(null) instanceof Operation.Message;
  }

  private Optional<Operation> operation(long seq) {
    return event(seq) instanceof Operated operated
        ? Optional.of(operated.operation())
        : Optional.empty();
  }

  private ConversationEvent event(long seq) {
    return log.get((int) seq - 1).sequenced().event();
  }
}
