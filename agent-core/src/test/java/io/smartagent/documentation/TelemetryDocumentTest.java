package io.smartagent.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.json.JsonTree;
import io.smartagent.module.EventType;
import io.smartagent.module.MetricFamily;
import io.smartagent.module.ModuleDefinition;
import io.smartagent.modules.ModuleCatalog;
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
  void everyModuleTellsSomething(ModuleDefinition module) {
    // It adds to the events of the others.
    if (!module.id().equals("kubernetes-attributes")) {
      assertThat(module.telemetry().events()).isNotEmpty();
    }
    assertThat(module.telemetry().metrics()).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("modules")
  void everyExampleIsALineOfTheAgentsOutputThatSaysWhoseItIs(ModuleDefinition module)
      throws IOException {
    for (EventType type : module.telemetry().events()) {
      JsonTree example = JsonTree.parse(type.example().getBytes(StandardCharsets.UTF_8));

      assertThat(example.get("module").text()).as(type.name()).isEqualTo(module.id());
      assertThat(example.get("type").text()).isEqualTo(type.name());
      assertThat(example.names()).as(type.name()).containsSubsequence(CONTAINER_ATTRIBUTES);
      assertThat(type.example().strip()).as(type.name()).doesNotContain("\n");
      assertThat(type.meaning()).as(type.name()).endsWith(".");
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
