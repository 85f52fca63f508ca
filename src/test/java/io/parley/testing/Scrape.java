package io.parley.testing;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a node told Prometheus.
 *
 * @param kinds of each family: counter, gauge, histogram
 * @param samples by name and labels, as they were written
 */
public record Scrape(String text, Map<String, String> kinds, Map<String, Double> samples) {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  public Scrape {
    kinds = Map.copyOf(kinds);
    samples = Map.copyOf(samples);
  }

  /** Fetches it, as Prometheus would; fails when there is none within 5 s. */
  public static Scrape of(int managementPort) {
    try {
      HttpResponse<String> response = fetch(managementPort);
      if (response.statusCode() != 200) {
        throw new IllegalStateException("no figures: " + response.statusCode());
      }
      return parse(response.body());
    } catch (IOException gone) {
      throw new IllegalStateException(gone);
    }
  }

  public static HttpResponse<String> fetch(int port) throws IOException {
    try {
      return HTTP.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
              .timeout(Duration.ofSeconds(5))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Scrape parse(String text) {
    Map<String, String> kinds = new LinkedHashMap<>();
    Map<String, Double> samples = new LinkedHashMap<>();
    for (String line : text.lines().toList()) {
      if (line.startsWith("# TYPE ")) {
        String[] words = line.split(" ", -1);
        kinds.put(words[2], words[3]);
      } else if (!line.startsWith("#")) {
        int end = line.lastIndexOf(' ');
        String value = line.substring(end + 1).replace("Inf", "Infinity");
        samples.put(line.substring(0, end), Double.parseDouble(value));
      }
    }
    return new Scrape(text, kinds, samples);
  }

  /** The families; what Micrometer adds to a histogram, its maximum, is part of it. */
  public Set<String> families() {
    return kinds.keySet().stream()
        .filter(
            name ->
                !name.endsWith("_max")
                    || !"histogram".equals(kinds.get(name.substring(0, name.length() - 4))))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The value of a sample, such as {@code name{label="value"}}. */
  public double value(String sample) {
    Double value = samples.get(sample);
    if (value == null) {
      throw new AssertionError(
          "no " + sample + " among " + Arrays.toString(samples.keySet().toArray()));
    }
    return value;
  }

  public boolean has(String sample) {
    return samples.containsKey(sample);
  }

  /** The sum of all samples of a family. */
  public double sum(String name) {
    return samples.entrySet().stream()
        .filter(sample -> sample.getKey().equals(name) || sample.getKey().startsWith(name + "{"))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }
}
