package io.parley;

import java.util.List;

/** Settings that can't be used; the message names each fault, to an operator. */
public final class SettingsException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  SettingsException(List<String> faults) {
    super(
        faults.size() == 1
            ? faults.get(0)
            : "These settings can't be used:\n  - " + String.join("\n  - ", faults));
  }
}
