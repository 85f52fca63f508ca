/**
 * How nodes become one cluster: they find each other through PostgreSQL, join, and part with the
 * cluster when they alone are cut off from what all of them need. Knows nothing of chat.
 */
@NullMarked
package io.parley.cluster;

import org.jspecify.annotations.NullMarked;
