/**
 * What a node tells Prometheus: on a real server, and against what the docs and dashboards name.
 */
@NullMarked
package io.parley.metrics;

import org.jspecify.annotations.NullMarked;
