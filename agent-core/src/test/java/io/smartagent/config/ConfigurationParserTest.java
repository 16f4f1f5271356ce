package io.smartagent.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.module.LogFilter;
import io.smartagent.module.ModulePlan;
import io.smartagent.module.ModuleState;
import io.smartagent.module.SharedSettings;
import io.smartagent.module.TestDescriptor;
import io.smartagent.module.Variable;
import io.smartagent.modules.ModuleCatalog;
import io.smartagent.probe.Blocker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class ConfigurationParserTest {

  private static final List<ModulePlan> PLANS =
      List.of(
          plan("host-events", ModuleState.ENABLED, null),
          plan("kernel-stacks", ModuleState.DISABLED, "CAP_SYSLOG"),
          plan("log-discovery", ModuleState.DEGRADED, "CAP_SYS_PTRACE"));

  /** They have all settings that there are. */
  private static final List<TestDescriptor> MODULES =
      PLANS.stream()
          .map(plan ->
              TestDescriptor.of(plan.id())
                  .having(Variables.of(ModuleCatalog.modules()).ofModules()))
          .toList();

  private final Map<String, String> environment = new TreeMap<>();
  private final Map<String, String> entries = new TreeMap<>();

  private static ModulePlan plan(String id, ModuleState state, @Nullable String missing) {
    return new ModulePlan(
        id,
        state,
        state == ModuleState.DISABLED ? null : "source",
        CapabilitySet.NONE,
        missing,
        missing == null ? null : Blocker.CAPABILITY,
        "less is seen",
        null);
  }

  private ConfigurationParser.Result parse() {
    Settings start = SettingsParser.parse(Map.of(), environment, MODULES).settings();
    return new ConfigurationParser(start.values(), PLANS, MODULES)
        .parse(entries, name -> "map/" + name);
  }

  private String problem() {
    List<Problem> problems = parse().problems();
    assertThat(problems).hasSize(1);
    return problems.getFirst().text();
  }

  private AgentSettings settings() {
    assertThat(parse().problems()).isEmpty();
    return parse().settings();
  }

  private Object value(String variable) {
    return Variables.of(ModuleCatalog.modules()).ofModules().stream()
        .filter(setting -> setting.variable().equals(variable))
        .<Object>map(setting -> settings().modules().get(setting))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void goesBeforeTheEnvironmentWhichGoesBeforeTheDefault() {
    environment.put("SMARTAGENT_BLOCKED_TASK_SECONDS", "7");
    environment.put("SMARTAGENT_LOG_LEVEL", "debug");
    entries.put("SMARTAGENT_BLOCKED_TASK_SECONDS", " 10\n");

    AgentSettings settings = settings();

    assertThat(value("SMARTAGENT_BLOCKED_TASK_SECONDS")).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.logLevel()).isEqualTo("debug");
    assertThat(settings.values())
        .hasSize(Variables.of(ModuleCatalog.modules()).all().size())
        .contains(
            new SettingValue(
                "SMARTAGENT_BLOCKED_TASK_SECONDS", "10", "map/SMARTAGENT_BLOCKED_TASK_SECONDS"),
            new SettingValue("SMARTAGENT_LOG_LEVEL", "debug", "SMARTAGENT_LOG_LEVEL"),
            new SettingValue("SMARTAGENT_LOG_PODS", "", "default"));
  }

  @Test
  void takesABlankOneForNotSet() {
    environment.put("SMARTAGENT_BLOCKED_TASK_SECONDS", "7");
    entries.put("SMARTAGENT_BLOCKED_TASK_SECONDS", "\n");

    assertThat(value("SMARTAGENT_BLOCKED_TASK_SECONDS")).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void readsEverySettingOfModules() {
    entries.put("SMARTAGENT_CONTAINER_ROOTS", "docker=/data/docker");
    entries.put("SMARTAGENT_KUBERNETES_LABELS", "app,team*");
    entries.put("SMARTAGENT_KUBERNETES_ANNOTATIONS", "note");
    entries.put("SMARTAGENT_LOG_PODS", "app=web");
    entries.put("SMARTAGENT_LOG_NAMESPACES", "!test");
    entries.put("SMARTAGENT_LOG_UNKNOWN_PODS", "exclude");

    AgentSettings settings = settings();

    assertThat(settings.modules().get(SharedSettings.CONTAINER_ROOTS).of("docker"))
        .containsExactly("/data/docker");
    assertThat(value("SMARTAGENT_KUBERNETES_LABELS"))
        .extracting("keys")
        .isEqualTo(List.of("app", "team*"));
    assertThat(value("SMARTAGENT_KUBERNETES_ANNOTATIONS"))
        .extracting("keys")
        .isEqualTo(List.of("note"));
    LogFilter logs = LogFilter.of(settings.modules());
    assertThat(logs.pods().matches(Map.of("app", "web"))).isTrue();
    assertThat(logs.pods().matches(Map.of())).isFalse();
    assertThat(logs.namespaces().includes("test")).isFalse();
    assertThat(logs.unknownIncluded()).isFalse();
  }

  /** The messages are those of a start. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SMARTAGENT_BLOCKED_TASK_SECONDS | 0",
        "SMARTAGENT_BLOCKED_TASK_SECONDS | ten",
        "SMARTAGENT_BLOCKED_TASK_SECONDS | 86401",
        "SMARTAGENT_CONTAINER_ROOTS | rkt=/x",
        "SMARTAGENT_CONTAINER_ROOTS | docker=../x",
        "SMARTAGENT_KUBERNETES_LABELS | a b",
        "SMARTAGENT_KUBERNETES_ANNOTATIONS | a;b",
        "SMARTAGENT_LOG_PODS | app in web",
        "SMARTAGENT_LOG_NAMESPACES | A",
        "SMARTAGENT_LOG_UNKNOWN_PODS | maybe",
        "SMARTAGENT_LOG_LEVEL | loud",
        "SMARTAGENT_MODULES | host-event"
      })
  void refusesWhatAStartWouldRefuse(String name, String value) {
    entries.put(name, value);
    environment.put(name, value);

    List<Problem> atStart = SettingsParser.parse(Map.of(), environment, MODULES).problems();
    environment.clear();

    assertThat(atStart).hasSize(1);
    assertThat(parse().problems()).isEqualTo(atStart);
  }

  static List<Variable> variables() {
    return Variables.of(ModuleCatalog.modules()).all();
  }

  @ParameterizedTest
  @MethodSource("variables")
  void takesOnlyWhatConcernsModules(Variable option) {
    entries.put(option.variable(), "x y");
    boolean refused =
        parse().problems().stream().anyMatch(p -> p.text().contains("is read at start only"));

    assertThat(refused).isEqualTo(!option.isLive());
  }

  @Test
  void saysWhereToSetWhatIsReadAtStartOnly() {
    entries.put("SMARTAGENT_USER", "root");

    assertThat(problem())
        .isEqualTo("SMARTAGENT_USER is read at start only. Set it in the env of the agent's pod.");
  }

  @Test
  void suggestsWhatWasMeant() {
    entries.put("SMARTAGENT_BLOCKED_TASK_SECOND", "10");

    assertThat(problem())
        .isEqualTo(
            "\"SMARTAGENT_BLOCKED_TASK_SECOND\" is not the name of a setting. Did you mean"
                + " SMARTAGENT_BLOCKED_TASK_SECONDS?");
  }

  @Test
  void listsWhatThereIsWhereNothingIsClose() {
    entries.put("application.properties", "a=b");

    assertThat(problem())
        .startsWith("\"application.properties\" is not the name of a setting. Those that can")
        .contains("SMARTAGENT_MODULES", "SMARTAGENT_LOG_PODS")
        .doesNotContain("SMARTAGENT_USER");
  }

  @Test
  void reportsEveryProblemAtOnce() {
    entries.put("SMARTAGENT_BLOCKED_TASK_SECONDS", "soon");
    entries.put("SMARTAGENT_LOG_PODS", "a b");
    entries.put("SMARTAGENT_USER", "root");
    entries.put("x", "y");

    assertThat(parse().problems()).hasSize(4);
  }

  @Test
  void showsOnlyTheBeginningOfWhatIsLongAndNothingThatATerminalTakes() {
    entries.put("SMARTAGENT_LOG_PODS", "\u001b[31m" + "x ".repeat(1000));

    assertThat(problem()).hasSizeLessThan(500).doesNotContain("\u001b");
  }

  @Test
  void refusesNulAndWhatIsTooLong() {
    entries.put("SMARTAGENT_LOG_PODS", "app=\0");
    entries.put("SMARTAGENT_KUBERNETES_LABELS", "x".repeat(65_537));

    assertThat(parse().problems())
        .extracting(Problem::fault)
        .containsExactly(
            "SMARTAGENT_KUBERNETES_LABELS has 65537 characters.",
            "SMARTAGENT_LOG_PODS has a NUL in it.");
  }

  @Test
  void leavesModulesOutThatAreNotNamed() {
    entries.put("SMARTAGENT_MODULES", "log-discovery");

    assertThat(settings().excluded())
        .containsExactly(
            Map.entry("host-events", "excluded by SMARTAGENT_MODULES of map/SMARTAGENT_MODULES"));
  }

  @ParameterizedTest
  @CsvSource({"auto, ''", "none, 'host-events log-discovery'", "'auto,host-events', ''"})
  void knowsWhatIsMeantByAutoAndNone(String value, String excluded) {
    entries.put("SMARTAGENT_MODULES", value);

    assertThat(settings().excluded().keySet())
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(excluded.split(" ")).filter(id -> !id.isEmpty()).toList());
  }

  @Test
  void saysWhyAModuleCannotBeSwitchedOn() {
    entries.put("SMARTAGENT_MODULES", "host-events,kernel-stacks,log-discovery");

    assertThat(problem())
        .startsWith(
            "SMARTAGENT_MODULES names the module \"kernel-stacks\", which was disabled when the"
                + " agent was launched: it lacks CAP_SYSLOG.")
        .contains("set SMARTAGENT_MODULES in the env of the agent's pod");
  }

  @Test
  void keepsWhatTheStartRequires() {
    environment.put("SMARTAGENT_REQUIRE", "host-events");
    entries.put("SMARTAGENT_MODULES", "log-discovery");

    assertThat(problem())
        .startsWith(
            "SMARTAGENT_MODULES excludes the module \"host-events\", which SMARTAGENT_REQUIRE"
                + " names.");
  }
}
