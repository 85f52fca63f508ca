/**
 * Worlds of people, devices, nodes and one journal, run in virtual time from a seed, in which
 * everything goes wrong that may, and every promise is checked at every step.
 */
@NullMarked
package io.parley.simulation;

import org.jspecify.annotations.NullMarked;
