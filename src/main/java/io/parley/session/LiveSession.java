package io.parley.session;

import io.parley.model.ConversationId;
import io.parley.model.ErrorCode;
import io.parley.model.SequencedEvent;
import io.parley.model.UserId;
import io.parley.protocol.ByeCode;
import io.parley.protocol.ClientFrame;
import io.parley.protocol.Decoded;
import io.parley.protocol.EncodedEvent;
import io.parley.protocol.EventBatches;
import io.parley.protocol.EventJson;
import io.parley.protocol.ServerFrame;
import io.parley.session.SessionMeters.Cursor;
import io.parley.user.Push;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * A session after its welcome: brings the client up to date and keeps it so. It is told of
 * everything by the session's actor, in its thread, and holds no actor's state but that one's.
 */
final class LiveSession implements Resume.Output {
  /** Runs what follows a future in the session's own thread. */
  interface Later {
    <T> void when(CompletionStage<T> stage, Consumer<T> done, Consumer<Throwable> failed);
  }

  /** Of one read for a replay; escaped, twice as many bytes still fit the outbound window. */
  static final int REPLAY_BYTES = 48 * 1024;

  static final int REPLAY_EVENTS = 200;

  /** A pause before the log is read again that couldn't be read. */
  static final Duration AGAIN = Duration.ofSeconds(1);

  /** A typing notice that isn't repeated is over after this. */
  static final long TYPING_MILLIS = 6_000;

  private final Directory.SignedIn who;
  private final String session;
  private final SessionPorts ports;
  private final SocketWriter writer;
  private final Later later;

  private final UserId me;
  private final Resume resume = new Resume(this);
  private final EventBatches batches;
  private final Requests requests;
  private final InboxSync inbox;
  private final Watches watches;
  private final Replays replays;

  LiveSession(
      Directory.SignedIn who,
      String session,
      SessionPorts ports,
      Intake intake,
      SocketWriter writer,
      Later later,
      ActorRef<Push> pushes) {
    this.who = who;
    this.session = session;
    this.ports = ports;
    this.writer = writer;
    this.later = later;
    this.me = who.person().id();
    this.batches = EventBatches.forFrames(ports.limits());
    this.requests = new Requests(me, ports, intake, writer, later);
    this.inbox = new InboxSync(me, ports, writer, later, resume, this::pump);
    this.watches = new Watches(who, session, ports, writer, later, pushes);
    this.replays = new Replays(ports);
  }

  /**
   * Says welcome. Attached, the session misses nothing that is stored from here on; not attached
   * yet, it learns what it missed when it is.
   */
  void begin(ClientFrame.Hello hello, OptionalLong incarnation) {
    ports.reports().meters().welcomed();
    boolean sameLife = hello.epoch().map(ports.epoch()::equals).orElse(true);
    writer.write(
        new ServerFrame.Welcome(
            hello.id(),
            ports.epoch(),
            session,
            who.person(),
            ports.clock().millis(),
            Heartbeat.PING.toMillis(),
            ports.limits()));
    if (sameLife) {
      replay(hello.cursors(), hello.backlog());
    } else {
      hello.cursors().forEach(cursor -> resync(cursor.conversation()));
    }
    inbox.begin(hello.since().filter(since -> sameLife), incarnation);
  }

  void onFrame(ClientFrame frame) {
    if (frame instanceof ClientFrame.Send send) {
      requests.send(send);
    } else if (frame instanceof ClientFrame.Mark mark) {
      requests.mark(mark);
    } else if (frame instanceof ClientFrame.Typing typing) {
      requests.typing(typing);
    } else if (frame instanceof ClientFrame.Page page) {
      requests.page(page);
    } else if (frame instanceof ClientFrame.Start start) {
      requests.start(start, resume::told);
    } else if (frame instanceof ClientFrame.Watch watch) {
      watches.watch(watch);
    } else if (frame instanceof ClientFrame.Resume again) {
      requests.resume(again, resolved -> replayAll(resolved, OptionalLong.empty()));
    } else if (frame instanceof ClientFrame.Ping ping) {
      writer.write(new ServerFrame.Pong(ping.id(), ports.clock().millis()));
    } else if (frame instanceof ClientFrame.Hello) {
      writer.bye(ByeCode.PROTOCOL_ERROR);
    }
  }

  /** The node stops: what isn't under way yet is for the next one. */
  void drain() {
    requests.drain();
  }

  /** A send whose number is readable and whose operation is not. */
  void onUnusable(Decoded.UnusableSend send) {
    requests.unusable(send);
  }

  void onPush(Push push) {
    if (push instanceof Push.Delivered delivered) {
      resume.live(delivered.conversation(), delivered.events(), writer.hasRoom());
    } else if (push instanceof Push.Heads heads) {
      inbox.heads(heads);
    } else if (push instanceof Push.Attached attached) {
      inbox.attached(attached);
    } else if (writer.hasRoom()) {
      onNotice(push);
    }
    pump();
  }

  /** What may be lost on the way is not kept for a slow reader: others could fill its window. */
  private void onNotice(Push push) {
    if (push instanceof Push.Typing typing) {
      writer.write(
          new ServerFrame.Typing(
              typing.conversation(), typing.by(), typing.on() ? TYPING_MILLIS : 0));
    } else if (push instanceof Push.Presence presence && watches.includes(presence.user())) {
      writer.write(
          new ServerFrame.Presence(presence.user(), presence.online(), presence.lastSeen()));
    }
  }

  /** The socket has taken a frame: there may be room for what was held back. */
  void onRoom() {
    inbox.onRoom();
    requests.onRoom();
    pump();
  }

  /** With each renewal of the lease: those of what is watched, and another try at what is owed. */
  void renew() {
    watches.renew();
    requests.sweep();
    resume.retry();
    onRoom();
  }

  void end() {
    watches.end();
    ports.reports().meters().left();
  }

  boolean isIdle() {
    return requests.areAnswered();
  }

  @Override
  public void events(ConversationId conversation, List<EncodedEvent> events) {
    batches.frames(conversation, events).forEach(writer::write);
  }

  @Override
  public void caughtUp(ConversationId conversation, long seq) {
    replays.ended(conversation, seq);
    writer.write(new ServerFrame.CaughtUp(conversation, seq));
  }

  @Override
  public void announce(ConversationId conversation, Optional<Long> base) {
    CompletionStage<Long> head =
        base.<CompletionStage<Long>>map(CompletableFuture::completedFuture)
            .orElseGet(
                () ->
                    ports
                        .log()
                        .heads(Set.of(conversation))
                        .thenApply(heads -> heads.getOrDefault(conversation, 0L)));
    later.when(
        head.thenCombine(
            ports.inboxes().summary(me, conversation), (told, summary) -> summary.withHead(told)),
        summary -> {
          if (resume.isAnnouncing(conversation)) {
            writer.write(new ServerFrame.Conversation(OptionalLong.empty(), me, summary));
            resume.announced(conversation, summary.head());
            pump();
          }
        },
        failure ->
            again(
                () -> {
                  if (resume.isAnnouncing(conversation)) {
                    announce(conversation, base);
                  }
                }));
  }

  /** Reads on for whoever is owed something, while the reader keeps up. */
  private void pump() {
    if (!writer.hasRoom()) {
      return;
    }
    List<Resume.Read> next = resume.next();
    if (!next.isEmpty()) {
      read(next);
    }
  }

  private void read(List<Resume.Read> reads) {
    Map<ConversationId, Long> after = new LinkedHashMap<>();
    reads.forEach(read -> after.put(read.conversation(), read.after()));
    later.when(
        ports.log().after(after, REPLAY_EVENTS, REPLAY_BYTES),
        stored -> {
          Map<ConversationId, List<EncodedEvent>> pages = new HashMap<>();
          stored.forEach((conversation, events) -> pages.put(conversation, encoded(events)));
          resume.pages(reads, pages);
          pump();
        },
        failure -> {
          resume.readsFailed(reads);
          again(
              () -> {
                resume.retry();
                pump();
              });
        });
  }

  private List<EncodedEvent> encoded(List<SequencedEvent> events) {
    return events.stream()
        .map(event -> EventJson.encode(event, event.event().by().equals(me)))
        .toList();
  }

  /** The log couldn't be read: what is owed stays owed. */
  private void again(Runnable step) {
    later.when(ports.shards().pause(AGAIN), pause -> step.run(), never -> {});
  }

  /** Finds out where each cursor stands, then replays from there. */
  private void replay(List<ClientFrame.Cursor> cursors, OptionalLong backlog) {
    cursors.forEach(cursor -> resume.expect(cursor.conversation()));
    requests.replay(cursors, resolved -> replayAll(resolved, backlog));
  }

  private void replayAll(List<Cursors.Resolved> resolved, OptionalLong backlog) {
    resolved.forEach(cursor -> replay(cursor, backlog));
    pump();
  }

  private void replay(Cursors.Resolved cursor, OptionalLong backlog) {
    ConversationId conversation = cursor.conversation();
    if (cursor.head().isEmpty() || cursor.seq().orElse(0) > cursor.head().getAsLong()) {
      resume.dismiss(conversation);
      resync(conversation);
      return;
    }
    long head = cursor.head().getAsLong();
    long from = cursor.seq().orElse(head);
    if (head - from > backlog.orElse(Long.MAX_VALUE)) {
      replays.count(Cursor.BEHIND);
      writer.write(new ServerFrame.Behind(conversation, from, head));
      resume.skip(conversation, head);
    } else {
      replays.began(conversation, from, head);
      resume.replay(conversation, from, head);
    }
  }

  private void resync(ConversationId conversation) {
    replays.count(Cursor.RESYNC);
    writer.write(
        new ServerFrame.Error(
            OptionalLong.empty(),
            Optional.of(conversation),
            ErrorCode.RESYNC,
            OptionalLong.empty(),
            OptionalLong.empty(),
            Optional.empty()));
  }
}
