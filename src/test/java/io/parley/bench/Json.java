package io.parley.bench;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A report for machines, with what is needed to compare it with another. */
final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  static String of(Report report, BenchSettings settings, double loadBefore) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("at", Instant.now().toString());
    root.put("verified", report.isVerified());
    ObjectNode machine = root.putObject("machine");
    OperatingSystemMXBean system =
        requireNonNull(ManagementFactory.getOperatingSystemMXBean(), "the system");
    machine.put("cores", Runtime.getRuntime().availableProcessors());
    machine.put("system", system.getName() + " " + system.getVersion() + " " + system.getArch());
    machine.put("java", System.getProperty("java.vm.version"));
    machine.put("loadBefore", loadBefore);
    ObjectNode asked = root.putObject("settings");
    asked.put("seconds", settings.seconds());
    asked.put("repeats", settings.repeats());
    asked.put("ownServer", settings.running().isEmpty());
    ArrayNode medians = root.putArray("medians");
    for (Report.Line line : report.lines()) {
      ObjectNode node = medians.addObject();
      fill(node, line.scenario(), line.variant(), line.isVerified(), line.figures());
    }
    ArrayNode ratios = root.putArray("ejabberdByParley");
    for (Comparison comparison : report.comparisons()) {
      ObjectNode node = ratios.addObject();
      node.put("scenario", comparison.peer().word());
      node.put("variant", comparison.variant());
      node.put("cpuPerMessage", comparison.cpu());
      node.put("serverCpuPerMessage", comparison.serverCpu());
      node.put("acceptedPerSecond", comparison.accepted());
    }
    ArrayNode skipped = root.putArray("skipped");
    report.skipped().forEach(skipped::add);
    ArrayNode runs = root.putArray("runs");
    for (Run run : report.runs()) {
      ObjectNode node = runs.addObject();
      fill(node, run.scenario(), run.variant(), run.isVerified(), run.figures());
      faults(node.putArray("faults"), run.faults());
    }
    return root.toPrettyString() + "\n";
  }

  private static void fill(
      ObjectNode node,
      Scenario scenario,
      String variant,
      boolean isVerified,
      Map<Figure, Double> figures) {
    node.put("scenario", scenario.word());
    node.put("variant", variant);
    node.put("verified", isVerified);
    ObjectNode values = node.putObject("figures");
    figures.forEach((figure, value) -> values.put(figure.label(), value));
  }

  private static void faults(ArrayNode node, List<String> faults) {
    faults.forEach(node::add);
  }
}
