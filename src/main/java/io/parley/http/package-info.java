/** The doors: HTTP routes, the socket, static files, health; what every answer carries. */
@NullMarked
package io.parley.http;

import org.jspecify.annotations.NullMarked;
