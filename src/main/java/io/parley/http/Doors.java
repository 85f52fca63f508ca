package io.parley.http;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.http.javadsl.settings.ServerSettings;

/** Binds ports. */
public final class Doors {
  private Doors() {}

  /** Fails when the port is taken or isn't ours to bind. */
  public static CompletionStage<ServerBinding> open(
      ActorSystem<?> system, HttpSettings.Bind bind, Route routes) {
    ServerSettings settings =
        ServerSettings.create(system.settings().config())
            .withRemoteAddressAttribute(true)
            .withParsingErrorHandler(UnreadableRequest.class.getName());
    return Http.get(system)
        .newServerAt(bind.host(), bind.port())
        .withSettings(settings)
        .bind(routes);
  }
}
