/**
 * A campaign: real nodes, a real PostgreSQL and real clients, faults one after the other and in
 * pairs, and a judge that reads what everybody saw.
 */
@NullMarked
package io.parley.campaign;

import org.jspecify.annotations.NullMarked;
