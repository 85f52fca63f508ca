package io.parley.bench;

import java.util.function.Consumer;

/**
 * What a stretch works with.
 *
 * @param say tells whoever waits
 */
record World(
    ServerUnderLoad server, Population population, BenchSettings settings, Consumer<String> say) {

  /** What is measured, and on how many nodes unless it is one. */
  String variant(String own) {
    return server.nodes() == 1 ? own : own + ", " + server.nodes() + " nodes";
  }
}
