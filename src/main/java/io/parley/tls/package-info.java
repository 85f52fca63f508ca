/**
 * Certificates and keys from PEM files, looked at again while the node runs, and the engines that
 * speak TLS with them. Knows nothing of chat, nor of who connects.
 */
@NullMarked
package io.parley.tls;

import org.jspecify.annotations.NullMarked;
