package io.parley.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.extractUri;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.getFromDirectory;
import static org.apache.pekko.http.javadsl.server.Directives.getFromFile;
import static org.apache.pekko.http.javadsl.server.Directives.mapResponse;
import static org.apache.pekko.http.javadsl.server.Directives.mapUnmatchedPath;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.pathEndOrSingleSlash;
import static org.apache.pekko.http.javadsl.server.Directives.pathPrefix;
import static org.apache.pekko.http.javadsl.server.Directives.pathPrefixTest;
import static org.apache.pekko.http.javadsl.server.Directives.pathSingleSlash;
import static org.apache.pekko.http.javadsl.server.Directives.reject;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.Uri;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.http.scaladsl.server.directives.ContentTypeResolver;

/**
 * The files of the web client, where it was built; else one page that says what this is. The
 * addresses inside the app all get its index page, others that there is no file for get nothing.
 */
final class WebClient {
  private static final String APP_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self';"
          + " img-src 'self' data: blob:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none';"
          + " form-action 'none'; frame-ancestors 'none';"
          + " require-trusted-types-for 'script'; trusted-types chat-sw";

  /** A file under a name with a hash in it never changes. */
  private static final String FOR_EVER = "public, max-age=31536000, immutable";

  private static final String ASK_AGAIN = "no-cache";
  private static final ContentType MANIFEST = ContentTypes.parse("application/manifest+json");
  private static final String INDEX = "index.html";
  private static final String ASSETS = "assets";
  private static final String WELCOME = "/io/parley/http/welcome.html";

  private WebClient() {}

  /** Blocks for as long as it takes to keep the files' copies. */
  static Route routes(HttpSettings.Web web, Clock clock) {
    return web.files()
        .filter(folder -> Files.isRegularFile(folder.resolve(INDEX)))
        .map(folder -> app(folder, web.keptAssets(), clock))
        .orElseGet(WebClient::welcome);
  }

  private static Route app(Path folder, Optional<Path> kept, Clock clock) {
    Route index =
        caching(
            ASK_AGAIN,
            () ->
                Precompressed.best(
                    ending ->
                        getFromFile(
                            folder.resolve(INDEX + ending).toFile(), ContentTypes.TEXT_HTML_UTF8)));
    Route files = files(folder);
    Route assets = pathPrefixTest(ASSETS, () -> caching(FOR_EVER, () -> files));
    if (kept.isPresent()) {
      Path own = folder.resolve(ASSETS);
      if (Files.isDirectory(own)) {
        KeptAssets.add(own, kept.get(), clock.instant());
      }
      Route ofOtherBuilds = files(kept.get());
      assets = concat(assets, pathPrefix(ASSETS, () -> caching(FOR_EVER, () -> ofOtherBuilds)));
    }
    Route others = caching(ASK_AGAIN, () -> files);
    Route served =
        concat(
            pathSingleSlash(() -> index),
            pathPrefix(
                "c",
                () ->
                    concat(
                        pathEndOrSingleSlash(() -> index), path(segment(), conversation -> index))),
            assets,
            others);
    return get(
        () ->
            extractUri(
                uri ->
                    isNoAddress(uri)
                        ? reject()
                        : mapResponse(
                            response -> response.addHeader(SecurityHeaders.policy(APP_POLICY)),
                            () -> served)));
  }

  private static Route files(Path folder) {
    return Precompressed.best(
        ending ->
            mapUnmatchedPath(
                path -> path + ending,
                () -> getFromDirectory(folder.toString(), WebClient::contentType)));
  }

  /**
   * A name with NUL in it would make the file system fail rather than say that there is none. What
   * the build hides, and what it has compressed beside a file, is not for itself.
   */
  private static boolean isNoAddress(Uri uri) {
    for (String segment : uri.pathSegments()) {
      if (segment.indexOf('\0') >= 0
          || segment.startsWith(".")
          || !Precompressed.plain(segment).equals(segment)) {
        return true;
      }
    }
    return false;
  }

  private static Route caching(String directives, Supplier<Route> files) {
    return mapResponse(response -> response.addHeader(SecurityHeaders.caching(directives)), files);
  }

  private static Route welcome() {
    String page = read();
    int from = page.indexOf("<style>") + "<style>".length();
    String style = page.substring(from, page.indexOf("</style>"));
    String policy =
        "default-src 'none'; style-src 'sha256-"
            + Base64.getEncoder().encodeToString(sha256(style))
            + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    HttpResponse response =
        HttpResponse.create()
            .withEntity(HttpEntities.create(ContentTypes.TEXT_HTML_UTF8, page.getBytes(UTF_8)))
            .addHeader(SecurityHeaders.policy(policy))
            .addHeader(SecurityHeaders.caching(ASK_AGAIN));
    return get(() -> pathSingleSlash(() -> complete(response)));
  }

  /** Pekko knows the others. */
  private static ContentType contentType(String file) {
    String plain = Precompressed.plain(file);
    return plain.endsWith(".webmanifest") ? MANIFEST : ContentTypeResolver.Default().resolve(plain);
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException absent) {
      throw new IllegalStateException("Every Java platform has SHA-256", absent);
    }
  }

  private static String read() {
    try (InputStream page = WebClient.class.getResourceAsStream(WELCOME)) {
      if (page == null) {
        throw new IllegalStateException("The built-in page is missing");
      }
      return new String(page.readAllBytes(), UTF_8);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }
}
