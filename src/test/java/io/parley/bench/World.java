package io.parley.bench;

import java.util.function.Consumer;

/**
 * What a stretch works with.
 *
 * @param say tells whoever waits
 */
record World(
    ServerUnderLoad server, Population population, BenchSettings settings, Consumer<String> say) {}
