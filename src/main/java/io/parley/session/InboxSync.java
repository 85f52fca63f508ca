package io.parley.session;

import io.parley.history.InboxPage;
import io.parley.model.ConversationSummary;
import io.parley.model.UserId;
import io.parley.protocol.ByeCode;
import io.parley.protocol.InboxFrames;
import io.parley.protocol.ServerFrame;
import io.parley.user.Push;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Brings a client's inbox up to date when it comes, and afterwards finds out by versions of the
 * feed whether a delivery was missed. Each application of events to a person's inbox raises the
 * version by one, and a notice says of how many it tells: who hears the next ones has missed
 * nothing, a hole is made good by reading what changed since.
 */
final class InboxSync {
  private final UserId me;
  private final SessionPorts ports;
  private final SocketWriter writer;
  private final LiveSession.Later later;
  private final Resume resume;

  /** Reads on for whoever is owed something by now. */
  private final Runnable pump;

  /** Of the user that has attached this session; empty before one has. */
  private OptionalLong incarnation = OptionalLong.empty();

  private long version = -1;
  private boolean comparing;

  /** Something may have been missed, and no comparison that began since has succeeded. */
  private boolean owed;

  private Optional<Runnable> whenRoom = Optional.empty();

  InboxSync(
      UserId me,
      SessionPorts ports,
      SocketWriter writer,
      LiveSession.Later later,
      Resume resume,
      Runnable pump) {
    this.me = me;
    this.ports = ports;
    this.writer = writer;
    this.later = later;
    this.resume = resume;
    this.pump = pump;
  }

  /** Tells the newest conversations, or all that changed since the client's place. */
  void begin(Optional<String> since, OptionalLong attachedTo) {
    incarnation = attachedTo;
    read(since, Optional.empty());
  }

  private void read(Optional<String> since, Optional<String> cursor) {
    int limit = ports.limits().frames().inbox();
    later.when(
        since.isPresent()
            ? ports.inboxes().changedSince(me, since.get(), limit, cursor)
            : ports.inboxes().newest(me, limit, cursor),
        page -> tell(since, page),
        failure -> writer.bye(ByeCode.UNAVAILABLE, OptionalLong.of(1_000)));
  }

  private void tell(Optional<String> since, InboxPage page) {
    // Without a place the newest are enough; with one, all that changed has to come.
    boolean more = since.isPresent() && page.more();
    List<ServerFrame.Inbox> frames =
        new InboxFrames(ports.limits()).cut(me, page.conversations(), page.since());
    for (ServerFrame.Inbox frame : frames) {
      writer.write(
          more ? new ServerFrame.Inbox(me, frame.conversations(), Optional.empty(), true) : frame);
    }
    for (ConversationSummary conversation : page.conversations()) {
      resume.told(conversation.id(), conversation.head());
    }
    pump.run();
    if (more) {
      whenRoom = Optional.of(() -> read(since, page.cursor()));
      onRoom();
    } else {
      version = page.version();
      compareIfOwed();
    }
  }

  void onRoom() {
    if (whenRoom.isPresent() && writer.hasRoom()) {
      Runnable next = whenRoom.get();
      whenRoom = Optional.empty();
      next.run();
    }
  }

  /** The feed has applied events. */
  void heads(Push.Heads heads) {
    heads.heads().forEach(resume::heard);
    if (heads.feedVersion() <= version) {
      return;
    }
    if (heads.feedVersion() - heads.changes() <= version) {
      version = heads.feedVersion();
    } else {
      compare();
    }
  }

  /** The session is attached at last, or its lease was renewed, perhaps by another incarnation. */
  void attached(Push.Attached attached) {
    OptionalLong now = OptionalLong.of(attached.incarnation());
    boolean another = !incarnation.equals(now);
    incarnation = now;
    if (another || owed || attached.feedVersion() > version) {
      compare();
    }
  }

  /** Reads the heads of everything that changed since the version known. */
  private void compare() {
    owed = true;
    if (!comparing && version >= 0) {
      comparing = true;
      owed = false;
      compare(Optional.empty());
    }
  }

  private void compareIfOwed() {
    if (owed) {
      compare();
    }
  }

  private void compare(Optional<String> cursor) {
    int limit = ports.limits().frames().inbox();
    later.when(
        ports.inboxes().changedSince(me, ports.inboxes().sinceOf(version), limit, cursor),
        page -> {
          page.conversations().forEach(changed -> resume.heard(changed.id(), changed.head()));
          pump.run();
          if (page.more()) {
            compare(page.cursor());
          } else {
            comparing = false;
            version = Math.max(version, page.version());
            compareIfOwed();
          }
        },
        failure -> {
          comparing = false;
          owed = true;
        });
  }
}
