/** The audit log under a flood. */
@NullMarked
package io.parley.audit;

import org.jspecify.annotations.NullMarked;
