package io.parley.session;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Stages whose next step runs where the one before has ended. Those that Pekko makes of Scala's
 * futures, an ask's above all, hand every step to the JVM's common pool: a thread more per answer,
 * and with few cores a pool of one that anybody can block.
 */
public final class SameThread {
  private SameThread() {}

  /** The same result, without the detour. */
  public static <T> CompletionStage<T> of(CompletionStage<T> ofScala) {
    CompletableFuture<T> here = new CompletableFuture<>();
    ofScala.whenCompleteAsync(
        (value, failure) -> {
          if (failure == null) {
            here.complete(value);
          } else {
            here.completeExceptionally(failure);
          }
        },
        Runnable::run);
    return here;
  }
}
