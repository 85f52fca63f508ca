package io.parley.bench;

import java.util.List;

/** Something that is measured, once or several times. */
interface Stretch {
  Scenario scenario();

  /** Which of several of the scenario; empty when there is one. */
  String variant();

  /** Makes what all runs need. */
  default void prepare() {}

  /** Measures once. */
  Run run();

  /** The same, with runs of its parts if they are told apart. */
  default List<Run> runs() {
    return List.of(run());
  }

  /** False where a second run would find another world. */
  default boolean isRepeated() {
    return true;
  }
}
