package io.smartagent.modules;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Label;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.smartagent.json.JsonTree;
import io.smartagent.module.Event;
import io.smartagent.module.EventType;
import io.smartagent.module.MetricFamily;
import io.smartagent.module.Module;
import io.smartagent.module.ModuleDefinition;
import io.smartagent.module.ModuleSettings;
import io.smartagent.module.ModuleTelemetry;
import io.smartagent.module.SharedSettings;
import io.smartagent.needs.HostAccess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Holds a module to its documentation: what it tells must stand there, exactly so. */
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
      Optional<EventType> type =
          telemetry.events().stream().filter(each -> each.name().equals(event.type())).findFirst();
      assertThat(type).as("documentation of the event type " + event.type()).isPresent();
      List<String> expected = new ArrayList<>(List.of("time", "module", "type"));
      expected.addAll(event.attributes().keySet());
      assertThat(attributes(type.orElseThrow()))
          .as("attributes of the example of " + event.type())
          .isEqualTo(expected);
    }
  }

  static List<String> attributes(EventType type) {
    try {
      return JsonTree.parse(type.example().getBytes(StandardCharsets.UTF_8)).names();
    } catch (IOException e) {
      throw new UncheckedIOException(type.name() + "'s example is no JSON", e);
    }
  }

  static void check(ModuleTelemetry telemetry, PrometheusRegistry metrics) {
    for (MetricSnapshot snapshot : metrics.scrape()) {
      boolean counter = snapshot instanceof CounterSnapshot;
      String name = snapshot.getMetadata().getPrometheusName() + (counter ? "_total" : "");
      Optional<MetricFamily> family =
          telemetry.metrics().stream().filter(each -> each.name().equals(name)).findFirst();
      assertThat(family).as("documentation of the metric " + name).isPresent();
      MetricFamily documented = family.orElseThrow();
      assertThat(documented.kind() == MetricFamily.Kind.COUNTER).as(name).isEqualTo(counter);
      assertThat(snapshot.getMetadata().getHelp()).as(name).isEqualTo(documented.help());
      for (DataPointSnapshot point : snapshot.getDataPoints()) {
        assertThat(point.getLabels().stream().map(Label::getName).toList())
            .as(name)
            .containsExactlyInAnyOrderElementsOf(documented.labels());
      }
    }
  }
}
