package io.parley.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OriginsTest {
  static final List<String> ODD =
      List.of(
          "null",
          "",
          " ",
          "*",
          "http://localhost",
          "http://localhost:80800",
          "http://localhost:8080/",
          "http://localhost:8080.evil.example",
          "http://localhost:8080@evil.example",
          "http://evil.example/http://localhost:8080",
          "http://evil.example?http://localhost:8080",
          "http://evil.example#http://localhost:8080",
          "https://localhost:8080",
          "HTTP://localhost:8080",
          "http://LOCALHOST:8080",
          "http://localhost.:8080",
          "http://localhost:08080",
          "http://localhost:8080 ",
          " http://localhost:8080",
          "http://localhost:8080, http://evil.example",
          "http://evil.example http://localhost:8080",
          "//localhost:8080",
          "localhost:8080",
          "ws://localhost:8080",
          "file://",
          "file://localhost:8080",
          "data:text/html,x",
          "javascript:alert(1)",
          "chrome-extension://localhost:8080",
          "http://127.0.0.1:8081",
          "http://127.1:8080",
          "http://0x7f000001:8080",
          "http://2130706433:8080",
          "http://[::1]:8080",
          "http://[::ffff:127.0.0.1]:8080",
          "http://localhost:8080\u0000",
          "http://xn--localhost-:8080",
          "http://lоcalhost:8080");

  private final Origins origins = Origins.ofBind("127.0.0.1", 8080, false);

  @Test
  void onlyTheExactOnesAreAllowed() {
    assertThat(List.of("http://localhost:8080", "http://127.0.0.1:8080")).allMatch(origins::allow);
    assertThat(ODD).hasSizeGreaterThan(30).noneMatch(origins::allow);
  }

  @Test
  void anUpgradeNeedsExactlyOne() {
    HttpRequest none = HttpRequest.GET("/v1/socket");
    HttpRequest one = none.addHeader(RawHeader.create("Origin", "http://localhost:8080"));
    HttpRequest two = one.addHeader(RawHeader.create("Origin", "http://localhost:8080"));

    assertThat(origins.allow(none)).isFalse();
    assertThat(origins.allow(one)).isTrue();
    assertThat(origins.allow(two)).isFalse();
  }

  @Test
  void thePortThatEverybodyKnowsIsNotWritten() {
    assertThat(Origins.ofBind("chat.example.org", 443, true).allow("https://chat.example.org"))
        .isTrue();
    assertThat(Origins.ofBind("::1", 8080, false).allow("http://[::1]:8080")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "null",
        "chat.example.org",
        "https://chat.example.org/",
        "https://chat.example.org/app",
        "https://chat.example.org:443",
        "http://chat.example.org:80",
        "https://Chat.example.org",
        "https://user@chat.example.org",
        "ftp://chat.example.org",
        "https://*.example.org",
        "https://chat.example.org?x",
        "https:// "
      })
  void aSettingThatNoBrowserWouldSendIsRefusedAtStart(String origin) {
    assertThatThrownBy(() -> Origins.of(List.of(origin)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not an origin");
  }

  @Test
  void listedOriginsTakeThePlaceOfTheOwn() {
    Origins listed = Origins.of(List.of("https://chat.example.org", "http://[::1]:5173"));

    assertThat(listed.allow("https://chat.example.org")).isTrue();
    assertThat(listed.allow("http://[::1]:5173")).isTrue();
    assertThat(listed.allow("http://localhost:8080")).isFalse();
  }
}
