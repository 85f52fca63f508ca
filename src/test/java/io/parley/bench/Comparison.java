package io.parley.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an ejabberd did by what Parley did under the same load, in the same run: the medians of one
 * divided by those of the other.
 *
 * @param peer which ejabberd
 * @param cpu of processor time a message, server and PostgreSQL together
 * @param serverCpu of the server alone
 * @param accepted of messages accepted a second
 */
record Comparison(Scenario peer, String variant, double cpu, double serverCpu, double accepted) {

  /** One for each load that both had, where nothing failed. */
  static List<Comparison> of(List<Report.Line> lines) {
    List<Comparison> all = new ArrayList<>();
    for (Report.Line ejabberd : lines) {
      if (ejabberd.scenario().isPeer()) {
        lines.stream()
            .filter(line -> line.scenario() == Scenario.PAIRS)
            .filter(line -> line.variant().equals(ejabberd.variant()))
            .findFirst()
            .flatMap(parley -> of(ejabberd, parley))
            .ifPresent(all::add);
      }
    }
    return all;
  }

  private static Optional<Comparison> of(Report.Line ejabberd, Report.Line parley) {
    Map<Figure, Double> one = ejabberd.figures();
    Map<Figure, Double> other = parley.figures();
    if (!ejabberd.isVerified() || !parley.isVerified()) {
      return Optional.empty();
    }
    if (cpu(other) == 0) {
      return Optional.empty();
    }
    return Optional.of(
        new Comparison(
            ejabberd.scenario(),
            ejabberd.variant(),
            cpu(one) / cpu(other),
            value(one, Figure.SERVER_CPU) / value(other, Figure.SERVER_CPU),
            value(one, Figure.ACCEPTED) / value(other, Figure.ACCEPTED)));
  }

  private static double cpu(Map<Figure, Double> figures) {
    return value(figures, Figure.SERVER_CPU) + value(figures, Figure.DATABASE_CPU);
  }

  private static double value(Map<Figure, Double> figures, Figure figure) {
    return figures.getOrDefault(figure, 0.0);
  }

  String told() {
    return "%s : Parley, %s: CPU per message %s (server alone %s), messages a second %s"
        .formatted(
            peer.title(),
            variant,
            Report.number(cpu),
            Report.number(serverCpu),
            Report.number(accepted));
  }
}
