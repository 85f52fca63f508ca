package io.parley.demo;

/** There can be no demo on this database; the message is for whoever asked for it. */
public final class DemoRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DemoRefusedException(String message) {
    super(message);
  }
}
