package io.parley.embedded;

import java.util.Locale;

/** The configuration files of the embedded server; written anew at each start. */
final class Configuration {

  private Configuration() {}

  static String settings(int port) {
    return """
        # Written by Parley at each start: changes here are lost.
        # Settings of your own go into local.conf beside this file.

        # Reachable from this machine only, by TCP only: a socket file would have to be guarded too,
        # and neither of the drivers takes one.
        listen_addresses = '127.0.0.1'
        port = %d
        unix_socket_directories = ''
        password_encryption = 'scram-sha-256'
        authentication_timeout = '10s'

        # Far more than Parley's pools and a person's psql take; an unused one costs next to nothing.
        max_connections = 200
        # A modest share of a small machine: the working set of a chat is its newest pages.
        shared_buffers = '128MB'
        effective_cache_size = '512MB'
        # Statements are small and many. Parallel workers would cost more than they bring, and need
        # more shared memory than a container has by default (64 MB).
        max_parallel_workers_per_gather = 0
        max_parallel_maintenance_workers = 0
        jit = off
        # Prepared transactions hold back the feed's watermark without end.
        max_prepared_transactions = 0

        timezone = 'UTC'
        log_timezone = 'UTC'
        lc_messages = 'C'
        default_text_search_config = 'pg_catalog.simple'
        # The server's own life and its crashes. Failed statements are their client's to report: here
        # they would show what people wrote.
        log_min_messages = 'log'
        log_min_error_statement = 'panic'
        log_error_verbosity = 'terse'
        log_checkpoints = off
        log_autovacuum_min_duration = -1
        log_line_prefix = '%%m [%%p] '

        include_if_exists = 'local.conf'

        # After local.conf, so that nothing above can take them back: what was accepted stays.
        fsync = on
        synchronous_commit = on
        full_page_writes = on
        %s"""
        .formatted(port, flushing());
  }

  /** On a Mac only this one gets data out of the disk's own cache. */
  private static String flushing() {
    boolean mac = System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("mac");
    return mac ? "wal_sync_method = fsync_writethrough\n" : "";
  }

  /** One role, from this machine, with its password; nobody else, not even the superuser. */
  static String access(String role) {
    return """
        # Written by Parley at each start: changes here are lost.
        host all %s 127.0.0.1/32 scram-sha-256
        """
        .formatted(role);
  }
}
