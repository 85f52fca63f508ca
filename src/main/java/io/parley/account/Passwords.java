package io.parley.account;

import io.parley.model.ErrorCode;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Hashes passwords and compares them, on threads of its own: one takes tens of milliseconds of a
 * core and 19 MiB, and a burst of sign-ins must not slow the chat. What doesn't fit into the queue
 * fails at once with {@code overloaded}.
 */
public final class Passwords implements AutoCloseable {
  /** Stored for whom no password lets in: it is the hash of none, as in {@code /etc/shadow}. */
  static final String NO_PASSWORD = "!";

  /** About as long as it takes to work off a full queue. */
  private static final long RETRY_AFTER_MILLIS = 2_000;

  private final SecureRandom random = new SecureRandom();
  private final LongAdder comparisons = new LongAdder();
  private final Argon2 parameters;
  private final ThreadPoolExecutor threads;
  private final String nobodysHash;

  private Passwords(Argon2 parameters, int threads, int queue) {
    AtomicInteger number = new AtomicInteger();
    this.parameters = parameters;
    this.threads =
        new ThreadPoolExecutor(
            threads,
            threads,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(queue),
            work -> {
              Thread thread = new Thread(work, "parley-password-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    this.nobodysHash = parameters.encode("", salt());
  }

  /**
   * Starts the threads.
   *
   * @param threads hash at the same time, at most
   * @param queue how many more may wait
   */
  public static Passwords open(int threads, int queue) {
    return open(Argon2.RECOMMENDED, threads, queue);
  }

  static Passwords open(Argon2 parameters, int threads, int queue) {
    return new Passwords(parameters, threads, queue);
  }

  /** The PHC string to store. */
  CompletionStage<String> hash(String password) {
    return submit(() -> parameters.encode(PasswordRules.normalized(password), salt()));
  }

  /**
   * Whether the password is the one that was stored. Without a stored one, or a password at all,
   * the answer is no, after the same work: whoever measures the time learns nothing about who has
   * an account.
   */
  CompletionStage<Boolean> matches(String password, Optional<String> stored) {
    return submit(
        () -> {
          comparisons.increment();
          Optional<String> hash = stored.filter(one -> !one.equals(NO_PASSWORD));
          String compared = hash.orElse(nobodysHash);
          boolean same = Argon2.matches(compared, PasswordRules.normalized(password));
          return same && hash.isPresent();
        });
  }

  /** How many wait for a thread, now. */
  public int queued() {
    return threads.getQueue().size();
  }

  /** How many threads hash, now. */
  public int active() {
    return threads.getActiveCount();
  }

  /** How many comparisons were made. */
  long comparisons() {
    return comparisons.sum();
  }

  /** What is under way is finished, what waits is dropped. */
  @Override
  public void close() {
    threads.shutdownNow();
  }

  private <T> CompletionStage<T> submit(Supplier<T> work) {
    try {
      return CompletableFuture.supplyAsync(work, threads);
    } catch (RejectedExecutionException full) {
      return CompletableFuture.failedFuture(
          Refused.later(ErrorCode.OVERLOADED, "Too many sign-ins at once", RETRY_AFTER_MILLIS));
    }
  }

  private byte[] salt() {
    byte[] salt = new byte[Argon2.SALT_BYTES];
    random.nextBytes(salt);
    return salt;
  }
}
