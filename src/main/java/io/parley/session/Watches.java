package io.parley.session;

import io.parley.model.UserId;
import io.parley.protocol.ClientFrame;
import io.parley.protocol.ServerFrame;
import io.parley.user.Push;
import io.parley.user.User;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Whose presence one session wants to know. Wishes are looked at one at a time, and of those that
 * wait only the last counts: each replaces the one before, and a client may send many.
 */
final class Watches {
  private final UserId me;
  private final String session;
  private final SessionPorts ports;
  private final SocketWriter writer;
  private final LiveSession.Later later;
  private final ActorRef<Push> pushes;
  private final Set<UserId> watched = new HashSet<>();
  private Optional<List<UserId>> waiting = Optional.empty();
  private boolean looking;

  Watches(
      Directory.SignedIn who,
      String session,
      SessionPorts ports,
      SocketWriter writer,
      LiveSession.Later later,
      ActorRef<Push> pushes) {
    this.me = who.person().id();
    this.session = session;
    this.ports = ports;
    this.writer = writer;
    this.later = later;
    this.pushes = pushes;
  }

  /** Watches these from now on, instead of the earlier ones. */
  void watch(ClientFrame.Watch watch) {
    waiting = Optional.of(watch.users());
    lookAtNext();
  }

  private void lookAtNext() {
    if (looking || waiting.isEmpty()) {
      return;
    }
    Set<UserId> wanted = new HashSet<>(waiting.get());
    wanted.remove(me);
    waiting = Optional.empty();
    looking = true;
    later.when(
        ports.directory().peersAmong(me, wanted),
        peers -> {
          looking = false;
          replace(wanted, peers);
          lookAtNext();
        },
        failure -> {
          looking = false;
          lookAtNext();
        });
  }

  /** Somebody who is no peer looks offline, as somebody does who isn't there at all. */
  private void replace(Set<UserId> wanted, Set<UserId> peers) {
    for (UserId gone : Set.copyOf(watched)) {
      if (!peers.contains(gone)) {
        watched.remove(gone);
        ports.shards().tell(gone, new User.Unwatch(session));
      }
    }
    for (UserId user : wanted) {
      if (!peers.contains(user)) {
        writer.write(new ServerFrame.Presence(user, false, OptionalLong.empty()));
      } else {
        watched.add(user);
        ports.shards().tell(user, new User.Watch(session, pushes));
      }
    }
  }

  boolean includes(UserId user) {
    return watched.contains(user);
  }

  /** Renews the leases. */
  void renew() {
    watched.forEach(user -> ports.shards().tell(user, new User.Watch(session, pushes)));
  }

  void end() {
    watched.forEach(user -> ports.shards().tell(user, new User.Unwatch(session)));
  }
}
