package io.parley.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.RemoteAddress;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedProxiesTest {
  private final TrustedProxies proxies = TrustedProxies.of(List.of("10.0.0.0/8", "192.0.2.1"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "203.0.113.5 | 198.51.100.1                         | 203.0.113.5",
        "10.1.2.3    | 198.51.100.1                         | 198.51.100.1",
        "192.0.2.1   | 198.51.100.1                         | 198.51.100.1",
        "192.0.2.2   | 198.51.100.1                         | 192.0.2.2",
        "10.1.2.3    | 1.2.3.4, 198.51.100.1                | 198.51.100.1",
        "10.1.2.3    | 1.2.3.4, 198.51.100.1, 10.9.9.9      | 198.51.100.1",
        "10.1.2.3    | localhost                            | 10.1.2.3",
        "10.1.2.3    | 198.51.100.1, garbage, 10.9.9.9      | 10.9.9.9",
        "10.1.2.3    | 300.1.1.1                            | 10.1.2.3",
        "10.1.2.3    | 198.51.100.1:4711                    | 10.1.2.3",
        "10.1.2.3    | 2001:db8::1                          | 2001:db8:0:0:0:0:0:1",
        "10.1.2.3    | ''                                   | 10.1.2.3"
      })
  void whatIsSaidIsBelievedAsFarAsTheHopsAreTrusted(
      String socket, String forwarded, String client) {
    assertThat(proxies.addressOf(request(socket, forwarded))).isEqualTo(client);
  }

  @Test
  void withoutTrustedOnesTheSocketDecides() {
    assertThat(TrustedProxies.NONE.addressOf(request("203.0.113.5", "198.51.100.1")))
        .isEqualTo("203.0.113.5");
    assertThat(TrustedProxies.NONE.addressOf(HttpRequest.GET("/"))).isEqualTo("unknown");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "localhost", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "::/129"})
  void aSettingThatIsNoNetworkIsRefusedAtStart(String network) {
    assertThatThrownBy(() -> TrustedProxies.of(List.of(network)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static HttpRequest request(String socket, String forwarded) {
    try {
      return HttpRequest.GET("/")
          .addAttribute(
              AttributeKeys.remoteAddress, RemoteAddress.create(InetAddress.getByName(socket)))
          .addHeader(RawHeader.create("X-Forwarded-For", forwarded));
    } catch (UnknownHostException impossible) {
      throw new IllegalArgumentException(impossible);
    }
  }
}
