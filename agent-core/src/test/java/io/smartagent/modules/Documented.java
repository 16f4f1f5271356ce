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
import io.smartagent.module.ModuleDescriptor;
import io.smartagent.module.ModuleTelemetry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Holds a module to its documentation: what it tells must stand there, exactly so. */
final class Documented {

  private Documented() {}

  static ModuleTelemetry of(Module module) {
    for (ModuleDescriptor descriptor : ModuleCatalog.descriptors()) {
      if (ModuleCatalog.create(descriptor.id()).getClass().equals(module.getClass())) {
        return ModuleCatalog.telemetry(descriptor.id());
      }
    }
    return new ModuleTelemetry(List.of(), List.of());
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
