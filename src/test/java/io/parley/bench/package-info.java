/**
 * A load generator: a server process, raw sockets on one thread, scenarios whose every message is
 * verified, and a report. {@code ./parley bench} runs it; docs/performance.md explains it.
 */
@NullMarked
package io.parley.bench;

import org.jspecify.annotations.NullMarked;
