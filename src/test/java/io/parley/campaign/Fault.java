package io.parley.campaign;

import io.parley.campaign.client.Population;
import io.parley.campaign.world.World;
import java.util.function.BiConsumer;

/**
 * Something that goes wrong, and comes right again.
 *
 * @param name as the command line and the table have it
 * @param needs what it takes beyond an ordinary account
 * @param recovery the moment from which recovery counts
 * @param begin breaks it; may take its time
 * @param heal mends it; may take its time
 */
record Fault(
    String name,
    Needs needs,
    Recovery recovery,
    BiConsumer<World, Population> begin,
    BiConsumer<World, Population> heal) {

  /** What a fault can't be made without. */
  enum Needs {
    NOTHING,
    NAMESPACES,
    A_DISK
  }

  /** A fault that is over at once recovers from its beginning, one that is held from its end. */
  enum Recovery {
    FROM_BEGIN,
    FROM_HEAL
  }

  /** Why it can't be made here; empty when it can. */
  String missing(World world) {
    return switch (needs) {
      case NOTHING -> "";
      case NAMESPACES ->
          world.network().canPart() ? "" : "needs root and ip, for network namespaces";
      case A_DISK ->
          world.database().disk().isReal() ? "" : "needs root and mkfs.ext4, for a disk in a file";
    };
  }
}
