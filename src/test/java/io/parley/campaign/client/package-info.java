/** The clients of a campaign: many people with devices, over raw sockets, who note all they see. */
@NullMarked
package io.parley.campaign.client;

import org.jspecify.annotations.NullMarked;
