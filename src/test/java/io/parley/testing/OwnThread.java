package io.parley.testing;

import java.util.concurrent.Executor;

/**
 * A thread for each piece of work that waits for a server. The common pool has one thread on a
 * machine of two cores, and the server in this process needs it: from JDK 25 on it is used even so.
 */
public final class OwnThread {
  public static final Executor OWN_THREAD = work -> new Thread(work, "test-work").start();

  private OwnThread() {}
}
