/**
 * One socket's life: who it is, what it asks, what is pushed to it; and the one way in which an
 * operation is done, for sockets and HTTP alike.
 */
@NullMarked
package io.parley.session;

import org.jspecify.annotations.NullMarked;
