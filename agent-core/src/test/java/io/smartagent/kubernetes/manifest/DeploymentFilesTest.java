package io.smartagent.kubernetes.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.module.ModuleDefinition;
import io.smartagent.modules.ModuleCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code mvn test -pl agent-core -am -Dreadme.update=true} writes the files anew. */
final class DeploymentFilesTest {

  private static final Path DIRECTORY = Path.of("../docker");
  private static final Path CHART = DIRECTORY.resolve("helm/smartagent");

  @ParameterizedTest
  @CsvSource({
    "full, --mode full",
    "full-unprivileged, --mode full --unprivileged",
    "read-only, --mode read-only",
    "read-only-unprivileged, --mode read-only --unprivileged",
    "minimal, --mode minimal",
    "minimal-unprivileged, --mode minimal --unprivileged",
    "read-only-without-sys-admin, --mode read-only --without SYS_ADMIN",
  })
  void manifestsAreAsRendered(String name, String options) throws IOException {
    List<String> words = List.of(options.split(" ", -1));
    List<ModuleDefinition> catalog = ModuleCatalog.modules();
    ManifestOptionsParser.Result parsed = ManifestOptionsParser.parse(words, catalog);
    DaemonSetPlan plan = DaemonSetPlanner.plan(parsed.options(), catalog);

    same(DIRECTORY.resolve("kubernetes/" + name + ".yaml"), Manifest.yaml(plan, words));
  }

  @Test
  void theChartKnowsWhatTheCodeKnows() throws IOException {
    same(CHART.resolve("files/needs.yaml"), ChartFiles.needs(ModuleCatalog.modules()));
    same(CHART.resolve("values.schema.json"), ChartFiles.schema(ModuleCatalog.modules()));
    if (NodeResource.definition().isPresent()) {
      same(CHART.resolve("crds/agentnodes.yaml"), NodeResource.definition().get());
    }
  }

  private static void same(Path file, String expected) throws IOException {
    if (Boolean.getBoolean("readme.update")) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, expected);
      return;
    }
    assertThat(Files.exists(file) ? Files.readString(file) : "")
        .as("%s; write it anew with mvn test -pl agent-core -am -Dreadme.update=true", file)
        .isEqualTo(expected);
  }
}
