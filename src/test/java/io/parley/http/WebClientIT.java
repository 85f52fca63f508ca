package io.parley.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder as Vite builds it, with what the build compresses beside, as a browser gets it. */
class WebClientIT {
  private static final String BROWSER = "gzip, deflate, br, zstd";
  private static final String INDEX = "<!doctype html><title>the app</title>";
  private static final String SCRIPT = "export const text = 'größer';";

  private static final Map<String, String> TYPES =
      Map.of(
          "/", "text/html; charset=UTF-8",
          "/c/c_0123456789abcdef", "text/html; charset=UTF-8",
          "/assets/index-B69EHTGG.js", "application/javascript; charset=UTF-8",
          "/assets/index-Cl0Ge0lh.css", "text/css; charset=UTF-8",
          "/assets/inter-latin-DqGu.woff2", "font/woff2",
          "/manifest.webmanifest", "application/manifest+json",
          "/favicon.svg", "image/svg+xml");

  private final HttpClient client = HttpClient.newHttpClient();
  private House house = House.open();

  @BeforeEach
  void build(@TempDir Path folder) throws IOException {
    Files.createDirectories(folder.resolve("assets"));
    write(folder, "index.html", INDEX, ".gz", ".br");
    write(folder, "assets/index-B69EHTGG.js", SCRIPT, ".gz", ".br");
    write(folder, "assets/index-Cl0Ge0lh.css", "body{margin:0}", ".gz");
    write(folder, "assets/inter-latin-DqGu.woff2", "wOF2");
    write(folder, "manifest.webmanifest", "{\"name\":\"Parley\"}", ".gz", ".br");
    write(folder, "favicon.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>", ".gz", ".br");
    Files.writeString(folder.resolve(".built"), "");
    house.close();
    house = House.open(House.Plan.usual().withFiles(folder));
  }

  @AfterEach
  void close() {
    house.close();
  }

  @Test
  void everyFileHasItsTypeWhateverTheCodingAndCaches() throws Exception {
    for (Map.Entry<String, String> one : TYPES.entrySet()) {
      for (String coding : List.of("", "gzip", "br", BROWSER)) {
        HttpResponse<byte[]> response = get(one.getKey(), coding);
        assertThat(response.statusCode()).as(one.getKey()).isEqualTo(200);
        assertThat(header(response, "Content-Type")).isEqualToIgnoringCase(one.getValue());
        assertThat(header(response, "Vary")).isEqualTo("Accept-Encoding");
        assertThat(header(response, "Cache-Control"))
            .isEqualTo(
                one.getKey().startsWith("/assets/")
                    ? "public, max-age=31536000, immutable"
                    : "no-cache");
        assertThat(header(response, "Content-Security-Policy"))
            .contains("script-src 'self'")
            .contains("font-src 'self'");
      }
    }
  }

  @Test
  void theSmallestFormThatTheBrowserTakesIsSent() throws Exception {
    String script = "/assets/index-B69EHTGG.js";
    assertForm(get(script, BROWSER), "br", "br of " + SCRIPT);
    assertForm(get(script, "br;q=0.5, gzip"), "br", "br of " + SCRIPT);
    assertForm(get(script, "br;q=0, gzip;q=1"), "gzip", SCRIPT);
    assertForm(get(script, "gzip"), "gzip", SCRIPT);
    assertForm(get(script, "GZIP ; q=0.001"), "gzip", SCRIPT);
    assertForm(get(script, "deflate, gzip;q=0.000"), "", SCRIPT);
    assertForm(get(script, "identity"), "", SCRIPT);
    assertForm(get(script, ""), "", SCRIPT);
    assertForm(get("/assets/index-Cl0Ge0lh.css", BROWSER), "gzip", "body{margin:0}");
    assertForm(get("/assets/inter-latin-DqGu.woff2", BROWSER), "", "wOF2");
    assertForm(get("/", BROWSER), "br", "br of " + INDEX);
    assertForm(get("/c/c_1", "gzip"), "gzip", INDEX);
    assertForm(get("/v1/meta", BROWSER), "", "");
  }

  @Test
  void aFormThatTheBrowserHasIsNotSentAgain() throws Exception {
    String tag = header(get("/", "br"), "ETag");
    assertThat(tag).isNotEmpty().isNotEqualTo(header(get("/", "gzip"), "ETag"));

    HttpResponse<byte[]> again = get("/", "br", "If-None-Match", tag);
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
    assertThat(get("/", "gzip", "If-None-Match", tag).statusCode()).isEqualTo(200);
  }

  @Test
  void whatIsNotThereIsNotTheIndexAndWhatIsBesideAFileIsNoAddress() throws Exception {
    for (String path :
        List.of(
            "/assets/index-gone.js",
            "/assets/",
            "/assets",
            "/assets/index-B69EHTGG.js.br",
            "/assets/index-B69EHTGG.js.gz",
            "/index.html.gz",
            "/.built",
            "/sw.js")) {
      HttpResponse<byte[]> response = get(path, BROWSER);
      assertThat(response.statusCode()).as(path).isEqualTo(404);
      assertThat(new String(response.body(), UTF_8)).contains("\"code\":\"not_found\"");
      assertThat(header(response, "Content-Encoding")).isEmpty();
    }
  }

  private static void assertForm(HttpResponse<byte[]> response, String coding, String content)
      throws IOException {
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(header(response, "Content-Encoding")).isEqualTo(coding);
    byte[] body = response.body();
    assertThat(new String(coding.equals("gzip") ? unzipped(body) : body, UTF_8)).contains(content);
  }

  private HttpResponse<byte[]> get(String path, String coding, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(house.origin() + path));
    if (!coding.isEmpty()) {
      request.header("Accept-Encoding", coding);
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static String header(HttpResponse<?> response, String name) {
    assertThat(response.headers().allValues(name).size()).as(name).isLessThanOrEqualTo(1);
    return response.headers().firstValue(name).orElse("");
  }

  /** The JDK has no Brotli: a form that says what it is will do. */
  private static void write(Path folder, String name, String content, String... endings)
      throws IOException {
    Files.writeString(folder.resolve(name), content);
    for (String ending : endings) {
      Files.write(
          folder.resolve(name + ending),
          ending.equals(".gz") ? zipped(content) : ("br of " + content).getBytes(UTF_8));
    }
  }

  private static byte[] zipped(String content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(content.getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }

  private static byte[] unzipped(byte[] bytes) throws IOException {
    try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return gzip.readAllBytes();
    }
  }
}
