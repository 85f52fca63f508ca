/** What an operator wants to see afterwards of who was turned away, without a flood of lines. */
@NullMarked
package io.parley.audit;

import org.jspecify.annotations.NullMarked;
