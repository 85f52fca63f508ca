package io.parley.database;

import io.parley.database.TransportSecurity.Mode;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.postgresql.client.SSLMode;
import io.r2dbc.spi.ConnectionFactory;
import java.util.Map;
import reactor.core.publisher.Mono;

/** Makes the driver's connections: time-outs of the session, encryption, our own codec. */
final class Connections {

  private Connections() {}

  static ConnectionFactory factory(DatabaseSettings settings) {
    DatabaseAddress address = settings.address();
    PostgresqlConnectionConfiguration.Builder builder =
        PostgresqlConnectionConfiguration.builder()
            .host(address.host())
            .port(address.port())
            .database(address.name())
            .username(address.user())
            .password(address.password())
            .applicationName(settings.applicationName())
            .connectTimeout(settings.acquireTimeout())
            .statementTimeout(settings.statementTimeout())
            .options(
                Map.of(
                    "idle_in_transaction_session_timeout",
                    Long.toString(settings.idleInTransactionTimeout().toMillis())))
            .tcpKeepAlive(true)
            // Extensions come from here, not from what happens to be on the class path.
            .autodetectExtensions(false)
            .codecRegistrar(
                (connection, allocator, registry) ->
                    Mono.fromRunnable(() -> registry.addFirst(new BinaryArrayCodec(allocator))));
    secure(builder, address.security());
    return new PostgresqlConnectionFactory(builder.build());
  }

  private static void secure(
      PostgresqlConnectionConfiguration.Builder builder, TransportSecurity security) {
    if (security.mode() == Mode.DISABLE) {
      builder.sslMode(SSLMode.DISABLE);
      return;
    }
    builder.sslMode(security.mode() == Mode.VERIFY_FULL ? SSLMode.VERIFY_FULL : SSLMode.REQUIRE);
    security.rootCertificate().ifPresent(path -> builder.sslRootCert(path.toString()));
  }
}
