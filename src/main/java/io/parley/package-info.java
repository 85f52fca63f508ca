/**
 * The server's entrance: settings, and the order in which all of it starts and stops.
 *
 * <p>Imports go one way, from {@link io.parley.Main} down. {@code docs/architecture.md} has the
 * map, a line for each package with what it may import; {@code ArchitectureTest} holds it.
 */
@NullMarked
package io.parley;

import org.jspecify.annotations.NullMarked;
