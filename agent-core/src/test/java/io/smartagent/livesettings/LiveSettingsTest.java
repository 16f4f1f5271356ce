package io.smartagent.livesettings;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.config.Problem;
import io.smartagent.config.SettingValue;
import io.smartagent.config.SettingsParser;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.livesettings.LiveSettings.Listener;
import io.smartagent.module.Event;
import io.smartagent.module.ModuleChange;
import io.smartagent.module.ModulePlan;
import io.smartagent.module.ModuleState;
import io.smartagent.module.SharedSettings;
import io.smartagent.module.TestDescriptor;
import io.smartagent.telemetry.ConfigurationReport.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LiveSettingsTest {

  private static final String BLOCKED = "SMARTAGENT_BLOCKED_TASK_SECONDS";

  private static final io.smartagent.module.Setting<Duration> BLOCKED_TASK =
      io.smartagent.module.Setting.seconds(
          "BLOCKED_TASK_SECONDS", 1, 86_400, 30, "how long a task is blocked");

  private static final List<TestDescriptor> MODULES =
      List.of(
          TestDescriptor.of("host-events"),
          TestDescriptor.of("kernel-stacks").having(List.of(BLOCKED_TASK)),
          TestDescriptor.of("log-discovery")
              .having(List.of(SharedSettings.CONTAINER_ROOTS, SharedSettings.LOG_PODS))
              .following(SharedSettings.LOG_PODS),
          TestDescriptor.of("not-launched").having(List.of(BLOCKED_TASK)));

  private final List<Event> events = new ArrayList<>();
  private final List<ModuleChange> changes = new ArrayList<>();
  private final List<String> levels = new ArrayList<>();
  private final LiveSettings settings =
      new LiveSettings(
          SettingsParser.parse(Map.of(), Map.of(BLOCKED, "7"), MODULES).settings().values(),
          MODULES.stream().map(module -> plan(module.id())).toList(),
          MODULES,
          "ConfigMap a/b",
          name -> "ConfigMap a/b",
          (module, event) -> events.add(event));

  private static ModulePlan plan(String id) {
    return new ModulePlan(
        id,
        id.startsWith("not") ? ModuleState.DISABLED : ModuleState.ENABLED,
        "it",
        CapabilitySet.NONE,
        null,
        null,
        null,
        null);
  }

  @BeforeEach
  void listen() {
    settings.listen(new Listener(changes::add, levels::add));
    changes.clear();
    levels.clear();
  }

  private void offer(String version, String... entries) {
    Map<String, String> map = new TreeMap<>();
    for (int i = 0; i < entries.length; i += 2) {
      map.put(entries[i], entries[i + 1]);
    }
    settings.offer(new SettingsDocument(version, map, List.of()));
  }

  private SettingValue blocked() {
    return settings.report().settings().stream()
        .filter(setting -> setting.name().equals(BLOCKED))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void holdsWhatTheLaunchWasGivenWhereThereIsNothingElse() {
    assertThat(settings.modules().get(BLOCKED_TASK)).isEqualTo(Duration.ofSeconds(7));
    assertThat(settings.report().state()).isEqualTo(State.NONE);
    assertThat(settings.report().appliedAt()).isNull();
    assertThat(events).isEmpty();
  }

  @Test
  void appliesAConfigurationAndNotifiesTheModulesThatItConcerns() {
    offer("1", BLOCKED, "10");

    assertThat(settings.modules().get(BLOCKED_TASK)).isEqualTo(Duration.ofSeconds(10));
    assertThat(changes).hasSize(1);
    assertThat(changes.getFirst().affected()).containsExactly("kernel-stacks");
    assertThat(changes.getFirst().leftOut()).isEmpty();
    assertThat(changes.getFirst().settings()).isEqualTo(settings.modules());
    assertThat(settings.report().state()).isEqualTo(State.APPLIED);
    assertThat(settings.report().appliedVersion()).isEqualTo("1");
    assertThat(settings.report().appliedAt()).isNotNull();
    assertThat(blocked()).isEqualTo(new SettingValue(BLOCKED, "10", "ConfigMap a/b"));
    assertThat(events).hasSize(1);
    assertThat(events.getFirst().type().name()).isEqualTo("ConfigurationApplied");
    assertThat(events.getFirst().attributes())
        .containsEntry("source", "ConfigMap a/b")
        .containsEntry("version", "1")
        .containsEntry("changed", List.of(BLOCKED))
        .containsEntry("modules", List.of("kernel-stacks"));
  }

  @Test
  void refusesAnInvalidOneAsAWholeAndKeepsTheOldOne() {
    offer("1", BLOCKED, "10");
    changes.clear();
    offer("2", BLOCKED, "soon", "SMARTAGENT_LOG_PODS", "app=web");

    assertThat(changes).isEmpty();
    assertThat(settings.modules().get(BLOCKED_TASK)).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.modules().get(SharedSettings.LOG_PODS).isEverything()).isTrue();
    assertThat(blocked().value()).isEqualTo("10");
    assertThat(settings.report().state()).isEqualTo(State.REFUSED);
    assertThat(settings.report().version()).isEqualTo("2");
    assertThat(settings.report().appliedVersion()).isEqualTo("1");
    assertThat(settings.report().isValid()).isFalse();
    assertThat(settings.report().problems())
        .containsExactly(
            BLOCKED + " is \"soon\". It must be a whole number of seconds from 1 to 86400.");
    assertThat(events.getLast().type().name()).isEqualTo("ConfigurationRefused");
    assertThat(events.getLast().attributes())
        .containsEntry("problems", settings.report().problems())
        .containsEntry("problemCount", 1);
  }

  @Test
  void refusesOneThatCouldNotBeReadWhole() {
    settings.offer(
        new SettingsDocument(
            "1",
            Map.of(BLOCKED, "10"),
            List.of(Problem.configuration("\"x\" is no file.", "It must be one."))));

    assertThat(settings.report().state()).isEqualTo(State.REFUSED);
    assertThat(blocked().value()).isEqualTo("7");
  }

  @Test
  void appliesTheCorrectedOne() {
    offer("1", BLOCKED, "soon");
    offer("2", BLOCKED, "20");

    assertThat(settings.report().state()).isEqualTo(State.APPLIED);
    assertThat(settings.report().problems()).isEmpty();
    assertThat(blocked().value()).isEqualTo("20");
    assertThat(settings.report().applied()).isEqualTo(1);
    assertThat(settings.report().refused()).isEqualTo(1);
  }

  @Test
  void reportsEachVersionOnce() {
    offer("1", BLOCKED, "soon");
    offer("1", BLOCKED, "soon");
    offer("2", BLOCKED, "9");
    offer("2", BLOCKED, "9");

    assertThat(events).hasSize(2);
    assertThat(settings.report().refused()).isEqualTo(1);
    assertThat(settings.report().applied()).isEqualTo(1);
  }

  @Test
  void returnsToTheLaunchsValueWhereAKeyIsDeleted() {
    offer("1", BLOCKED, "10", "SMARTAGENT_LOG_LEVEL", "debug");
    offer("2", "SMARTAGENT_LOG_LEVEL", "debug");

    assertThat(blocked()).isEqualTo(new SettingValue(BLOCKED, "7", BLOCKED));
    assertThat(levels).containsExactly("debug", "debug");
    assertThat(changes.getLast().affected()).containsExactly("kernel-stacks");
  }

  @Test
  void returnsToTheLaunchsValuesWhereTheSourceIsGone() {
    offer("1", BLOCKED, "10", "SMARTAGENT_LOG_LEVEL", "debug", "SMARTAGENT_MODULES", "none");
    settings.withdraw();

    assertThat(blocked().value()).isEqualTo("7");
    assertThat(levels.getLast()).isEqualTo("info");
    assertThat(changes.getLast().leftOut()).isEmpty();
    assertThat(settings.report().state()).isEqualTo(State.NONE);
    assertThat(settings.report().appliedVersion()).isNull();
    assertThat(events.getLast().attributes()).containsEntry("version", null);
    assertThat(events.getLast().attributes())
        .containsEntry("modules", List.of("host-events", "kernel-stacks", "log-discovery"));
  }

  @Test
  void forgetsARefusedOneThatIsGone() {
    offer("1", BLOCKED, "soon");
    settings.withdraw();

    assertThat(settings.report().state()).isEqualTo(State.NONE);
    assertThat(settings.report().problems()).isEmpty();
    assertThat(events).hasSize(1);
  }

  @Test
  void keepsWhatHoldsWhileTheSourceCannotBeReadAndRecoversByItself() {
    offer("1", BLOCKED, "10");
    settings.onWatchFailed("The server is down.");

    assertThat(settings.report().state()).isEqualTo(State.UNAVAILABLE);
    assertThat(settings.report().problems()).containsExactly("The server is down.");
    assertThat(settings.report().isValid()).isFalse();
    assertThat(blocked().value()).isEqualTo("10");

    offer("1", BLOCKED, "10");

    assertThat(settings.report().state()).isEqualTo(State.APPLIED);
    assertThat(settings.report().problems()).isEmpty();
    assertThat(events).hasSize(1);
  }

  @Test
  void letsAModuleGoOnThatFollowsWhatHasChanged() {
    offer("1", "SMARTAGENT_LOG_PODS", "app=web");

    assertThat(changes.getLast().affected()).isEmpty();
    assertThat(changes.getLast().following()).containsExactly("log-discovery");
    assertThat(events.getLast().attributes()).containsEntry("modules", List.of("log-discovery"));
  }

  @Test
  void leavesAloneWhatIsTheSame() {
    offer("1", BLOCKED, "7");

    assertThat(changes.getLast().affected()).isEmpty();
    assertThat(events.getLast().attributes()).containsEntry("changed", List.of());
  }

  @Test
  void switchesModulesOffAndOn() {
    offer("1", "SMARTAGENT_MODULES", "kernel-stacks,log-discovery");

    assertThat(changes.getLast().leftOut())
        .containsExactly(
            Map.entry("host-events", "excluded by SMARTAGENT_MODULES of ConfigMap a/b"));
    assertThat(events.getLast().attributes()).containsEntry("modules", List.of("host-events"));

    offer("2", "SMARTAGENT_MODULES", "auto");

    assertThat(changes.getLast().leftOut()).isEmpty();
    assertThat(events.getLast().attributes()).containsEntry("modules", List.of("host-events"));
  }

  @Test
  void reportsTheCurrentSettingsToLateListeners() {
    offer("1", "SMARTAGENT_LOG_LEVEL", "debug");
    List<String> later = new ArrayList<>();
    settings.listen(new Listener(changes::add, later::add));

    assertThat(later).containsExactly("debug");
  }
}
