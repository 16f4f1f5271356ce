package io.smartagent.integration.machine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** One scrape of an agent's metrics, in Prometheus' text format. */
public final class Metrics {

  private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z0-9_:]+)(?:\\{(.*)\\})? (\\S+)");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

  private final List<Sample> samples;

  private record Sample(String name, Map<String, String> labels, double value) {}

  private Metrics(List<Sample> samples) {
    this.samples = samples;
  }

  /** Asks an agent. */
  public static Metrics of(RunningContainer agent) {
    String text = agent.get("/metrics").orElseThrow(() -> new AssertionError("no metrics")).body();
    return new Metrics(text.lines().flatMap(Metrics::sample).toList());
  }

  private static Stream<Sample> sample(String line) {
    Matcher matcher = SAMPLE.matcher(line);
    if (line.startsWith("#") || !matcher.matches()) {
      return Stream.empty();
    }
    Map<String, String> labels = new LinkedHashMap<>();
    if (matcher.group(2) != null) {
      Matcher label = LABEL.matcher(matcher.group(2));
      while (label.find()) {
        labels.put(label.group(1), label.group(2));
      }
    }
    return Stream.of(new Sample(matcher.group(1), labels, Double.parseDouble(matcher.group(3))));
  }

  /**
   * Returns the value of the only sample that has these labels.
   *
   * @param labels names and values by turns
   */
  public double value(String name, String... labels) {
    return only(name, labels).value();
  }

  /** Returns all labels of the only sample that has these. */
  public Map<String, String> labels(String name, String... labels) {
    return only(name, labels).labels();
  }

  /** Returns whether there is a sample that has these labels. */
  public boolean has(String name, String... labels) {
    return find(name, labels).findAny().isPresent();
  }

  /** Returns the state of a container. */
  public String state(String id) {
    return labels("smartagent_container_state", "id", id).getOrDefault("state", "");
  }

  private Sample only(String name, String... labels) {
    List<Sample> found = find(name, labels).toList();
    if (found.size() != 1) {
      throw new AssertionError(
          found.size()
              + " samples of "
              + name
              + " with "
              + String.join(" ", labels)
              + ": "
              + found);
    }
    return found.getFirst();
  }

  private Stream<Sample> find(String name, String... labels) {
    return samples.stream()
        .filter(sample -> sample.name().equals(name))
        .filter(sample -> {
          for (int i = 0; i < labels.length; i += 2) {
            if (!labels[i + 1].equals(sample.labels().get(labels[i]))) {
              return false;
            }
          }
          return true;
        });
  }
}
