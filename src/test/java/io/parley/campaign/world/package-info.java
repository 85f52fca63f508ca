/** What a campaign breaks: nodes, PostgreSQL and the network between them. */
@NullMarked
package io.parley.campaign.world;

import org.jspecify.annotations.NullMarked;
