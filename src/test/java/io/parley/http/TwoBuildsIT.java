package io.parley.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes of two builds serve; whichever a page came from, any of them has what the page names. */
class TwoBuildsIT {
  private static final Pattern SCRIPT = Pattern.compile("src=\"(/assets/[^\"]+)\"");

  private final HttpClient client = HttpClient.newHttpClient();
  private final Path folder;
  private final Path kept;

  TwoBuildsIT(@TempDir Path folder) {
    this.folder = folder;
    this.kept = folder.resolve("kept");
  }

  @Test
  void aPageOfEitherBuildFindsItsScriptsAtEveryNode() throws Exception {
    try (House old = open("old", true);
        House next = open("new", true)) {
      for (House served : List.of(old, next)) {
        String script = script(served);
        for (House asked : List.of(old, next)) {
          for (String coding : List.of("identity", "br")) {
            HttpResponse<String> response = get(asked, script, coding);
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).isEqualTo(coding + " of " + script);
            assertThat(response.headers().allValues("Content-Type"))
                .containsExactly("application/javascript; charset=UTF-8");
            assertThat(response.headers().allValues("Cache-Control"))
                .containsExactly("public, max-age=31536000, immutable");
            assertThat(response.headers().allValues("Vary")).containsExactly("Accept-Encoding");
          }
        }
      }
    }
  }

  @Test
  void aPageThatStayedOpenFindsItsPartsWhenItsBuildHasGone() throws Exception {
    String script;
    try (House old = open("old", true)) {
      script = script(old);
    }
    try (House next = open("new", true)) {
      assertThat(get(next, script, "br").statusCode()).isEqualTo(200);
      assertThat(get(next, "/assets/app-gone.js", "br").statusCode()).isEqualTo(404);
      assertThat(get(next, "/assets/../old/index.html", "br").statusCode()).isEqualTo(404);
      assertThat(get(next, script + ".br", "br").statusCode()).isEqualTo(404);
    }
  }

  /** What the shared folder is for. */
  @Test
  void nodesThatShareNothingHaveOnlyTheirOwn() throws Exception {
    try (House old = open("old", false);
        House next = open("new", false)) {
      assertThat(get(next, script(old), "br").statusCode()).isEqualTo(404);
      assertThat(get(old, script(next), "br").statusCode()).isEqualTo(404);
    }
  }

  private House open(String build, boolean sharing) throws IOException {
    Path files = folder.resolve(build);
    String script = "/assets/app-" + build + ".js";
    Files.createDirectories(files.resolve("assets"));
    Files.writeString(files.resolve("index.html"), "<script src=\"" + script + "\"></script>");
    Files.writeString(files.resolve(script.substring(1)), "identity of " + script);
    Files.writeString(files.resolve(script.substring(1) + ".br"), "br of " + script);
    House.Plan plan = House.Plan.usual();
    return House.open(sharing ? plan.withFiles(files, kept) : plan.withFiles(files));
  }

  private String script(House house) throws IOException, InterruptedException {
    Matcher matcher = SCRIPT.matcher(get(house, "/", "identity").body());
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }

  private HttpResponse<String> get(House house, String path, String coding)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create(house.origin() + path))
            .header("Accept-Encoding", coding)
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
