/** What a campaign's clients saw, as it is written to a file and read again. */
@NullMarked
package io.parley.campaign.record;

import org.jspecify.annotations.NullMarked;
