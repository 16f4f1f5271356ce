package io.smartagent.modules;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Label;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.smartagent.module.Event;
import io.smartagent.module.MetricFamily;
import io.smartagent.module.Module;
import io.smartagent.module.ModuleDefinition;
import io.smartagent.module.ModuleSettings;
import io.smartagent.module.ModuleTelemetry;
import io.smartagent.module.SharedSettings;
import io.smartagent.needs.HostAccess;
import java.util.List;
import java.util.Optional;

/** Holds a module to its documentation: what it reports must stand there, exactly so. */
final class Documented {

  private Documented() {}

  static Optional<ModuleDefinition> definition(Module module) {
    return ModuleCatalog.modules().stream()
        .filter(definition -> definition.create().getClass().equals(module.getClass()))
        .findFirst();
  }

  /** Returns what {@code source} of a module opens of the host, with what was set. */
  static HostAccess access(ModuleDefinition definition, String source, ModuleSettings settings) {
    HostAccess access =
        definition.needs().sources().stream()
            .filter(each -> each.name().equals(source))
            .findFirst()
            .orElseThrow()
            .host();
    return definition.settings().contains(SharedSettings.CONTAINER_ROOTS)
        ? access.reads(
            settings.get(SharedSettings.CONTAINER_ROOTS).paths().values().stream()
                .flatMap(List::stream)
                .toList())
        : access;
  }

  static void check(ModuleTelemetry telemetry, List<Event> events) {
    for (Event event : events) {
      Optional<Event> example =
          telemetry.examples().stream()
              .filter(each -> each.type().equals(event.type()))
              .findFirst();
      assertThat(example).as("documentation of the event type " + event.type()).isPresent();
      assertThat(List.copyOf(example.orElseThrow().attributes().keySet()))
          .as("attributes of the example of " + event.type())
          .isEqualTo(List.copyOf(event.attributes().keySet()));
    }
  }

  static void check(ModuleTelemetry telemetry, PrometheusRegistry metrics) {
    for (MetricSnapshot snapshot : metrics.scrape()) {
      boolean counter = snapshot instanceof CounterSnapshot;
      boolean histogram = snapshot instanceof HistogramSnapshot;
      String name = snapshot.getMetadata().getPrometheusName() + (counter ? "_total" : "");
      Optional<MetricFamily> family =
          telemetry.metrics().stream().filter(each -> each.name().equals(name)).findFirst();
      assertThat(family).as("documentation of the metric " + name).isPresent();
      MetricFamily documented = family.orElseThrow();
      assertThat(documented.kind() == MetricFamily.Kind.COUNTER).as(name).isEqualTo(counter);
      assertThat(documented.kind() == MetricFamily.Kind.HISTOGRAM).as(name).isEqualTo(histogram);
      assertThat(snapshot.getMetadata().getHelp()).as(name).isEqualTo(documented.help());
      for (DataPointSnapshot point : snapshot.getDataPoints()) {
        assertThat(point.getLabels().stream().map(Label::getName).toList())
            .as(name)
            .containsExactlyInAnyOrderElementsOf(documented.labels());
      }
    }
  }
}
