/** One person: the sessions attached, what is delivered to them, and whether anyone is there. */
@NullMarked
package io.parley.user;

import org.jspecify.annotations.NullMarked;
