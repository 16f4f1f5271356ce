package io.smartagent.config;

import io.smartagent.module.KeySelection;
import io.smartagent.module.KubernetesSettings;
import io.smartagent.module.LabelSelector;
import io.smartagent.module.LogFilter;
import io.smartagent.module.ModuleSettings;
import io.smartagent.module.NamespaceSelection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Makes {@link ModuleSettings} of texts, and finds all that is wrong with them: the same at the
 * start and while the agent runs.
 */
public final class ModuleSettingsParser {

  private static final String INCLUDE = "include";
  private static final String EXCLUDE = "exclude";

  private final Function<Option, String> values;
  private final BiConsumer<Option, String> refuse;

  /**
   * @param values of the settings, the default where one is not set
   * @param refuse told each option that is wrong, and what is accepted
   */
  public ModuleSettingsParser(Function<Option, String> values, BiConsumer<Option, String> refuse) {
    this.values = values;
    this.refuse = refuse;
  }

  /** Returns the settings, with the default wherever a value is wrong. */
  public ModuleSettings parse() {
    checkLogLevel();
    return new ModuleSettings(
        containerRoots(),
        blockedAfter(),
        new KubernetesSettings(keys(Option.KUBERNETES_LABELS), keys(Option.KUBERNETES_ANNOTATIONS)),
        new LogFilter(logPods(), logNamespaces(), unknownPodsIncluded()));
  }

  private void checkLogLevel() {
    if (!List.of("info", "debug").contains(value(Option.LOG_LEVEL))) {
      refuse.accept(Option.LOG_LEVEL, "\"info\" or \"debug\"");
    }
  }

  private Map<String, List<String>> containerRoots() {
    Optional<Map<String, List<String>>> roots =
        ModuleSettings.parseRoots(value(Option.CONTAINER_ROOTS));
    if (roots.isEmpty()) {
      refuse.accept(
          Option.CONTAINER_ROOTS,
          "RUNTIME=PATH, separated by commas, where RUNTIME is "
              + String.join(", ", ModuleSettings.RUNTIMES)
              + " and PATH an absolute path of the host below \"/\", without \"..\"");
    }
    return roots.orElse(Map.of());
  }

  private Duration blockedAfter() {
    long seconds =
        Numbers.parse(value(Option.BLOCKED_TASK_SECONDS), ModuleSettings.LONGEST_BLOCKED)
            .orElse(0L);
    if (seconds < 1) {
      refuse.accept(
          Option.BLOCKED_TASK_SECONDS,
          "a whole number of seconds from 1 to " + ModuleSettings.LONGEST_BLOCKED);
      return ModuleSettings.STANDARD.blockedAfter();
    }
    return Duration.ofSeconds(seconds);
  }

  private KeySelection keys(Option option) {
    Optional<KeySelection> keys = KeySelection.parse(value(option));
    if (keys.isEmpty()) {
      refuse.accept(
          option,
          "keys of labels or annotations such as \"app.kubernetes.io/name\", separated by commas;"
              + " each may end with \"*\"");
    }
    return keys.orElse(KeySelection.NONE);
  }

  private LabelSelector logPods() {
    Optional<LabelSelector> selector = LabelSelector.parse(value(Option.LOG_PODS));
    if (selector.isEmpty()) {
      refuse.accept(
          Option.LOG_PODS,
          "a label selector as kubectl takes it, such as \"app=web,tier!=cache,env in"
              + " (a,b),!debug\"");
    }
    return selector.orElse(LabelSelector.EVERYTHING);
  }

  private NamespaceSelection logNamespaces() {
    Optional<NamespaceSelection> namespaces =
        NamespaceSelection.parse(value(Option.LOG_NAMESPACES));
    if (namespaces.isEmpty()) {
      refuse.accept(
          Option.LOG_NAMESPACES,
          "names of namespaces, separated by commas; each may end with \"*\", and start with \"!\" to"
              + " be left out");
    }
    return namespaces.orElse(NamespaceSelection.ALL);
  }

  private boolean unknownPodsIncluded() {
    String value = value(Option.LOG_UNKNOWN_PODS);
    if (!value.equals(INCLUDE) && !value.equals(EXCLUDE)) {
      refuse.accept(Option.LOG_UNKNOWN_PODS, "\"include\" or \"exclude\"");
    }
    return !value.equals(EXCLUDE);
  }

  private String value(Option option) {
    return values.apply(option);
  }
}
