package io.parley.bench;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stacks as an SVG without scripts, small enough to be kept beside documents: callers above, what
 * they call below, as wide as it takes time. Names stand in tooltips, without their packages.
 */
final class FlameGraph {
  static final int MOST_BYTES = 200_000;

  private static final double LEAST_SHARE = 0.005;
  private static final int WIDTH = 1_200;
  private static final int ROW_HEIGHT = 15;
  private static final int TOP = 48;
  private static final double CHARACTER_WIDTH = 6;
  private static final int LEGEND_WIDTH = 170;

  private final StringBuilder body = new StringBuilder();
  private final long total;
  private final double least;
  private int depth;

  private FlameGraph(long total, double least) {
    this.total = total;
    this.least = least;
  }

  /** What was called from one place, and how often it was seen. */
  private static final class Node {
    private final Map<String, Node> callees = new TreeMap<>();
    private final Place place;
    private long count;

    Node(Place place) {
      this.place = place;
    }

    Node callee(String frame) {
      return callees.computeIfAbsent(
          shortened(frame), name -> new Node(Place.named(frame).orElse(place)));
    }
  }

  /** As much of it as there is room for. */
  static String of(Stacks stacks, String title) {
    Node root = new Node(Place.OTHER);
    stacks
        .counts()
        .forEach(
            (stack, count) -> {
              Node node = root;
              node.count += count;
              for (String frame : stack.split(";", -1)) {
                node = node.callee(frame);
                node.count += count;
              }
            });
    double least = LEAST_SHARE;
    String svg = drawn(root, title, least);
    while (svg.length() > MOST_BYTES) {
      least *= 1.5;
      svg = drawn(root, title, least);
    }
    return svg;
  }

  private static String drawn(Node root, String title, double least) {
    FlameGraph graph = new FlameGraph(root.count, least);
    graph.callees(root, 0, 0);
    int perRow = (WIDTH - 8) / LEGEND_WIDTH;
    int top = TOP + (Place.values().length + perRow - 1) / perRow * ROW_HEIGHT;
    int height = top + graph.depth * ROW_HEIGHT + 10;
    StringBuilder styles = new StringBuilder();
    for (Place place : Place.values()) {
      styles.append(".%s{fill:%s}".formatted(place.letter(), place.colour()));
    }
    return """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" \
        font-family="monospace" font-size="10">
        <style>%srect{stroke:#fff;stroke-width:.5}</style>
        <path fill="#fff" d="M0 0h%dv%dH0z"/>
        <text x="8" y="20" font-size="14">%s</text>
        <text x="8" y="34">%,d samples; what is below %s %% isn't drawn</text>
        %s<g transform="translate(0 %d)">
        %s</g></svg>
        """
        .formatted(
            WIDTH,
            height,
            WIDTH,
            height,
            styles,
            WIDTH,
            height,
            escaped(title),
            root.count,
            Report.number(least * 100),
            legend(),
            top,
            graph.body);
  }

  private static String legend() {
    StringBuilder legend = new StringBuilder();
    int x = 8;
    int y = TOP - 8;
    for (Place place : Place.values()) {
      legend.append(
          "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"10\" height=\"10\"/>"
              .formatted(place.letter(), x, y));
      legend.append("<text x=\"%d\" y=\"%d\">%s</text>\n".formatted(x + 14, y + 9, place.label()));
      x += LEGEND_WIDTH;
      if (x + LEGEND_WIDTH > WIDTH) {
        x = 8;
        y += ROW_HEIGHT;
      }
    }
    return legend.toString();
  }

  /** The widest first; {@code start} is how many samples are left of them. */
  private void callees(Node caller, long start, int row) {
    long left = start;
    List<Map.Entry<String, Node>> widestFirst =
        caller.callees.entrySet().stream()
            .sorted(Comparator.comparingLong(one -> -one.getValue().count))
            .toList();
    for (Map.Entry<String, Node> callee : widestFirst) {
      Node node = callee.getValue();
      if (node.count < least * total) {
        return;
      }
      box(callee.getKey(), node, left, row);
      callees(node, left, row + 1);
      left += node.count;
    }
  }

  private void box(String name, Node node, long left, int row) {
    depth = Math.max(depth, row + 1);
    double x = (double) left * WIDTH / total;
    double width = (double) node.count * WIDTH / total;
    int y = row * ROW_HEIGHT;
    body.append(
        String.format(
            Locale.ROOT,
            "<g><title>%s %.1f %%</title><rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\""
                + " height=\"%d\"/>",
            escaped(name),
            node.count * 100.0 / total,
            node.place.letter(),
            x,
            y,
            width,
            ROW_HEIGHT));
    int room = (int) ((width - 4) / CHARACTER_WIDTH);
    if (room >= 4) {
      String shown = name.length() <= room ? name : name.substring(0, room - 1) + "…";
      body.append(
          String.format(
              Locale.ROOT, "<text x=\"%.1f\" y=\"%d\">%s</text>", x + 2, y + 11, escaped(shown)));
    }
    body.append("</g>\n");
  }

  private static final Map<String, String> SHORTENED = new ConcurrentHashMap<>();

  /** Class and method, without packages, parameters, and what differs from process to process. */
  static String shortened(String frame) {
    return SHORTENED.computeIfAbsent(
        frame,
        whole -> {
          String name = whole.replaceAll("_\\[[a-z0-9]+]$", "");
          int parameters = name.indexOf('(');
          name = parameters > 0 ? name.substring(0, parameters) : name;
          return name.substring(name.lastIndexOf('/') + 1)
              .replaceAll("[.+/]?0x[0-9a-f]+", "")
              .replaceAll("\\$\\$Lambda\\$?[0-9]*", "\\$\\$Lambda")
              .replaceAll("lambda\\$(.+)\\$[0-9]+", "$1");
        });
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
