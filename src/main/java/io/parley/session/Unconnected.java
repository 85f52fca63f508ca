package io.parley.session;

import io.parley.session.Session.Command;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** A session that doesn't know yet where to write; what comes early waits. */
final class Unconnected {
  /** What may overtake {@link Session.Connected}: a drain. */
  private static final int EARLY = 8;

  private Unconnected() {}

  static Behavior<Command> create(
      String id, Visitor visitor, SessionPorts ports, ActorRef<Sessions.Command> sessions) {
    return Behaviors.withStash(
        EARLY,
        stash ->
            Behaviors.withTimers(
                timers -> {
                  timers.startSingleTimer(new Session.HelloDue(), Session.HELLO_WITHIN);
                  return Behaviors.receive(Command.class)
                      .onMessage(
                          Session.Connected.class,
                          connected ->
                              stash.unstashAll(
                                  Session.create(
                                      id,
                                      visitor,
                                      connected.socket(),
                                      ports,
                                      sessions,
                                      Heartbeat.jitter())))
                      .onMessage(Session.HelloDue.class, never -> Behaviors.stopped())
                      .onMessage(Session.Disconnected.class, gone -> Behaviors.stopped())
                      .onAnyMessage(
                          early -> {
                            stash.stash(early);
                            return Behaviors.same();
                          })
                      .build();
                }));
  }
}
