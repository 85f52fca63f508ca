package io.parley.tls;

import java.util.List;

/** Files that can't be used; each fault is a sentence for an operator, and tells no secret. */
public final class CertificatesRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<String> faults;

  CertificatesRefusedException(List<String> faults) {
    super(String.join("\n", faults));
    this.faults = List.copyOf(faults);
  }

  public List<String> faults() {
    return faults;
  }
}
