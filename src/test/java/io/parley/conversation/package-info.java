/** Tests of the conversation: its snapshots, its behaviour, command by command. */
@NullMarked
package io.parley.conversation;

import org.jspecify.annotations.NullMarked;
