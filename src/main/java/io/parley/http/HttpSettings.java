package io.parley.http;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How the doors are set up.
 *
 * @param api where the app and its API are served
 * @param management where health is told; never to the public
 * @param secure whether browsers come over TLS, at this node or at an edge in front
 * @param origins the pages that may use the server with a cookie
 * @param proxies who may tell a client's address
 * @param web the web client and the life of its cookie
 */
public record HttpSettings(
    Bind api, Bind management, boolean secure, Origins origins, TrustedProxies proxies, Web web) {

  /** An interface and a port; 0 takes any free one. */
  public record Bind(String host, int port) {}

  /**
   * What browsers get.
   *
   * @param files the built web client; empty or absent on disk: a page that says so
   * @param keptAssets a folder that nodes share, for files of every build; empty: each has its own
   * @param cookieLife how long a browser keeps the token, at most
   */
  public record Web(Optional<Path> files, Optional<Path> keptAssets, Duration cookieLife) {}
}
