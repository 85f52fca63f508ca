/** Names and units of meters, and where their values come from: what Prometheus is told. */
@NullMarked
package io.parley.metrics;

import org.jspecify.annotations.NullMarked;
