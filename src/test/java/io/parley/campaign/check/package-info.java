/** Decides from files alone whether the promises were kept. */
@NullMarked
package io.parley.campaign.check;

import org.jspecify.annotations.NullMarked;
