package io.parley.bench;

import io.parley.database.DatabaseAddress;

/**
 * The configuration file of an ejabberd that does what a message needs and nothing else. What isn't
 * said here is its default.
 */
final class EjabberdConfiguration {
  /** ejabberd's default; PostgreSQL takes 200, of which Parley has some. */
  private static final int SQL_CONNECTIONS = 10;

  private EjabberdConfiguration() {}

  static String of(int port, String host, DatabaseAddress database) {
    return """
        hosts: ["%s"]
        loglevel: error
        log_rotate_count: 0

        listen:
          -
            port: %d
            ip: "127.0.0.1"
            module: ejabberd_c2s
            # No limit of pace, no TLS, no compression: Parley has none of them in the bench either.
            shaper: none
            starttls: false
            zlib: false
            backlog: 1000

        # Signing in happens before anything is measured, and shall only be quick.
        auth_method: [sql]
        auth_password_format: plain

        default_db: sql
        sql_type: pgsql
        sql_server: "%s"
        sql_port: %d
        sql_database: "%s"
        sql_username: "%s"
        sql_password: "%s"
        # Each insert into the archive is a transaction of its own: so many of them share a flush.
        sql_pool_size: %d

        # No roster, no presence to share, no offline store, no lists of blocked people: each would
        # ask for something more with every message.
        modules:
          mod_mam:
            db_type: sql
            default: always
            request_activates_archiving: false
            compress_xml: false
            assume_mam_usage: true
          mod_stream_mgmt: {}
        """
        .formatted(
            host,
            port,
            database.host(),
            database.port(),
            database.name(),
            database.user(),
            database.password(),
            SQL_CONNECTIONS);
  }
}
