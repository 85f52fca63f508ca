package io.parley;

import io.parley.cluster.NodeEngines;
import io.parley.tls.CertificateWatch;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.remote.artery.tcp.SSLEngineProviderSetup;

/**
 * The certificates that this node shows, and who looks after them.
 *
 * @param clients at the door
 * @param nodes to the other nodes
 */
record Certificates(Optional<CertificateWatch> clients, Optional<CertificateWatch> nodes) {

  /**
   * Reads them.
   *
   * @throws io.parley.tls.CertificatesRefusedException when they changed since the settings were
   *     read, and for the worse
   */
  static Certificates open(TlsSettings settings, Clock clock) {
    return new Certificates(
        settings.clients().map(files -> CertificateWatch.open("clients", files, clock)),
        settings.nodes().map(files -> CertificateWatch.open("other nodes", files, clock)));
  }

  /** With what the transport between nodes asks for its engines. */
  ActorSystemSetup with(ActorSystemSetup setup) {
    return nodes
        .map(
            watch ->
                setup.withSetup(SSLEngineProviderSetup.create(system -> new NodeEngines(watch))))
        .orElse(setup);
  }

  /** Has their files looked at as long as the system runs. */
  void watch(ActorSystem<?> system, Duration every) {
    Stream.of(clients, nodes)
        .flatMap(Optional::stream)
        .forEach(
            watch ->
                system
                    .scheduler()
                    .scheduleWithFixedDelay(
                        every,
                        every,
                        watch::look,
                        system.dispatchers().lookup(DispatcherSelector.blocking())));
  }
}
