package io.parley;

import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Ctrl-C once stops in good order, twice at once.
 *
 * <p>The JVM ignores a second Ctrl-C while it stops. Its signal classes are named by reflection:
 * they belong to no module that a compiler lets through without a warning. A JVM without them
 * behaves as it always does.
 */
final class Interrupts {

  /** 128 and the number of SIGINT, as shells count. */
  static final int INTERRUPTED = 130;

  private Interrupts() {}

  static void handle(Consumer<String> say) {
    AtomicBoolean again = new AtomicBoolean();
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object onInterrupt =
          Proxy.newProxyInstance(
              Interrupts.class.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  interrupted(again.getAndSet(true), say);
                }
                return method.getName().equals("hashCode") ? (Object) 0 : null;
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance("INT"), onInterrupt);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      // Then the second Ctrl-C is ignored, as by any other Java program.
    }
  }

  private static void interrupted(boolean again, Consumer<String> say) {
    if (again) {
      say.accept("Stopped at once. The next start recovers by itself.");
      Runtime.getRuntime().halt(INTERRUPTED);
    }
    // Not here: exit waits for the hooks, and this thread must be free for the second Ctrl-C.
    new Thread(() -> System.exit(INTERRUPTED), "interrupted").start();
  }
}
