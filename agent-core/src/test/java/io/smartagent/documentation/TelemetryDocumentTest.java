package io.smartagent.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.json.JsonTree;
import io.smartagent.module.Event;
import io.smartagent.module.MetricFamily;
import io.smartagent.module.ModuleDefinition;
import io.smartagent.modules.ModuleCatalog;
import io.smartagent.telemetry.DocumentedEvents;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class TelemetryDocumentTest {

  private static final Path DOCUMENT = Path.of("TELEMETRY.md");

  private static final List<String> CONTAINER_ATTRIBUTES =
      List.of(
          "containerId",
          "containerName",
          "containerRuntime",
          "image",
          "podUid",
          "podName",
          "podNamespace");

  @Test
  void saysWhatTheCodeSays() throws IOException {
    String expected = TelemetryDocument.text(ModuleCatalog.modules());
    if (Boolean.getBoolean("readme.update")) {
      Files.writeString(DOCUMENT, expected);
      return;
    }

    assertThat(DOCUMENT)
        .as("agent-core/TELEMETRY.md; write it anew with -Dreadme.update=true")
        .hasContent(expected);
  }

  static List<ModuleDefinition> modules() {
    return ModuleCatalog.modules();
  }

  @ParameterizedTest
  @MethodSource("modules")
  void everyModuleReportsSomething(ModuleDefinition module) {
    // It adds to the events of the others.
    if (!module.id().equals("kubernetes-attributes")) {
      assertThat(module.telemetry().examples()).isNotEmpty();
    }
    assertThat(module.telemetry().metrics()).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("modules")
  void everyExampleIsALineOfTheAgentsOutputThatSaysWhoseItIs(ModuleDefinition module)
      throws IOException {
    for (Event event : module.telemetry().examples()) {
      String line = DocumentedEvents.line(module.id(), event);
      JsonTree example = JsonTree.parse(line.getBytes(StandardCharsets.UTF_8));
      String type = event.type().name();
      assertThat(example.get("module").text()).as(type).isEqualTo(module.id());
      assertThat(example.get("type").text()).isEqualTo(type);
      assertThat(example.names()).as(type).containsSubsequence(CONTAINER_ATTRIBUTES);
      assertThat(line).as(type).doesNotContain("\n");
      assertThat(event.type().meaning()).as(type).endsWith(".");
    }
  }

  /** The practice of Prometheus: base units, a counter's name ends with _total and no other's. */
  @ParameterizedTest
  @MethodSource("modules")
  void everyMetricIsNamedAsPrometheusUsersExpect(ModuleDefinition module) {
    for (MetricFamily metric : module.telemetry().metrics()) {
      assertThat(metric.name())
          .matches("[a-z][a-z0-9_]*")
          .doesNotContain("milliseconds", "kilobytes", "megabytes", "percent");
      assertThat(metric.name().endsWith("_total"))
          .as(metric.name())
          .isEqualTo(metric.kind() == MetricFamily.Kind.COUNTER);
      assertThat(metric.help()).as(metric.name()).isNotBlank();
    }
  }

  @Test
  void noMetricBelongsToTwoModules() {
    assertThat(
            modules().stream()
                .flatMap(module -> module.telemetry().metrics().stream())
                .map(MetricFamily::name))
        .doesNotHaveDuplicates();
  }
}
