/** Tests of the journal: Pekko's own, the hazards, the batching core, and a benchmark. */
@NullMarked
package io.parley.journal;

import org.jspecify.annotations.NullMarked;
