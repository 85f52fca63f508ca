package io.parley.embedded;

/** Told one line, for people, whenever a step that may take seconds begins or goes on. */
@FunctionalInterface
public interface Progress {

  Progress SILENT = line -> {};

  void step(String line);
}
