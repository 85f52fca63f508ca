package io.parley.session;

import io.parley.model.ConversationId;
import io.parley.model.MessageText;
import io.parley.protocol.EncodedEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one session has been pushed of each conversation, and what it is owed. Replay after a
 * cursor, a gap in the live flow, a head heard of past one's position, and pushes withheld from a
 * slow reader are one case: the log is read from the position on, until it is at the head.
 *
 * <p>Pure: no clock, no actors. It keeps {@code position}, the last sequence number pushed (or told
 * as the base), and pushes only {@code position + 1}. So a session receives each event once and in
 * order, whatever is lost, doubled or reordered on the way to it.
 */
final class Resume {
  /**
   * Live events of a conversation kept while a read is under way; past it they are read again from
   * the log.
   */
  static final int HELD_LIMIT = 64;

  /** And so many bytes of all that is kept: pushed at once, it still fits the window. */
  static final int HELD_BYTES = 32 * 1024;

  /** Stretches read together: short ones, of which a client that returns has many, in one go. */
  static final int READ_TOGETHER = 20;

  /** What the session does for it. */
  interface Output {
    /** Push these, which follow on what was pushed. */
    void events(ConversationId conversation, List<EncodedEvent> events);

    /** A replay that was asked for is over. */
    void caughtUp(ConversationId conversation, long seq);

    /**
     * Tell the client of this conversation, with this head as its base, then call {@link
     * Resume#announced}.
     *
     * @param base empty when any head will do that is read from now on
     */
    void announce(ConversationId conversation, Optional<Long> base);
  }

  /** A stretch of the log to be read: what comes after this sequence number. */
  record Read(ConversationId conversation, long after) {}

  private enum Phase {
    /** Its cursor is being looked at. */
    EXPECTED,
    /** The client is being told of it. */
    ANNOUNCING,
    OPEN
  }

  private static final class Stretch {
    long position;

    /** The highest head heard of; what is owed is (position, told]. */
    long told;

    boolean owesCaughtUp;
    Phase phase = Phase.OPEN;
    final ArrayDeque<EncodedEvent> held = new ArrayDeque<>(0);

    Stretch(long position, long told) {
      this.position = position;
      this.told = told;
    }

    boolean isBehind() {
      return told > position;
    }
  }

  private final Output output;
  private final Map<ConversationId, Stretch> stretches = new HashMap<>();

  /** Conversations to read, in turn, so that a long backlog doesn't keep the others waiting. */
  private final LinkedHashSet<ConversationId> turns = new LinkedHashSet<>();

  /** The reads under way whose result is still of use. */
  private final Map<ConversationId, Read> reading = new HashMap<>(0);

  /**
   * How many are read together next. One that can't be read fails all that are read with it: after
   * a failure they go alone, and then in twice as many each time.
   */
  private int together = READ_TOGETHER;

  /** The bytes of what all stretches hold. */
  private int heldBytes;

  Resume(Output output) {
    this.output = output;
  }

  /**
   * Where to begin with this conversation is being found out; what is stored meanwhile is kept.
   * Then comes {@link #replay}, {@link #told} or {@link #dismiss}.
   */
  void expect(ConversationId conversation) {
    if (!knows(conversation)) {
      Stretch stretch = new Stretch(0, 0);
      stretch.phase = Phase.EXPECTED;
      stretches.put(conversation, stretch);
    }
  }

  /** The client has no place in this conversation. */
  void dismiss(ConversationId conversation) {
    Stretch stretch = stretches.get(conversation);
    if (stretch != null && stretch.phase != Phase.OPEN) {
      release(stretch);
      stretches.remove(conversation);
    }
  }

  /**
   * The client asked to be brought up to date from its cursor; also later, on a live session. From
   * here on exactly {@code cursor + 1} upward comes.
   */
  void replay(ConversationId conversation, long cursor, long head) {
    Stretch stretch = begin(conversation, cursor, head);
    stretch.owesCaughtUp = true;
    settle(conversation, stretch);
  }

  /** The client gave up what it missed of this conversation and goes on from the head. */
  void skip(ConversationId conversation, long head) {
    settle(conversation, begin(conversation, head, head));
  }

  /**
   * The client was told of this conversation and its head: its base, if it has none yet. If it has
   * one, the head is as good as any that was heard of: perhaps nobody will tell it again.
   */
  void told(ConversationId conversation, long head) {
    if (!knows(conversation)) {
      stretches.put(conversation, new Stretch(head, head));
    } else if (isAnnouncing(conversation)) {
      announced(conversation, head);
    } else {
      heard(conversation, head);
    }
  }

  boolean knows(ConversationId conversation) {
    return stretches.containsKey(conversation);
  }

  /** Events as they were stored. {@code mayPush} is false while the reader is slow. */
  void live(ConversationId conversation, List<EncodedEvent> events, boolean mayPush) {
    if (events.isEmpty()) {
      return;
    }
    long first = events.get(0).seq();
    Stretch stretch = stretches.get(conversation);
    if (stretch == null) {
      stretch = announce(conversation, Optional.of(first - 1));
    }
    stretch.told = Math.max(stretch.told, events.get(events.size() - 1).seq());
    boolean waits = stretch.phase != Phase.OPEN || isReading(conversation);
    if (waits) {
      hold(stretch, events);
      return;
    }
    if (mayPush && first <= stretch.position + 1) {
      push(conversation, stretch, events);
    }
    settle(conversation, stretch);
  }

  /** Somebody who knows says that the log reaches this far. */
  void heard(ConversationId conversation, long head) {
    Stretch stretch = stretches.get(conversation);
    if (stretch == null) {
      stretch = announce(conversation, Optional.empty());
    }
    stretch.told = Math.max(stretch.told, head);
    if (stretch.phase == Phase.OPEN && !isReading(conversation)) {
      settle(conversation, stretch);
    }
  }

  /** Whether {@link Output#announce} was asked for and is still of use. */
  boolean isAnnouncing(ConversationId conversation) {
    Stretch stretch = stretches.get(conversation);
    return stretch != null && stretch.phase == Phase.ANNOUNCING;
  }

  /** The client has been told of this conversation, as {@link Output#announce} asked. */
  void announced(ConversationId conversation, long base) {
    Stretch stretch = stretches.get(conversation);
    if (stretch == null || stretch.phase != Phase.ANNOUNCING) {
      return;
    }
    stretch.phase = Phase.OPEN;
    stretch.position = base;
    pushHeld(conversation, stretch);
    settle(conversation, stretch);
  }

  /** What to read next, all of it together; empty as well while something is being read. */
  List<Read> next() {
    if (!reading.isEmpty() || turns.isEmpty()) {
      return List.of();
    }
    List<Read> next = new ArrayList<>(Math.min(turns.size(), together));
    Iterator<ConversationId> turn = turns.iterator();
    while (turn.hasNext() && next.size() < together) {
      ConversationId conversation = turn.next();
      turn.remove();
      Read read = new Read(conversation, position(conversation));
      reading.put(conversation, read);
      next.add(read);
    }
    return next;
  }

  /**
   * The log after each {@link Read#after}, without a hole. What is read together has room for so
   * much, taken up in the order of the reads: those behind the last one that something came of may
   * have been cut, and have another turn. For the others, nothing means that there is nothing.
   */
  void pages(List<Read> reads, Map<ConversationId, List<EncodedEvent>> pages) {
    together = Math.min(READ_TOGETHER, 2 * together);
    int last = -1;
    for (int i = 0; i < reads.size(); i++) {
      if (pages.containsKey(reads.get(i).conversation())) {
        last = i;
      }
    }
    for (int turn = 1; turn <= reads.size(); turn++) {
      // Who had no room comes before the others next time, or they would take it for ever.
      int i = (last + turn) % reads.size();
      Read read = reads.get(i);
      if (reading.remove(read.conversation(), read)) {
        boolean wasCut = last >= 0 && i > last;
        page(read, pages.getOrDefault(read.conversation(), List.of()), wasCut);
      }
    }
  }

  private void page(Read read, List<EncodedEvent> events, boolean wasCut) {
    Stretch stretch = stretches.get(read.conversation());
    if (stretch == null) {
      return;
    }
    if (!events.isEmpty()) {
      stretch.told = Math.max(stretch.told, events.get(events.size() - 1).seq());
      push(read.conversation(), stretch, events);
    }
    pushHeld(read.conversation(), stretch);
    if (stretch.position == read.after() && stretch.isBehind() && !wasCut) {
      // The log doesn't show what follows, though more was told of: wait until it is heard of
      // again, don't spin.
      return;
    }
    settle(read.conversation(), stretch);
  }

  /** The reads failed; {@link #retry} asks for them again. */
  void readsFailed(List<Read> reads) {
    together = 1;
    reads.forEach(read -> reading.remove(read.conversation(), read));
  }

  /** Takes up again whatever is still owed. */
  void retry() {
    stretches.forEach(
        (conversation, stretch) -> {
          if (stretch.phase == Phase.OPEN && !isReading(conversation)) {
            settle(conversation, stretch);
          }
        });
  }

  long position(ConversationId conversation) {
    Stretch stretch = stretches.get(conversation);
    return stretch == null ? 0 : stretch.position;
  }

  /** Starts anew from a position; what was heard and kept meanwhile still counts. */
  private Stretch begin(ConversationId conversation, long position, long head) {
    Stretch stretch = new Stretch(position, head);
    Stretch before = stretches.put(conversation, stretch);
    if (before != null) {
      stretch.told = Math.max(head, before.told);
      hold(stretch, release(before));
    }
    // What a read under way brings belongs to the stretch that was.
    reading.remove(conversation);
    pushHeld(conversation, stretch);
    return stretch;
  }

  private Stretch announce(ConversationId conversation, Optional<Long> base) {
    Stretch stretch = new Stretch(0, 0);
    stretch.phase = Phase.ANNOUNCING;
    stretches.put(conversation, stretch);
    output.announce(conversation, base);
    return stretch;
  }

  private void push(ConversationId conversation, Stretch stretch, List<EncodedEvent> events) {
    List<EncodedEvent> following = new ArrayList<>(events.size());
    long position = stretch.position;
    for (EncodedEvent event : events) {
      if (event.seq() == position + 1) {
        following.add(event);
        position = event.seq();
      }
    }
    if (!following.isEmpty()) {
      stretch.position = position;
      output.events(conversation, following);
    }
  }

  private void pushHeld(ConversationId conversation, Stretch stretch) {
    if (!stretch.held.isEmpty()) {
      push(conversation, stretch, release(stretch));
    }
  }

  private void hold(Stretch stretch, List<EncodedEvent> events) {
    events.forEach(event -> hold(stretch, event));
  }

  /** Keeps a live event for when the read is done, as long as what is kept has no hole. */
  private void hold(Stretch stretch, EncodedEvent event) {
    boolean follows = stretch.held.isEmpty() || stretch.held.getLast().seq() == event.seq() - 1;
    if (!follows || stretch.held.size() >= HELD_LIMIT) {
      release(stretch);
    }
    int bytes = MessageText.utf8Length(event.json());
    if (heldBytes + bytes > HELD_BYTES) {
      release(stretch);
    } else {
      stretch.held.add(event);
      heldBytes += bytes;
    }
  }

  private List<EncodedEvent> release(Stretch stretch) {
    List<EncodedEvent> held = List.copyOf(stretch.held);
    held.forEach(event -> heldBytes -= MessageText.utf8Length(event.json()));
    stretch.held.clear();
    return held;
  }

  /** At the head: says so if that is owed. Behind it: takes a turn at reading. */
  private void settle(ConversationId conversation, Stretch stretch) {
    if (stretch.isBehind()) {
      turns.add(conversation);
    } else {
      turns.remove(conversation);
      if (stretch.owesCaughtUp) {
        stretch.owesCaughtUp = false;
        output.caughtUp(conversation, stretch.position);
      }
    }
  }

  private boolean isReading(ConversationId conversation) {
    return reading.containsKey(conversation);
  }
}
