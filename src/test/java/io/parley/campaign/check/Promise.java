package io.parley.campaign.check;

/** The promises that a machine can decide from what was seen. */
public enum Promise {
  DURABLE("S1"),
  TRUE("S2"),
  IDEMPOTENT("S3"),
  ONE_ORDER("S4"),
  SENDER_ORDER("S5"),
  NO_GAP("S6"),
  RESUME("S7"),
  READ_YOUR_WRITE("S8"),
  MARKS("S9"),
  ISOLATION("S10"),
  ANSWERED("L3");

  private final String number;

  Promise(String number) {
    this.number = number;
  }

  public String number() {
    return number;
  }
}
