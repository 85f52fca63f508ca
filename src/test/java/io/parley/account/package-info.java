/** People, passwords and sign-ins, alone and on a real PostgreSQL. */
@NullMarked
package io.parley.account;

import org.jspecify.annotations.NullMarked;
