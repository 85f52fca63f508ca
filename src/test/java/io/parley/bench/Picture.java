package io.parley.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A report as an SVG: bars, from zero, with their numbers. */
final class Picture {
  private static final int WIDTH = 860;
  private static final int NAME_WIDTH = 220;
  private static final int BAR_WIDTH = 480;
  private static final int ROW_HEIGHT = 22;
  private static final int TITLE_HEIGHT = 44;
  private static final String FIRST = "#2f6f9f";
  private static final String SECOND = "#d08a3c";

  private final StringBuilder body = new StringBuilder();
  private int y = 10;

  private Picture() {}

  /** Bars of one figure, or of two, one behind the other. */
  private record Panel(String title, List<Figure> first, List<Figure> second) {}

  private static final List<Panel> PANELS =
      List.of(
          new Panel(
              "Messages delivered, events or rows a second",
              List.of(Figure.DELIVERED, Figure.EVENTS, Figure.ROWS),
              List.of()),
          new Panel(
              "Processor seconds per 1,000 of them: server, and PostgreSQL behind it",
              List.of(Figure.SERVER_CPU),
              List.of(Figure.DATABASE_CPU)),
          new Panel(
              "Milliseconds from send to delivered: median, and up to the 99th percentile",
              List.of(Figure.DELIVERED_P50),
              List.of(Figure.DELIVERED_P99)));

  static String of(Report report) {
    Picture picture = new Picture();
    PANELS.forEach(panel -> picture.panel(panel, report.lines()));
    return """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" \
        font-family="system-ui, sans-serif" font-size="13" fill="#222">
        <title>Parley under load</title>
        <rect width="100%%" height="100%%" fill="#fff"/>
        %s</svg>
        """
        .formatted(WIDTH, picture.y + 10, WIDTH, picture.y + 10, picture.body);
  }

  private record Bar(String name, double first, double second) {}

  private void panel(Panel panel, List<Report.Line> lines) {
    List<Bar> bars = new ArrayList<>();
    for (Report.Line line : lines) {
      double first = value(line.figures(), panel.first());
      double second = value(line.figures(), panel.second());
      if (first + second > 0) {
        bars.add(new Bar(line.name() + (line.isVerified() ? "" : ": FAILED"), first, second));
      }
    }
    if (bars.isEmpty()) {
      return;
    }
    boolean isSpread = panel.second().contains(Figure.DELIVERED_P99);
    double most = bars.stream().mapToDouble(bar -> end(bar, isSpread)).max().orElse(1);
    y += TITLE_HEIGHT;
    text(10, y - 14, "start", panel.title(), " font-weight=\"600\"");
    for (Bar bar : bars) {
      bar(bar, end(bar, isSpread) / most, bar.first() / most);
    }
  }

  /** The second of a spread counts from zero, that of a sum from where the first ends. */
  private static double end(Bar bar, boolean isSpread) {
    return isSpread ? Math.max(bar.first(), bar.second()) : bar.first() + bar.second();
  }

  private void bar(Bar bar, double all, double first) {
    text(NAME_WIDTH - 8, y + 14, "end", bar.name(), "");
    rectangle(all * BAR_WIDTH, SECOND);
    rectangle(first * BAR_WIDTH, FIRST);
    String numbers = Report.number(bar.first());
    if (bar.second() > 0) {
      numbers += " · " + Report.number(bar.second());
    }
    text((int) (NAME_WIDTH + all * BAR_WIDTH) + 8, y + 14, "start", numbers, "");
    y += ROW_HEIGHT;
  }

  private void rectangle(double width, String colour) {
    body.append(
        String.format(
            Locale.ROOT,
            "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>%n",
            NAME_WIDTH,
            y + 2,
            width,
            ROW_HEIGHT - 6,
            colour));
  }

  private void text(int x, int baseline, String anchor, String text, String more) {
    body.append(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\"%s>%s</text>\n"
            .formatted(x, baseline, anchor, more, escaped(text)));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static double value(Map<Figure, Double> figures, List<Figure> wanted) {
    return wanted.stream()
        .filter(figures::containsKey)
        .mapToDouble(figure -> figures.getOrDefault(figure, 0.0))
        .findFirst()
        .orElse(0);
  }
}
