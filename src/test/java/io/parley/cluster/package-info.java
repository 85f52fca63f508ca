/** Tests of how nodes become one cluster. */
@NullMarked
package io.parley.cluster;

import org.jspecify.annotations.NullMarked;
