/** Tests of certificates, keys and TLS. */
@NullMarked
package io.parley.tls;

import org.jspecify.annotations.NullMarked;
