package io.parley.history;

/**
 * A log wasn't looked through for an old number, because there are such searches enough: of this
 * person, or at this node. Nothing was done, and it may be asked for again.
 */
public final class SearchBusyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SearchBusyException() {
    super("Logs enough are being looked through", null, false, false);
  }
}
