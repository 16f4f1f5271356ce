package io.smartagent.module;

import java.util.Map;

/**
 * Which pods' logs are told. It is asked where all labels and annotations of a pod are known.
 *
 * @param pods by their labels
 * @param namespaces of the pods
 * @param unknownIncluded whether the logs of pods are told whose labels are not known
 */
public record LogFilter(
    LabelSelector pods, NamespaceSelection namespaces, boolean unknownIncluded) {

  /** The annotation by which a pod itself says whether its logs are told: it goes before all. */
  public static final String ANNOTATION = "smartagent.io/logs";

  /** Takes all that no pod forbids. */
  public static final LogFilter STANDARD =
      new LogFilter(LabelSelector.EVERYTHING, NamespaceSelection.ALL, true);

  /** Returns what a pod says itself; {@link LogChoice#UNKNOWN} where it says nothing. */
  public static LogChoice ownChoice(Map<String, String> annotations) {
    return switch (annotations.getOrDefault(ANNOTATION, "")) {
      case "true" -> LogChoice.INCLUDED;
      case "false" -> LogChoice.EXCLUDED;
      default -> LogChoice.UNKNOWN;
    };
  }

  /** Returns whether the logs of a pod are told. */
  public boolean includes(
      String namespace, Map<String, String> labels, Map<String, String> annotations) {
    return switch (ownChoice(annotations)) {
      case INCLUDED -> true;
      case EXCLUDED -> false;
      case UNKNOWN -> namespaces.includes(namespace) && pods.matches(labels);
    };
  }
}
