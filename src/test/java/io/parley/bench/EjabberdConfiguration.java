package io.parley.bench;

import io.parley.database.DatabaseAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Configuration files of ejabberd. What isn't said in one is ejabberd's default. */
final class EjabberdConfiguration {
  /** ejabberd's default; PostgreSQL takes 200, of which Parley has some. */
  private static final int SQL_CONNECTIONS = 10;

  private static final String EXAMPLE = "ejabberd.yml.example";

  /** Up to an empty line, or the next word that begins one. */
  private static final Pattern LISTENERS = Pattern.compile("(?m)^listen:\\n(?:[ #].*\\n)+");

  private static final Pattern CERTIFICATES = Pattern.compile("(?m)^certfiles:\\n(?:[ #].*\\n)+");

  private EjabberdConfiguration() {}

  /**
   * The package's own file, but for this: the archive that it has in comments, all that is kept in
   * PostgreSQL, and one door on this machine only, without TLS and limit of pace.
   *
   * @param example what the package makes {@code /etc/ejabberd/ejabberd.yml} of
   */
  static String shipped(String example, int port, DatabaseAddress database) {
    String text = replaced(example, CERTIFICATES, "");
    text = replaced(text, LISTENERS, door(section(text, LISTENERS), port));
    // What the file says of it, where it waits for somebody who has set up a database.
    text =
        replaced(
            text,
            Pattern.compile("(?m)^modules:\\n"),
            """
            modules:
              mod_mam:
                db_type: sql
                assume_mam_usage: true
                default: always
            """);
    return text + stores(database);
  }

  /**
   * The first of the listeners, that of clients. The others serve TLS alone, other servers,
   * browsers and telephones, whom nobody plays here; without a connection they have nothing to do.
   */
  private static String door(String listeners, int port) {
    String[] each = listeners.split("(?m)^  -\\n", -1);
    String clients = each.length > 1 ? each[1] : "";
    clients = replaced(clients, line("port: 5222"), "    port: " + port + "\n");
    clients = replaced(clients, line("ip: \"::\""), "    ip: \"127.0.0.1\"\n");
    clients = replaced(clients, line("module: ejabberd_c2s"), "    module: ejabberd_c2s\n");
    clients = replaced(clients, line("shaper: c2s_shaper"), "    shaper: none\n");
    clients = replaced(clients, line("starttls_required: true"), "    starttls: false\n");
    // The bench's clients come by the hundred.
    return "listen:\n  -\n" + clients.stripTrailing() + "\n    backlog: 1000\n";
  }

  private static Pattern line(String text) {
    return Pattern.compile("(?m)^    " + Pattern.quote(text) + "\\n");
  }

  /**
   * The first that there is. Another release may have another file, whose figures would mislead.
   */
  private static String replaced(String text, Pattern what, String by) {
    section(text, what);
    return what.matcher(text).replaceFirst(Matcher.quoteReplacement(by));
  }

  private static String section(String text, Pattern what) {
    Matcher found = what.matcher(text);
    if (!found.find()) {
      throw new IllegalStateException(
          "This release of ejabberd has another %s than the bench knows: nothing in it is like %s"
              .formatted(EXAMPLE, what.pattern().replace("\n", "\\n")));
    }
    return found.group();
  }

  static String stripped(int port, DatabaseAddress database) {
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
    auth_password_format: plain

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
            .formatted(Ejabberd.HOST, port)
        + stores(database);
  }

  /** What is kept is kept in PostgreSQL. */
  private static String stores(DatabaseAddress database) {
    return """

    auth_method: [sql]
    default_db: sql
    sql_type: pgsql
    sql_server: "%s"
    sql_port: %d
    sql_database: "%s"
    sql_username: "%s"
    sql_password: "%s"
    # Each insert into the archive is a transaction of its own: so many of them share a flush.
    sql_pool_size: %d
    """
        .formatted(
            database.host(),
            database.port(),
            database.name(),
            database.user(),
            database.password(),
            SQL_CONNECTIONS);
  }
}
