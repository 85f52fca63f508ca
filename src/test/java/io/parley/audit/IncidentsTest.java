package io.parley.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.testing.LogTap;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IncidentsTest {
  private static final Pattern COUNT = Pattern.compile("count=\"(\\d+)\"");

  private final LogTap log = LogTap.on("parley.audit");
  private final AtomicLong nanos = new AtomicLong();
  private final Incidents incidents = new Incidents(nanos::get);

  @AfterEach
  void close() {
    log.close();
  }

  @Test
  void eachIsToldOnceWithItsKindAndWhoItWas() {
    incidents.fromAddress(Incident.SOCKET_ORIGIN, "192.0.2.7");
    incidents.byUser(Incident.PROTOCOL_ERROR, "u_ada");
    incidents.byCounter(Incident.ATTEMPTS, "sign-up");
    pass(Duration.ofHours(1));
    assertThat(log.lines())
        .containsExactly(
            "denied [kind=\"socket-origin\", address=\"192.0.2.7\"]",
            "protocol error [kind=\"protocol-error\", user=\"u_ada\"]",
            "attempt delayed [kind=\"attempts\", counter=\"sign-up\"]");
  }

  @Test
  void aFloodIsALineAMinuteThatSaysHowManyItStandsFor() {
    for (int second = 0; second < 180; second++) {
      for (int i = 0; i < 1_000; i++) {
        incidents.byUser(Incident.OPERATION_RATE, "u_eve");
      }
      pass(Duration.ofSeconds(1));
    }
    assertThat(log.lines()).hasSize(4);
    pass(Duration.ofMinutes(2));
    assertThat(told(log.lines())).isEqualTo(180_000);
    assertThat(incidents.count(Incident.OPERATION_RATE)).isEqualTo(180_000);
  }

  @Test
  void theEndOfAFloodIsToldAsWell() {
    incidents.byUser(Incident.OPERATION_RATE, "u_eve");
    incidents.byUser(Incident.OPERATION_RATE, "u_eve");
    incidents.byUser(Incident.OPERATION_RATE, "u_eve");
    pass(Duration.ofMinutes(2));
    assertThat(told(log.lines())).isEqualTo(3);
  }

  @Test
  void whatANodeHasntToldWhenItStopsIsToldThen() {
    incidents.byUser(Incident.IN_FLIGHT, "u_eve");
    incidents.byUser(Incident.IN_FLIGHT, "u_eve");
    incidents.flush();
    incidents.flush();
    assertThat(told(log.lines())).isEqualTo(2);
  }

  @Test
  void oneSubjectsFloodDoesntHideAnother() {
    incidents.byUser(Incident.OPERATION_RATE, "u_eve");
    incidents.byUser(Incident.OPERATION_RATE, "u_eve");
    incidents.byUser(Incident.OPERATION_RATE, "u_mallory");
    incidents.byUser(Incident.CONVERSATION, "u_eve");
    assertThat(log.lines()).hasSize(3);
  }

  @Test
  void subjectsWithoutEndAreToldTogetherAndNoneIsLost() {
    int many = 3 * Incidents.MAX_SUBJECTS;
    for (int i = 0; i < many; i++) {
      incidents.fromAddress(Incident.SOCKET_ORIGIN, "2001:db8::" + i);
    }
    assertThat(log.lines()).hasSize(Incidents.MAX_SUBJECTS + 1);
    pass(Duration.ofMinutes(2));
    assertThat(told(log.lines())).isEqualTo(many);
    assertThat(log.lines()).anyMatch(line -> line.contains("others"));
    incidents.fromAddress(Incident.SOCKET_ORIGIN, "192.0.2.7");
    assertThat(log.lines()).as("room again").anyMatch(line -> line.contains("192.0.2.7"));
  }

  private void pass(Duration time) {
    for (long second = 0; second < time.toSeconds(); second += 5) {
      nanos.addAndGet(Duration.ofSeconds(Math.min(5, time.toSeconds())).toNanos());
      incidents.sweep();
    }
  }

  /** How many the lines stand for. */
  private static long told(List<String> lines) {
    long sum = 0;
    for (String line : lines) {
      Matcher count = COUNT.matcher(line);
      sum += count.find() ? Long.parseLong(count.group(1)) : 1;
    }
    return sum;
  }
}
