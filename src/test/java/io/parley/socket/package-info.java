/** The socket of a whole server, down to the bytes, as clients of any kind meet it. */
@NullMarked
package io.parley.socket;

import org.jspecify.annotations.NullMarked;
