/** What {@code ./parley --demo} brings: two people, and a bot that sends back what they write. */
@NullMarked
package io.parley.demo;

import org.jspecify.annotations.NullMarked;
