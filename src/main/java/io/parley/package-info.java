/**
 * The server's entrance: settings, and the order in which all of it starts and stops.
 *
 * <p>Imports go one way, from {@link io.parley.Main} down; model, database, journal and embedded
 * import nothing of ours but each other where it says so.
 */
@NullMarked
package io.parley;

import org.jspecify.annotations.NullMarked;
