package io.smartagent.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.cli.Help;
import io.smartagent.config.Command;
import io.smartagent.config.ConfigurationParser;
import io.smartagent.config.Option;
import io.smartagent.config.Problem;
import io.smartagent.config.SettingsParser;
import io.smartagent.json.JsonTree;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.linux.LinuxKernel;
import io.smartagent.kubernetes.manifest.ChartFiles;
import io.smartagent.kubernetes.manifest.DaemonSetPlan;
import io.smartagent.kubernetes.manifest.DaemonSetPlanner;
import io.smartagent.kubernetes.manifest.Manifest;
import io.smartagent.kubernetes.manifest.ManifestOptionsParser;
import io.smartagent.launch.LaunchRecord;
import io.smartagent.launch.LaunchRecordJson;
import io.smartagent.launch.PlanJson;
import io.smartagent.module.ModuleDefinition;
import io.smartagent.module.ModulePlan;
import io.smartagent.module.ModuleState;
import io.smartagent.modules.ModuleCatalog;
import io.smartagent.modules.TestModuleContext;
import io.smartagent.plan.LaunchPlan;
import io.smartagent.plan.Situation;
import io.smartagent.sample.SampleDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A module of two files in one package, and one line in a list, is all that it takes: everything
 * else knows it.
 */
final class SampleModuleTest {

  private static final String THRESHOLD = "SMARTAGENT_SAMPLE_THRESHOLD";

  private static final List<ModuleDefinition> CATALOG =
      Stream.concat(ModuleCatalog.modules().stream(), Stream.of(new SampleDefinition())).toList();

  private static ModulePlan sample(LaunchPlan plan) {
    return plan.modules().getLast();
  }

  private static DaemonSetPlan manifest(String... words) {
    return DaemonSetPlanner.plan(
        ManifestOptionsParser.parse(List.of(words), CATALOG).options(), CATALOG);
  }

  @Test
  void isPlannedByItsNeeds() {
    ModulePlan best = sample(new Situation().modules(CATALOG).plan());
    ModulePlan degraded =
        sample(new Situation().modules(CATALOG).without(Capability.CAP_SYSLOG).plan());

    assertThat(best.id()).isEqualTo("sample");
    assertThat(best.state()).isEqualTo(ModuleState.ENABLED);
    assertThat(best.source()).isEqualTo("log");
    assertThat(best.capabilities().names()).containsExactly("CAP_SYSLOG");
    assertThat(degraded.state()).isEqualTo(ModuleState.DEGRADED);
    assertThat(degraded.effect()).isEqualTo("what the kernel has logged is unknown");
    assertThat(degraded.remedy()).contains("add: [SYSLOG]");
  }

  @Test
  void isInTheRecordThatTheAgentReads() throws IOException {
    byte[] json =
        PlanJson.toJson(
            new Situation()
                .modules(CATALOG)
                .variable(new SampleDefinition().settings().getFirst(), "7")
                .plan());
    LaunchRecord record = LaunchRecordJson.parse(json);

    assertThat(record.decisions().modules().getLast().id()).isEqualTo("sample");
    assertThat(JsonTree.parse(json).get("settings").items())
        .anySatisfy(setting -> {
          assertThat(setting.get("name").text()).isEqualTo(THRESHOLD);
          assertThat(setting.get("value").text()).isEqualTo("7");
          assertThat(setting.get("source").text()).isEqualTo(THRESHOLD);
        });
  }

  @Test
  void hasItsSettingChecked() {
    List<Problem> problems =
        SettingsParser.parse(Map.of(), Map.of(THRESHOLD, "high"), CATALOG).problems();

    assertThat(problems)
        .extracting(Problem::text)
        .containsExactly(THRESHOLD + " is \"high\". It must be a whole number from 1 to 1000.");
    assertThat(SettingsParser.parse(Map.of(), Map.of(THRESHOLD, "9"), CATALOG).problems())
        .isEmpty();
    assertThat(SettingsParser.parse(Map.of(), Map.of(THRESHOLD + "S", "9"), CATALOG).settings())
        .satisfies(settings ->
            assertThat(settings.warnings())
                .anyMatch(warning -> warning.contains("Did you mean " + THRESHOLD + "?")));
  }

  @Test
  void hasItsSettingChangedWhileTheAgentRuns() {
    LaunchPlan plan = new Situation().modules(CATALOG).plan();
    ConfigurationParser parser =
        new ConfigurationParser(plan.settings().values(), plan.modules(), CATALOG);

    ConfigurationParser.Result result =
        parser.parse(Map.of(THRESHOLD, "8\n"), UnaryOperator.identity());

    assertThat(result.problems()).isEmpty();
    assertThat(
            (Object) result.settings().modules().get(new SampleDefinition().settings().getFirst()))
        .isEqualTo(8);
  }

  @Test
  void isInHelpAndDocumentation() {
    DocumentTables tables = new DocumentTables(CATALOG, Map.of());

    assertThat(Help.of(Command.CONFIG, CATALOG)).contains(THRESHOLD);
    assertThat(tables.table("modules"))
        .contains("| `sample`: reports a high load | `log` | SYSLOG, `syslog` |");
    assertThat(tables.table("host-access"))
        .contains("| `sample` | /proc/loadavg |  |  | syslog (`log`) |");
    assertThat(tables.table("options"))
        .contains("`" + THRESHOLD + "` | `4` | load from which sample reports it");
    assertThat(TelemetryDocument.text(CATALOG))
        .contains(
            "## sample",
            "### HighLoad",
            "`smartagent_sample_load` | gauge",
            "`smartagent_sample_read_seconds` | histogram |  |",
            "buckets [0.001, 0.01, 0.1]");
  }

  @Test
  void isInManifestAndChart() throws IOException {
    DaemonSetPlan plan = manifest("--unprivileged", "--mode", "minimal");

    assertThat(Manifest.yaml(plan, List.of())).contains("# sample: enabled, from log");
    assertThat(plan.capabilities().get(Capability.CAP_SYSLOG)).contains("sample");
    assertThat(manifest("--without", "SYSLOG", "--modules", "sample").notes())
        .anyMatch(note -> note.contains("sample: degraded, from load"));
    assertThat(ChartFiles.needs(CATALOG)).contains("- id: sample\n  readsHost: true\n");
    assertThat(ChartFiles.schema(CATALOG)).contains("|network-interfaces|sample)");
  }

  @Test
  void canBeNamedAndTruncated() {
    assertThat(
            sample(new Situation().modules(CATALOG).option(Option.MODULES, "!sample").plan())
                .state())
        .isEqualTo(ModuleState.DISABLED);
    assertThat(
            sample(new Situation().modules(CATALOG).option(Option.MODULES, "sample").plan())
                .state())
        .isEqualTo(ModuleState.ENABLED);
  }

  @Test
  void runsAndIsHeldToItsDefinition(@TempDir Path root) throws Exception {
    Files.createDirectories(root.resolve("proc"));
    Files.writeString(root.resolve("proc/loadavg"), "4.50 4.00 3.00 1/100 200\n");

    TestModuleContext context =
        new TestModuleContext("load", new LinuxKernel(), root.toString())
            .run(new SampleDefinition());

    assertThat(context.events())
        .extracting(event -> event.type().name())
        .containsExactly("HighLoad");
    assertThat(context.lastObserved()).isEqualTo("load 4.5");
    assertThat(root.resolve("results/loadavg.txt~text~plain"))
        .hasContent("4.50 4.00 3.00 1/100 200\n");
  }
}
