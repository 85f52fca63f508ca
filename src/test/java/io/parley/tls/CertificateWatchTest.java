package io.parley.tls;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.parley.testing.TestAuthority;
import io.parley.testing.TestAuthority.Issued;
import io.parley.testing.TestClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class CertificateWatchTest {
  private final TestAuthority authority = TestAuthority.named("authority");
  private final TestClock clock = new TestClock(Instant.now());
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final Logger log = (Logger) LoggerFactory.getLogger(CertificateWatch.class);
  private final Path folder;

  CertificateWatchTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @BeforeEach
  void listen() {
    log.setLevel(Level.INFO);
    lines.start();
    log.addAppender(lines);
  }

  @AfterEach
  void stopListening() {
    log.setLevel(null);
    log.detachAppender(lines);
  }

  @Test
  void anotherPairIsUsedAfterTwoLooksThatFoundTheSame() {
    authority.issue("one").write(folder);
    CertificateWatch watch = open();
    authority.issue("two").write(folder);
    watch.look();
    assertThat(subject(watch)).isEqualTo("CN=one");
    watch.look();
    assertThat(subject(watch)).isEqualTo("CN=two");
    assertThat(said("INFO")).hasSize(2).last().asString().contains("CN=two", "until");
  }

  @Test
  void aLookBetweenTheTwoFilesTellsNothing() {
    authority.issue("one").write(folder);
    CertificateWatch watch = open();
    Issued two = authority.issue("two");
    TestAuthority.write(folder.resolve("node.pem"), two.chain());
    watch.look();
    TestAuthority.write(folder.resolve("node.key"), two.key());
    watch.look();
    watch.look();
    assertThat(subject(watch)).isEqualTo("CN=two");
    assertThat(said("ERROR")).isEmpty();
  }

  @Test
  void aLinkThatIsSetAnewIsAChange() throws IOException {
    authority.issue("one").write(folder.resolve("1"));
    authority.issue("two").write(folder.resolve("2"));
    Path live = Files.createSymbolicLink(folder.resolve("live"), folder.resolve("1"));
    CertificateWatch watch = open(live);
    Files.delete(live);
    Files.createSymbolicLink(live, folder.resolve("2"));
    look(watch, 2);
    assertThat(subject(watch)).isEqualTo("CN=two");
  }

  @Test
  void aMismatchedPairKeepsTheOneBeforeAndIsToldOnce() {
    authority.issue("one").write(folder);
    CertificateWatch watch = open();
    TestAuthority.write(folder.resolve("node.key"), authority.issue("other").key());
    look(watch, 5);
    assertThat(subject(watch)).isEqualTo("CN=one");
    assertThat(said("ERROR"))
        .singleElement()
        .asString()
        .contains("PARLEY_TLS_KEY", "doesn't belong", "CN=one");
  }

  @Test
  void filesThatVanishKeepTheOneBeforeAndTheirReturnIsNoticed() throws IOException {
    Issued one = authority.issue("one");
    one.write(folder);
    CertificateWatch watch = open();
    Files.delete(folder.resolve("node.key"));
    look(watch, 4);
    assertThat(said("ERROR")).singleElement().asString().contains("there is no such file");
    one.write(folder);
    look(watch, 2);
    assertThat(said("INFO")).last().asString().contains("CN=one");
    TestAuthority.write(folder.resolve("node.key"), "broken again");
    look(watch, 4);
    assertThat(said("ERROR")).hasSize(2);
  }

  @Test
  void aChainThatDoesNotLinkKeepsTheOneBeforeAndItsCorrectionIsNoticed() {
    authority.issue("one").write(folder);
    CertificateWatch watch = open();
    Issued two = authority.intermediate("between").issue("two");
    two.write(folder);
    TestAuthority.write(
        folder.resolve("node.pem"),
        TestAuthority.pem(two.certificate()) + authority.pem() + authority.pem());
    look(watch, 4);
    assertThat(subject(watch)).isEqualTo("CN=one");
    assertThat(said("ERROR")).singleElement().asString().contains("isn't the one that signed");
    two.write(folder);
    look(watch, 2);
    assertThat(subject(watch)).isEqualTo("CN=two");
  }

  @Test
  void whatNobodyForesawKeepsTheOneBeforeAndIsToldOnce() {
    authority.issue("one").write(folder);
    AtomicBoolean isBroken = new AtomicBoolean();
    CertificateWatch watch = CertificateWatch.open("clients", files(folder), breaking(isBroken));
    authority.issue("two").write(folder);
    watch.look();
    isBroken.set(true);
    look(watch, 4);
    assertThat(subject(watch)).isEqualTo("CN=one");
    assertThat(said("ERROR")).singleElement().asString().contains("can't be used", "CN=one");
    authority.issue("three").write(folder);
    look(watch, 2);
    assertThat(subject(watch)).isEqualTo("CN=three");
  }

  /** A clock that fails once: any fault inside a look. */
  private Clock breaking(AtomicBoolean isBroken) {
    return new Clock() {
      @Override
      public Instant instant() {
        if (isBroken.getAndSet(false)) {
          throw new IllegalStateException("as nobody foresaw");
        }
        return clock.instant();
      }

      @Override
      public ZoneId getZone() {
        return clock.getZone();
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }
    };
  }

  @Test
  void anEndThatComesNearIsWarnedOfOnceADay() {
    authority.issue("one", "EC", Duration.ofDays(15)).write(folder);
    CertificateWatch watch = open();
    look(watch, 2);
    assertThat(said("WARN")).isEmpty();
    clock.move(Duration.ofDays(2));
    look(watch, 3);
    assertThat(said("WARN")).singleElement().asString().contains("CN=one", "ends on");
    clock.move(Duration.ofDays(20));
    look(watch, 3);
    assertThat(said("WARN")).hasSize(2).last().asString().contains("has ended on");
  }

  @Test
  void oneThatHasEndedIsUsedWithAWarning() {
    authority.issue("one", "EC", Duration.ofDays(-1)).write(folder);
    assertThat(subject(open())).isEqualTo("CN=one");
    assertThat(said("WARN")).singleElement().asString().contains("has ended");
  }

  private CertificateWatch open() {
    return open(folder);
  }

  private CertificateWatch open(Path in) {
    return CertificateWatch.open("clients", files(in), clock);
  }

  private static TlsFiles files(Path in) {
    return TlsFiles.toClients("PARLEY_TLS", in.resolve("node.pem"), in.resolve("node.key"));
  }

  private static void look(CertificateWatch watch, int times) {
    for (int i = 0; i < times; i++) {
      watch.look();
    }
  }

  private static String subject(CertificateWatch watch) {
    return watch.identity().subject();
  }

  private List<String> said(String level) {
    return lines.list.stream()
        .filter(event -> event.getLevel().toString().equals(level))
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }
}
