package io.parley.simulation;

/** Ways in which a world can be built wrong, each of which the checks have to notice. */
enum Mutant {
  NONE,
  /** A replay leaves out the event next after the cursor. */
  REPLAY_OFF_BY_ONE,
  /** The text of two neighbouring events is swapped in replays. */
  REPLAY_SWAPS_TWO,
  /** A conversation answers when it asks for the write, not when it hears of the commit. */
  ANSWERS_BEFORE_COMMIT,
  /** A conversation takes a write of unknown outcome for done. */
  TAKES_UNKNOWN_FOR_DONE,
  /** A recovered conversation lacks the last number of each outbox. */
  FORGETS_NUMBERS,
  /** A conversation remembers a skip and doesn't store it. */
  SKIPS_FROM_MEMORY,
  /** A conversation answers a skip when it asks for the write, not when it hears of the commit. */
  SKIPS_BEFORE_COMMIT,
  /** A skip that the log tells of leaves its number free. */
  FORGETS_SKIPPED,
  /** Marks are stored as clients claim them. */
  BELIEVES_MARKS,
  /** What is stored is delivered to somebody who isn't a participant. */
  TELLS_A_THIRD,
  /** The peer's copy shows the outbox and number of the author. */
  SHOWS_NUMBERS,
  /** Nobody hears of heads from the feed. */
  SILENT_FEED,
  /**
   * A recovery doesn't wait for writes of unknown outcome, which may commit later. That is no
   * mistake but a loss of time: no promise may lean on the wait.
   */
  NO_WAIT
}
