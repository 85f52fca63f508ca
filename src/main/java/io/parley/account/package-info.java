/** People, passwords, sign-ins, outbox numbers, and who has a conversation with whom. */
@NullMarked
package io.parley.account;

import org.jspecify.annotations.NullMarked;
