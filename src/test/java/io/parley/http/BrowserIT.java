package io.parley.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrowserIT {
  /** Something of every kind: pages, files, answers, and each way to say no. */
  private static final List<List<String>> REQUESTS =
      List.of(
          List.of("GET", "/"),
          List.of("HEAD", "/"),
          List.of("GET", "/c/c_1"),
          List.of("GET", "/assets/app-1a2b.js"),
          List.of("GET", "/missing.js"),
          List.of("GET", "/v1/meta"),
          List.of("GET", "/v1/session"),
          List.of("GET", "/v1/sessions"),
          List.of("DELETE", "/v1/sessions/i_1"),
          List.of("DELETE", "/v1/session"),
          List.of("GET", "/v1/users?q=ab"),
          List.of("POST", "/v1/users"),
          List.of("POST", "/v1/session"),
          List.of("POST", "/v1/outboxes"),
          List.of("PATCH", "/v1/users/me"),
          List.of("PUT", "/v1/users/me/password"),
          List.of("GET", "/v1/conversations"),
          List.of("POST", "/v1/conversations"),
          List.of("GET", "/v1/conversations/c_1/events"),
          List.of("POST", "/v1/conversations/c_1/operations"),
          List.of("GET", "/v1/nothing"),
          List.of("PUT", "/v1/meta"));

  @Test
  void everyAnswerCarriesTheSecurityHeaders(@TempDir Path folder) throws IOException {
    try (House house = House.open(House.Plan.usual().withFiles(client(folder)))) {
      for (List<String> request : REQUESTS) {
        House.Reply reply = house.ask(request.get(0), request.get(1)).send();
        assertThat(reply.header("X-Content-Type-Options")).as("%s", request).isEqualTo("nosniff");
        assertThat(reply.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(reply.header("X-Frame-Options")).isEqualTo("DENY");
        assertThat(reply.header("Cross-Origin-Opener-Policy")).isEqualTo("same-origin");
        assertThat(reply.header("Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
        assertThat(reply.header("Strict-Transport-Security")).isEmpty();
        assertThat(reply.header("Server")).isEmpty();
        assertThat(reply.whole().headers().allValues("Content-Security-Policy")).hasSize(1);
        assertThat(reply.header("Content-Security-Policy"))
            .startsWith("default-src 'none'")
            .contains("frame-ancestors 'none'")
            .contains("require-trusted-types-for 'script'")
            .doesNotContain("unsafe");
        assertThat(reply.whole().headers().allValues("Cache-Control")).hasSize(1);
        if (request.get(1).startsWith("/v1")) {
          assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
        }
      }
    }
  }

  @Test
  void overTlsBrowsersAreToldToStayThere() {
    try (House house = House.open(House.Plan.usual().overTls())) {
      assertThat(house.ask("GET", "/v1/meta").send().header("Strict-Transport-Security"))
          .isEqualTo("max-age=31536000");
    }
  }

  @Test
  void theAppIsServedAtItsOwnAddressesAndNothingOutsideItsFolder(@TempDir Path folder)
      throws IOException {
    Files.writeString(folder.resolve("secret.txt"), "canary");
    try (House house = House.open(House.Plan.usual().withFiles(client(folder)))) {
      for (String path : List.of("/", "/c", "/c/", "/c/c_0123456789abcdef")) {
        House.Reply page = house.ask("GET", path).send().is(200);
        assertThat(page.body()).as(path).contains("the app");
        assertThat(page.header("Content-Type")).startsWith("text/html");
        assertThat(page.header("Cache-Control")).isEqualTo("no-cache");
        assertThat(page.header("Content-Security-Policy"))
            .contains("script-src 'self'")
            .contains("trusted-types chat-sw");
      }
      House.Reply asset = house.ask("GET", "/assets/app-1a2b.js").send().is(200);
      assertThat(asset.header("Cache-Control")).isEqualTo("public, max-age=31536000, immutable");
      assertThat(asset.header("Content-Type")).contains("javascript");
      assertThat(house.ask("GET", "/sw.js").send().is(200).header("Cache-Control"))
          .isEqualTo("no-cache");
      assertThat(house.ask("GET", "/manifest.webmanifest").send().header("Content-Type"))
          .startsWith("application/manifest+json");
      for (String path :
          List.of(
              "/assets/gone.js",
              "/c/1/2",
              "/settings",
              "/secret.txt",
              "/../secret.txt",
              "/%2e%2e/secret.txt",
              "/assets/..%2f..%2fsecret.txt",
              "/..%5csecret.txt",
              "/assets",
              "/assets/",
              "/.hidden%00.html",
              "/link.txt")) {
        House.Reply reply = house.ask("GET", path).send();
        assertThat(reply.status()).as(path).isEqualTo(404);
      }
      assertThat(house.raw("GET /../secret.txt HTTP/1.1\r\nHost: x\r\n\r\n"))
          .doesNotContain("canary");
    }
  }

  @Test
  void withoutAClientOnePageSaysWhatThisIs(@TempDir Path empty) throws NoSuchAlgorithmException {
    try (House house = House.open(House.Plan.usual().withFiles(empty))) {
      House.Reply page = house.ask("GET", "/").send().is(200);

      assertThat(page.body()).contains("Parley").contains("docs/protocol.md");
      String style =
          page.body()
              .substring(page.body().indexOf("<style>") + 7, page.body().indexOf("</style>"));
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(style.getBytes(UTF_8));
      assertThat(page.header("Content-Security-Policy"))
          .contains("style-src 'sha256-" + Base64.getEncoder().encodeToString(hash) + "'");
      house.ask("GET", "/c/c_1").send().is(404, "not_found");
    }
  }

  private static Path client(Path folder) throws IOException {
    Path dist = Files.createDirectories(folder.resolve("dist"));
    Files.createDirectories(dist.resolve("assets"));
    Files.writeString(dist.resolve("index.html"), "<!doctype html><title>the app</title>");
    Files.writeString(dist.resolve("sw.js"), "self");
    Files.writeString(dist.resolve("manifest.webmanifest"), "{}");
    Files.writeString(dist.resolve("assets/app-1a2b.js"), "export {}");
    Files.writeString(folder.resolve("outside.txt"), "canary");
    Files.createSymbolicLink(dist.resolve("link.txt"), folder.resolve("outside.txt"));
    return dist;
  }
}
