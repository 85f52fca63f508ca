package io.parley.session;

import io.parley.model.Limits;
import io.parley.protocol.FrameCodec;
import java.time.Clock;
import java.util.function.LongSupplier;

/**
 * What every session of a node works with.
 *
 * @param codec one for all: it is heavier than a session
 * @param epoch the database's life, which cursors belong to
 * @param clock labels events, and bounds how late a command may come; orders nothing
 * @param nanos any steady clock, for everything that is measured
 * @param reports where an operator is told
 */
public record SessionPorts(
    Directory directory,
    Log log,
    Inboxes inboxes,
    Shards shards,
    Operations operations,
    FrameCodec codec,
    String epoch,
    Clock clock,
    LongSupplier nanos,
    Reports reports) {

  /** What clients keep to, and are told. */
  Limits limits() {
    return codec.limits();
  }
}
