/** The doors, knocked at over real sockets. */
@NullMarked
package io.parley.http;

import org.jspecify.annotations.NullMarked;
