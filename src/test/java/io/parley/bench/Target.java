package io.parley.bench;

import java.net.InetSocketAddress;
import java.util.Optional;

/** What load is put on. Of processes that aren't the bench's own, nothing is known. */
interface Target {
  /** Where the client of this number, from zero, connects. */
  InetSocketAddress address(int client);

  Optional<ProcessTree> server();

  Optional<ProcessTree> database();
}
