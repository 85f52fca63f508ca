package io.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.parley.database.DatabaseAddress;
import org.junit.jupiter.api.Test;

class EjabberdConfigurationTest {
  private static final DatabaseAddress DATABASE =
      DatabaseAddress.parse("postgresql://parley:secret@127.0.0.1:5433/ejabberd");

  /** What Debian's has, as far as something of it is changed or may be taken for it. */
  private static final String EXAMPLE =
      """
      loglevel: info

      certfiles:
        - "/etc/ejabberd/ejabberd.pem"
      #  - /etc/letsencrypt/live/localhost/fullchain.pem

      define_macro:
        'TLS_OPTIONS':
          - "no_sslv3"

      listen:
        -
          port: 5222
          ip: "::"
          module: ejabberd_c2s
          max_stanza_size: 262144
          shaper: c2s_shaper
          access: c2s
          starttls_required: true
          protocol_options: 'TLS_OPTIONS'
        -
          port: 5269
          ip: "::"
          module: ejabberd_s2s_in

      shaper_rules:
        max_user_sessions: 10
        c2s_shaper:
          normal: all

      modules:
        mod_adhoc: {}
        ## mod_mam:
        ##   default: always
        mod_roster:
          versioning: true
      """;

  @Test
  void asShippedIsThePackagesFileWithAnArchiveInPostgresAndOneDoorOnThisMachine() {
    assertThat(EjabberdConfiguration.shipped(EXAMPLE, 4711, DATABASE))
        .isEqualTo(
            """
            loglevel: info


            define_macro:
              'TLS_OPTIONS':
                - "no_sslv3"

            listen:
              -
                port: 4711
                ip: "127.0.0.1"
                module: ejabberd_c2s
                max_stanza_size: 262144
                shaper: none
                access: c2s
                starttls: false
                protocol_options: 'TLS_OPTIONS'
                backlog: 1000

            shaper_rules:
              max_user_sessions: 10
              c2s_shaper:
                normal: all

            modules:
              mod_mam:
                db_type: sql
                assume_mam_usage: true
                default: always
              mod_adhoc: {}
              ## mod_mam:
              ##   default: always
              mod_roster:
                versioning: true

            auth_method: [sql]
            default_db: sql
            sql_type: pgsql
            sql_server: "127.0.0.1"
            sql_port: 5433
            sql_database: "ejabberd"
            sql_username: "parley"
            sql_password: "secret"
            # Each insert into the archive is a transaction of its own: so many of them share a flush.
            sql_pool_size: 10
            """);
  }

  @Test
  void aFileOfAnotherReleaseIsNotMeasuredAsIfItWereKnown() {
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                EjabberdConfiguration.shipped(
                    EXAMPLE.replace("shaper: c2s_shaper", "shaper: fast"), 4711, DATABASE))
        .withMessageContaining("another ejabberd.yml.example")
        .withMessageContaining("c2s_shaper");
  }

  @Test
  void strippedHasTheArchiveAndAcknowledgementsAlone() {
    assertThat(EjabberdConfiguration.stripped(4711, DATABASE))
        .contains("port: 4711", "mod_mam:", "mod_stream_mgmt: {}", "sql_port: 5433")
        .doesNotContain("mod_roster", "mod_offline", "mod_privacy");
  }

  @Test
  void onlyTheStrippedOnesSchedulersAreToldNotToSpin() {
    assertThat(EjabberdSetup.STRIPPED.flags()).containsSequence("+sbwt", "none");
    assertThat(EjabberdSetup.SHIPPED.flags()).doesNotContain("+sbwt").contains("+K", "+P");
  }
}
