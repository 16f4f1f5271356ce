package io.smartagent.module;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BoundedHistogramTest {

  private static final MetricFamily LATENCY =
      MetricFamily.histogram(
          "smartagent_test_latency_seconds", "seconds", "Latency.", List.of(0.1, 1.0), "container");

  private final PrometheusRegistry metrics = new PrometheusRegistry();

  private String scrape() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrometheusTextFormatWriter.create().write(out, metrics.scrape());
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void countsValuesInTheDeclaredBuckets() throws IOException {
    BoundedHistogram histogram = BoundedHistogram.register(LATENCY, metrics, 10);
    histogram.observe(0.05, "a");
    histogram.observe(0.5, "a");

    assertThat(scrape())
        .contains(
            "# TYPE smartagent_test_latency_seconds histogram",
            "smartagent_test_latency_seconds_bucket{container=\"a\",le=\"0.1\"} 1",
            "smartagent_test_latency_seconds_bucket{container=\"a\",le=\"1.0\"} 2",
            "smartagent_test_latency_seconds_bucket{container=\"a\",le=\"+Inf\"} 2");
  }

  @Test
  void countsWhatExceedsTheMaximumOfSeriesTogether() throws IOException {
    BoundedHistogram histogram = BoundedHistogram.register(LATENCY, metrics, 1);
    for (String container : List.of("a", "b", "c", "a")) {
      histogram.observe(2, container);
    }
    assertThat(scrape())
        .contains(
            "smartagent_test_latency_seconds_count{container=\"a\"} 2",
            "smartagent_test_latency_seconds_count{container=\"other\"} 2")
        .doesNotContain("\"b\"");

    histogram.remove("a");
    histogram.observe(2, "b");
    assertThat(scrape())
        .contains("smartagent_test_latency_seconds_count{container=\"b\"} 1")
        .doesNotContain("\"a\"");
  }

  @Test
  void needsItsUnitInItsName() {
    assertThatThrownBy(() -> MetricFamily.histogram("latency", "seconds", "Latency.", List.of(1.0)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
