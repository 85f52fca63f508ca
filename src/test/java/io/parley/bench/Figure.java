package io.parley.bench;

/** What is measured, as the table and the picture call it, with its unit. */
enum Figure {
  ACCEPTED("accepted/s"),
  DELIVERED("delivered/s"),
  ACCEPTED_P50("accepted p50 ms"),
  ACCEPTED_P99("accepted p99 ms"),
  ACCEPTED_P999("accepted p99.9 ms"),
  DELIVERED_P50("delivered p50 ms"),
  DELIVERED_P99("delivered p99 ms"),
  DELIVERED_P999("delivered p99.9 ms"),
  SERVER_CPU("server CPU s/1000"),
  DATABASE_CPU("PostgreSQL CPU s/1000"),
  GENERATOR_CPU("generator CPU s/1000"),
  SERVER_MEMORY("server MB"),
  DATABASE_MEMORY("PostgreSQL MB"),
  MARKED("marked events/s"),
  EVENTS("events/s"),
  ROWS("rows/s"),
  COMMITS("commits/s"),
  WELCOMED("last welcomed s"),
  CLIENT_MEMORY("resident KB each"),
  CLIENT_HEAP("live heap KB each"),
  CLIENT_GROWTH("growth KB each"),
  PAGE_P50("page p50 ms"),
  PAGE_P99("page p99 ms"),
  DEEPEST_PAGE("page at the start p50 ms"),
  RECOVERED("first accepted after restart ms"),
  RECOVERED_SHORT("the same of a short one ms"),
  PEAK("peak accepted/s"),
  SHARE("% of the peak"),
  OFFERED("offered/s"),
  HELD_BACK("not offered, with 64 unanswered,/s"),
  OVERLOADED("told overloaded/s"),
  OUT_OF_ORDER("told out_of_order/s"),
  UNKNOWN("told unavailable/s"),
  SLOWEST_ANSWER("slowest answer s"),
  QUEUED_ROWS("most rows queued"),
  QUEUED_OUTBOUND("most KB outbound"),
  QUEUED_TASKS("most tasks queued"),
  MEMORY_BEFORE("server MB before"),
  MEMORY_HIGHEST("highest"),
  MEMORY_AFTER("after");

  private final String label;

  Figure(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }
}
