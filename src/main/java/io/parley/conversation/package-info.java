/**
 * One conversation: a pure state that decides and applies, and the sharded, event-sourced actor
 * around it.
 */
@NullMarked
package io.parley.conversation;

import org.jspecify.annotations.NullMarked;
