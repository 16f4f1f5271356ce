package io.smartagent.module;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MetricTableTest {

  private static final MetricFamily READS =
      MetricFamily.counter("container_reads_bytes_total", "Bytes read.", "container", "device");
  private static final MetricFamily SIZE = MetricFamily.gauge("container_size_bytes", "Size.");

  private final MetricTable table = new MetricTable(List.of(READS, SIZE));
  private final PrometheusRegistry registry = new PrometheusRegistry();

  private String scrape() throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    PrometheusTextFormatWriter.create().write(text, registry.scrape());
    return text.toString(StandardCharsets.UTF_8);
  }

  @Test
  void showsOnePassAndNothingOfTheOneBefore() throws IOException {
    registry.register(table);
    table.begin().add(READS, 5, "a", "sda").add(SIZE, 7).show();
    table.begin().add(READS, 6, "b", "8:\"0\n").show();

    assertThat(scrape())
        .isEqualTo(
            """
            # HELP container_reads_bytes_total Bytes read.
            # TYPE container_reads_bytes_total counter
            container_reads_bytes_total{container="b",device="8:\\"0\\n"} 6.0
            """);
  }

  @Test
  void showsNothingBeforeAPassIsWhole() throws IOException {
    registry.register(table);
    table.begin().add(SIZE, 7);

    assertThat(scrape()).isEmpty();
  }

  @Test
  void refusesAMetricThatItWasNotMadeFor() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> table.begin().add(MetricFamily.gauge("other", "Other."), 1))
        .withMessage("the table has no metric other");
  }
}
