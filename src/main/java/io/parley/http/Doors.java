package io.parley.http;

import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.ConnectionContext;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBuilder;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.http.javadsl.settings.ServerSettings;

/** Binds ports. */
public final class Doors {
  private Doors() {}

  /** In plain HTTP. Fails when the port is taken or isn't ours to bind. */
  public static CompletionStage<Door> open(
      ActorSystem<?> system, HttpSettings.Bind bind, Route routes) {
    return Door.open(system, at(system, bind), routes);
  }

  /** The same, for HTTPS and nothing else; each connection has an engine of its own. */
  public static CompletionStage<Door> open(
      ActorSystem<?> system, HttpSettings.Bind bind, Route routes, Supplier<SSLEngine> engines) {
    ServerBuilder at = at(system, bind).enableHttps(ConnectionContext.httpsServer(engines::get));
    return Door.open(system, at, routes);
  }

  private static ServerBuilder at(ActorSystem<?> system, HttpSettings.Bind bind) {
    ServerSettings settings =
        ServerSettings.create(system.settings().config())
            .withRemoteAddressAttribute(true)
            .withParsingErrorHandler(UnreadableRequest.class.getName())
            // For what comes to a connection that is being ended, and is no request of ours yet.
            .withTerminationDeadlineExceededResponse(Door.cutOff());
    return Http.get(system).newServerAt(bind.host(), bind.port()).withSettings(settings);
  }
}
