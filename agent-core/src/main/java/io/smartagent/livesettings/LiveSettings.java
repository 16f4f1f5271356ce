package io.smartagent.livesettings;

import io.smartagent.config.AgentSettings;
import io.smartagent.config.ConfigurationParser;
import io.smartagent.config.ConfigurationParser.Result;
import io.smartagent.config.Problem;
import io.smartagent.config.SettingValue;
import io.smartagent.config.Variables;
import io.smartagent.module.EventSink;
import io.smartagent.module.ModuleChange;
import io.smartagent.module.ModuleDescriptor;
import io.smartagent.module.ModulePlan;
import io.smartagent.module.ModuleSettings;
import io.smartagent.module.ModuleState;
import io.smartagent.module.Variable;
import io.smartagent.telemetry.ConfigurationReport;
import io.smartagent.telemetry.ConfigurationReport.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The settings that hold now. A configuration is taken as a whole or not at all: parsed, checked,
 * then swapped; one that is refused leaves everything as it was. What it does not set is what the
 * launch was given.
 */
public final class LiveSettings {

  private final ConfigurationParser parser;
  private final List<ModuleDescriptor> launched;
  private final Variables variables;
  private final ConfigurationTelemetry telemetry;
  private final String source;
  private final UnaryOperator<String> origin;

  private AgentSettings current;
  private Listener listener = new Listener(change -> {}, level -> {});
  private @Nullable SettingsDocument seen;
  private List<Problem> problems = List.of();
  private @Nullable String appliedVersion;
  private @Nullable Instant appliedAt;
  private @Nullable String watchFailure;
  private long applied;
  private long refused;

  /**
   * Who has to know of changes.
   *
   * @param modules receives what modules are to do
   * @param logLevel receives the level of the log
   */
  public record Listener(Consumer<ModuleChange> modules, Consumer<String> logLevel) {}

  /**
   * @param atStart all settings of the launch
   * @param plans of all modules
   * @param modules say what settings they use
   * @param source of a configuration, for people
   * @param origin says of a setting's name where in the source its value is from
   * @param events where changes are reported
   */
  public LiveSettings(
      List<SettingValue> atStart,
      List<ModulePlan> plans,
      List<? extends ModuleDescriptor> modules,
      String source,
      UnaryOperator<String> origin,
      EventSink events) {
    this.parser = new ConfigurationParser(atStart, plans, modules);
    this.variables = Variables.of(modules);
    this.launched =
        modules.stream()
            .filter(module -> isLaunched(module.id(), plans))
            .<ModuleDescriptor>map(module -> module)
            .toList();
    this.source = source;
    this.origin = origin;
    this.telemetry = new ConfigurationTelemetry(events, source);
    this.current = parser.parse();
  }

  private static boolean isLaunched(String id, List<ModulePlan> plans) {
    return plans.stream()
        .anyMatch(plan -> plan.id().equals(id) && plan.state() != ModuleState.DISABLED);
  }

  /** Reports changes to {@code those} from now on, and at once the settings that hold now. */
  public synchronized void listen(Listener those) {
    listener = those;
    those.logLevel().accept(current.logLevel());
    those
        .modules()
        .accept(new ModuleChange(current.modules(), Set.of(), Set.of(), current.excluded()));
  }

  /** Returns what is set for modules now. */
  public synchronized ModuleSettings modules() {
    return current.modules();
  }

  /** Accepts the current content of a source, which may be unchanged. */
  public synchronized void offer(SettingsDocument document) {
    recover();
    if (document.equals(seen)) {
      return;
    }
    seen = document;
    Result result = parser.parse(document.entries(), origin);
    List<Problem> all = new ArrayList<>(document.problems());
    all.addAll(result.problems());
    problems = all;
    if (all.isEmpty()) {
      apply(document.version(), result.settings());
    } else {
      refused++;
      telemetry.refused(document.version(), all);
    }
  }

  /** Reports that a source is empty: the settings of the launch apply again. */
  public synchronized void withdraw() {
    recover();
    if (seen == null) {
      return;
    }
    boolean held = appliedVersion != null;
    seen = null;
    problems = List.of();
    if (held) {
      apply(null, parser.parse());
    }
  }

  /** Reports that a source cannot be read; the settings stay. */
  public synchronized void onWatchFailed(String fault) {
    if (!fault.equals(watchFailure)) {
      watchFailure = fault;
      telemetry.lost(fault);
    }
  }

  private void recover() {
    if (watchFailure != null) {
      watchFailure = null;
      telemetry.found();
    }
  }

  private void apply(@Nullable String version, AgentSettings next) {
    AgentSettings before = current;
    current = next;
    applied++;
    appliedVersion = version;
    appliedAt = Instant.now();
    var changed = next.modules().changed(before.modules(), variables.ofModules());
    Set<String> following = having(ModuleDescriptor::followedSettings, changed);
    Set<String> affected = having(LiveSettings::restartingSettings, changed);
    Set<String> concerned = new TreeSet<>(affected);
    concerned.addAll(following);
    concerned.removeAll(next.excluded().keySet());
    concerned.addAll(switched(before, next));
    listener.logLevel().accept(next.logLevel());
    listener
        .modules()
        .accept(new ModuleChange(next.modules(), affected, following, next.excluded()));
    telemetry.applied(version, changed(before, next), concerned);
  }

  /** Modules that are launched and have one of these settings. */
  private Set<String> having(
      Function<ModuleDescriptor, List<io.smartagent.module.Setting<?>>> theirs,
      List<io.smartagent.module.Setting<?>> settings) {
    Set<String> ids = new TreeSet<>();
    for (ModuleDescriptor module : launched) {
      if (theirs.apply(module).stream().anyMatch(settings::contains)) {
        ids.add(module.id());
      }
    }
    return ids;
  }

  private static List<io.smartagent.module.Setting<?>> restartingSettings(ModuleDescriptor module) {
    List<io.smartagent.module.Setting<?>> settings = new ArrayList<>(module.settings());
    settings.removeAll(module.followedSettings());
    return settings;
  }

  private static Set<String> switched(AgentSettings before, AgentSettings next) {
    Set<String> switched = new TreeSet<>(before.excluded().keySet());
    switched.addAll(next.excluded().keySet());
    switched.removeIf(id -> before.excluded().containsKey(id) && next.excluded().containsKey(id));
    return switched;
  }

  private List<String> changed(AgentSettings before, AgentSettings next) {
    List<String> changed = new ArrayList<>();
    for (Variable variable : variables.all()) {
      String value = SettingValue.valueIn(next.values(), variable);
      if (!value.equals(SettingValue.valueIn(before.values(), variable))) {
        changed.add(variable.variable());
      }
    }
    return changed;
  }

  /** Returns what has become of what was seen last, and what holds. */
  public synchronized ConfigurationReport report() {
    List<String> shown = new ArrayList<>();
    if (watchFailure != null) {
      shown.add(watchFailure);
    }
    shown.addAll(ConfigurationTelemetry.shown(problems));
    return new ConfigurationReport(
        source,
        state(),
        seen == null ? null : seen.version(),
        appliedVersion,
        appliedAt,
        shown,
        applied,
        refused,
        current.values());
  }

  private State state() {
    if (watchFailure != null) {
      return State.UNAVAILABLE;
    }
    if (seen == null) {
      return State.NONE;
    }
    return problems.isEmpty() ? State.APPLIED : State.REFUSED;
  }
}
