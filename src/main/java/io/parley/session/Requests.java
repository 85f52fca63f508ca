package io.parley.session;

import io.parley.conversation.Conversation;
import io.parley.model.ConversationId;
import io.parley.model.ErrorCode;
import io.parley.model.OutboxNumber;
import io.parley.model.Participants;
import io.parley.model.UserId;
import io.parley.protocol.ByeCode;
import io.parley.protocol.ClientFrame;
import io.parley.protocol.Decoded;
import io.parley.protocol.ServerFrame;
import io.parley.session.HeldBack.Held;
import io.parley.user.User;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What a client asks for once it is welcome, each answered by one frame. */
final class Requests {
  /** Reads that may wait in one session. */
  static final int READS = 8;

  /** Marks and typing notices a session may tell: many more than a person can cause. */
  static final int NOTES_PER_SECOND = 50;

  static final int NOTES_BURST = 200;

  /** How often a client that is held back is looked at. */
  static final Duration LOOK = Duration.ofMillis(250);

  private final UserId me;
  private final SessionPorts ports;
  private final Intake intake;
  private final SocketWriter writer;
  private final LiveSession.Later later;
  private final Lanes lanes;
  private final HeldBack heldBack = new HeldBack();
  private final TokenBucket rate;
  private final TokenBucket notes;
  private final Pages pages;
  private final Starts starts;
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>(0);
  private boolean reading;

  /** One look is due: another beside it would never end while the client is held back. */
  private boolean looking;

  Requests(
      UserId me, SessionPorts ports, Intake intake, SocketWriter writer, LiveSession.Later later) {
    this.me = me;
    this.ports = ports;
    this.intake = intake;
    this.writer = writer;
    this.later = later;
    this.lanes = new Lanes(ports.operations(), ports.limits().frames().inFlight());
    this.rate =
        new TokenBucket(
            ports.limits().rates().messagesPerSecond(),
            ports.limits().rates().burst(),
            ports.nanos().getAsLong());
    this.notes = new TokenBucket(NOTES_PER_SECOND, NOTES_BURST, ports.nanos().getAsLong());
    this.pages = Pages.forFrames(ports);
    this.starts = new Starts(ports);
  }

  boolean areAnswered() {
    return lanes.areEmpty();
  }

  void send(ClientFrame.Send send) {
    OutboxNumber number = new OutboxNumber(send.outbox(), send.n());
    send(send.id(), Request.of(me, send.conversation(), number, send.operation(), send.claimed()));
  }

  void unusable(Decoded.UnusableSend send) {
    OutboxNumber number = new OutboxNumber(send.outbox(), send.n());
    send(send.id(), Request.unusable(me, send.conversation(), number, send.code(), send.why()));
  }

  private void send(long id, Request request) {
    long now = ports.nanos().getAsLong();
    if (intake.isHeldBack() && mustWait(request, now)) {
      lanes.cameAgain(request, now);
      heldBack
          .add(new Held(id, request, now, intake.keep()))
          .ifPresent(
              copy -> {
                intake.release(copy.credit());
                refuse(copy.id(), request);
              });
      holdBack(now);
    } else {
      admit(id, request, now, now);
    }
  }

  /** Whether there is no room for it yet, and nothing that says that it is in vain to wait. */
  private boolean mustWait(Request request, long now) {
    boolean isNext = heldBack.isEmpty(request.conversation());
    return !lanes.isBehind(request, now) && !(isNext && hasRoom(request, now));
  }

  private boolean hasRoom(Request request, long now) {
    return lanes.hasRoom(request.conversation())
        && (!ports.limits().rateLimits() || rate.hasToken(now));
  }

  /** Lets it go on its way, or refuses it. */
  private void admit(long id, Request request, long cameNanos, long now) {
    long waitNanos = ports.limits().rateLimits() ? rate.take(now) : 0;
    if (waitNanos > 0) {
      long millis = TimeUnit.NANOSECONDS.toMillis(waitNanos) + 1;
      answer(id, request, Answer.retryAfter(ErrorCode.RATE_LIMITED, millis), cameNanos);
      holdBack(now);
      return;
    }
    Optional<CompletionStage<Answer>> answer = lanes.send(request, cameNanos, now);
    if (answer.isEmpty()) {
      refuse(id, request);
      holdBack(now);
      return;
    }
    later.when(
        answer.get(),
        done -> answered(id, request, done, cameNanos),
        failure -> answered(id, request, Answer.refused(ErrorCode.UNAVAILABLE), cameNanos));
  }

  private void refuse(long id, Request request) {
    ports.reports().tooManyInFlight(me);
    writer.write(Frames.of(id, request, Answer.refused(ErrorCode.OVERLOADED)));
  }

  private void answered(long id, Request request, Answer answer, long cameNanos) {
    long now = ports.nanos().getAsLong();
    // Only of a client that sends too much. Of another, what comes behind is on its way already and
    // within its window: turned away here, it would be taken for too much.
    if (intake.isHeldBack() && isOutOfOrder(answer)) {
      lanes.turnAway(request, now);
    }
    lanes.answered(request.conversation(), now);
    answer(id, request, answer, cameNanos);
    goOn(now);
  }

  private static boolean isOutOfOrder(Answer answer) {
    return answer instanceof Answer.Refused refused && refused.code() == ErrorCode.OUT_OF_ORDER;
  }

  /** With each renewal: what was only remembered for a while. */
  void sweep() {
    lanes.sweep(ports.nanos().getAsLong());
  }

  private void holdBack(long now) {
    intake.holdBack(now);
    if (!looking) {
      looking = true;
      lookAgain();
    }
  }

  /** For a token of the rate, for what has waited long enough, and to let go of who is calm. */
  private void lookAgain() {
    later.when(
        ports.shards().pause(LOOK),
        pause -> {
          long now = ports.nanos().getAsLong();
          goOn(now);
          if (!heldBack.isEmpty()) {
            intake.holdBack(now);
          }
          looking = !intake.isCalm(now);
          if (looking) {
            lookAgain();
          } else {
            intake.letGo();
          }
        },
        never -> looking = false);
  }

  /** Goes on with what was held back as there is room, and refuses what may not wait longer. */
  private void goOn(long now) {
    while (!heldBack.isEmpty()) {
      Optional<Held> next =
          heldBack.take(
              held ->
                  held.isDue(now, intake.isFull())
                      || hasRoom(held.request(), now)
                      || lanes.isBehind(held.request(), now));
      if (next.isEmpty()) {
        return;
      }
      Held held = next.get();
      intake.release(held.credit());
      admit(held.id(), held.request(), held.cameNanos(), now);
    }
  }

  /** Nothing more is begun. */
  void drain() {
    heldBack.clear();
  }

  private void answer(long id, Request request, Answer answer, long cameNanos) {
    ports.reports().answered(me, answer, ports.nanos().getAsLong() - cameNanos);
    writer.write(Frames.of(id, request, answer));
  }

  void mark(ClientFrame.Mark mark) {
    note(
        mark.conversation(),
        pair ->
            ports.shards().tell(mark.conversation(), new Conversation.Mark(me, mark.claimed())));
  }

  void typing(ClientFrame.Typing typing) {
    note(
        typing.conversation(),
        pair ->
            ports
                .shards()
                .tell(
                    pair.peerOf(me), new User.TellTyping(typing.conversation(), me, typing.on())));
  }

  /** Best effort and without a reply: whatever is wrong with it, nothing happens. */
  private void note(ConversationId conversation, Consumer<Participants> tell) {
    if (!isFlood()) {
      later.when(
          ports.directory().participants(conversation),
          pair -> pair.filter(both -> both.include(me)).ifPresent(tell),
          failure -> {});
    }
  }

  /** Each costs a lookup, and nothing else bounds them: they have no answer to wait for. */
  private boolean isFlood() {
    return ports.limits().rateLimits() && notes.take(ports.nanos().getAsLong()) > 0;
  }

  void page(ClientFrame.Page page) {
    read(
        page.id(),
        Optional.of(page.conversation()),
        () ->
            pages.read(
                me,
                page.conversation(),
                new Pages.Bounds(page.before(), page.after(), page.limit())),
        found -> {
          if (found.isEmpty()) {
            ports.reports().notTheirs(me);
          }
          writer.write(
              found
                  .<ServerFrame>map(
                      read ->
                          new ServerFrame.Page(
                              page.id(),
                              page.conversation(),
                              read.events(),
                              read.start(),
                              read.head()))
                  .orElseGet(
                      () ->
                          ServerFrame.Error.reply(
                              page.id(), page.conversation(), ErrorCode.NOT_FOUND)));
        });
  }

  /**
   * Looks up the cursors of the hello, before every other read: a resume that overtook them would
   * afterwards be taken back to where the hello began.
   */
  void replay(List<ClientFrame.Cursor> cursors, Consumer<List<Cursors.Resolved>> done) {
    reading = true;
    later.when(
        Cursors.resolve(ports, me, cursors),
        resolved -> {
          done.accept(resolved);
          reading = false;
          onRoom();
        },
        failure -> writer.bye(ByeCode.UNAVAILABLE, OptionalLong.of(1_000)));
  }

  /** {@code done} hears where the cursors stand, right after the client was told {@code ok}. */
  void resume(ClientFrame.Resume again, Consumer<List<Cursors.Resolved>> done) {
    read(
        again.id(),
        Optional.empty(),
        () -> Cursors.resolve(ports, me, again.cursors()),
        resolved -> {
          writer.write(new ServerFrame.Ok(again.id()));
          done.accept(resolved);
        });
  }

  /** {@code told} hears the conversation and the head that the client now knows. */
  void start(ClientFrame.Start start, BiConsumer<ConversationId, Long> told) {
    read(
        start.id(),
        Optional.empty(),
        () -> starts.start(me, start.peer()),
        started -> {
          if (started.refusal().isPresent()) {
            writer.write(ServerFrame.Error.reply(start.id(), started.refusal().get()));
            return;
          }
          started
              .summary()
              .ifPresent(
                  summary -> {
                    writer.write(
                        new ServerFrame.Conversation(OptionalLong.of(start.id()), me, summary));
                    told.accept(summary.id(), summary.head());
                  });
        });
  }

  /** Queues a read: they go one by one, and only while the client takes what it asked for. */
  private <T> void read(
      long id,
      Optional<ConversationId> conversation,
      Supplier<CompletionStage<T>> read,
      Consumer<T> done) {
    if (waiting.size() >= READS) {
      fail(id, conversation, ErrorCode.OVERLOADED);
      return;
    }
    waiting.add(
        () ->
            later.when(
                read.get(),
                result -> {
                  done.accept(result);
                  reading = false;
                  onRoom();
                },
                failure -> {
                  fail(id, conversation, ErrorCode.UNAVAILABLE);
                  reading = false;
                  onRoom();
                }));
    onRoom();
  }

  /** Begins the next read, if the socket takes more. */
  void onRoom() {
    if (!reading && writer.hasRoom() && !waiting.isEmpty()) {
      reading = true;
      waiting.remove().run();
    }
  }

  private void fail(long id, Optional<ConversationId> conversation, ErrorCode code) {
    ServerFrame.Error error = ServerFrame.Error.reply(id, code);
    writer.write(conversation.map(error::in).orElse(error));
  }
}
