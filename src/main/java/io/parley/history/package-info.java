/** What sessions read: bounded pages of the log from the journal, the inbox from the read side. */
@NullMarked
package io.parley.history;

import org.jspecify.annotations.NullMarked;
