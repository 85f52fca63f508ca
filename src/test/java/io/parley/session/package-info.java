/** Tests of the session, and its ports in memory, which other tests stand on as well. */
@NullMarked
package io.parley.session;

import org.jspecify.annotations.NullMarked;
