/**
 * The real actors, simulated: conversations, users and sessions run as in production, while time,
 * journal, shards and clients are the test's, and hostile by seed.
 */
@NullMarked
package io.parley.simulation.actors;

import org.jspecify.annotations.NullMarked;
