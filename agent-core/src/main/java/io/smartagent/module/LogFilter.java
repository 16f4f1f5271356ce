package io.smartagent.module;

import java.util.Map;

/**
 * Which pods' logs are reported. It is asked where all labels and annotations of a pod are known.
 *
 * @param pods by their labels
 * @param namespaces of the pods
 * @param unknownIncluded whether the logs of pods are reported whose labels are not known
 */
public record LogFilter(
    LabelSelector pods, NamespaceSelection namespaces, boolean unknownIncluded) {

  /**
   * The annotation by which a pod itself says whether its logs are reported: it takes precedence.
   */
  public static final String ANNOTATION = "smartagent.io/logs";

  /** Value of {@link SharedSettings#LOG_UNKNOWN_PODS}: logs of unknown pods are reported. */
  static final String INCLUDE = "include";

  /** Value of {@link SharedSettings#LOG_UNKNOWN_PODS}: logs of unknown pods are not reported. */
  static final String EXCLUDE = "exclude";

  /** Takes all that no pod forbids. */
  public static final LogFilter STANDARD =
      new LogFilter(LabelSelector.EVERYTHING, NamespaceSelection.ALL, true);

  /** Returns the filter that is set. */
  public static LogFilter of(ModuleSettings settings) {
    return new LogFilter(
        settings.get(SharedSettings.LOG_PODS),
        settings.get(SharedSettings.LOG_NAMESPACES),
        settings.get(SharedSettings.LOG_UNKNOWN_PODS).equals(INCLUDE));
  }

  /** Returns what a pod says itself; {@link LogChoice#UNKNOWN} where it says nothing. */
  public static LogChoice ownChoice(Map<String, String> annotations) {
    return switch (annotations.getOrDefault(ANNOTATION, "")) {
      case "true" -> LogChoice.INCLUDED;
      case "false" -> LogChoice.EXCLUDED;
      default -> LogChoice.UNKNOWN;
    };
  }

  /** Returns whether the logs of a pod are reported. */
  public boolean includes(
      String namespace, Map<String, String> labels, Map<String, String> annotations) {
    return switch (ownChoice(annotations)) {
      case INCLUDED -> true;
      case EXCLUDED -> false;
      case UNKNOWN -> namespaces.includes(namespace) && pods.matches(labels);
    };
  }
}
