package io.smartagent.kubernetes.event;

import io.smartagent.kubernetes.node.NodeName;
import io.smartagent.livesettings.ConfigurationTelemetry;
import io.smartagent.module.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which of the agent's events become Events of Kubernetes, and as what. Those of {@code
 * host-events} do, and the agent's own; what had happened before the agent looked first does not,
 * for it would be reported again after each start.
 */
final class EventTranslator {

  private static final Set<String> MODULES = Set.of("host-events", "agent");

  /** What is good news, or no more than news. */
  private static final Set<String> NORMAL =
      Set.of("WritableMountGone", "CperHardwareErrorCorrected");

  /** What every node of a cluster says at the same moment, and needs no attention. */
  private static final Set<String> NOT_REPORTED = Set.of(ConfigurationTelemetry.APPLIED);

  /** What distinguishes things of the same type on the same pod or node. */
  private static final List<String> SUBJECTS =
      List.of("device", "subject", "mountPoint", "process", "memoryCgroup", "file", "version");

  private static final int MAX_SUBJECT = 256;

  private final String node;

  /**
   * @param node the Node's name; empty where it is not known
   */
  EventTranslator(String node) {
    this.node = node;
  }

  /** Returns what to report; null if that is nothing. */
  @Nullable Occurrence translate(String module, Event event) {
    Map<String, @Nullable Object> attributes = event.attributes();
    if (!MODULES.contains(module)
        || NOT_REPORTED.contains(event.type())
        || Boolean.TRUE.equals(attributes.get("historical"))) {
      return null;
    }
    Regarding regarding = regarding(attributes);
    if (regarding == null) {
      return null;
    }
    return new Occurrence(
        regarding,
        event.type(),
        !NORMAL.contains(event.type()),
        EventNote.of(event),
        subject(attributes),
        event.time(),
        count(attributes));
  }

  /** Names are parts of addresses, and come from what a runtime keeps of its containers. */
  private @Nullable Regarding regarding(Map<String, @Nullable Object> attributes) {
    String uid = text(attributes, "podUid");
    String name = text(attributes, "podName");
    String namespace = text(attributes, "podNamespace");
    if (uid != null
        && name != null
        && NodeName.isValid(name)
        && namespace != null
        && NodeName.isValid(namespace)) {
      return Regarding.pod(namespace, name, uid, text(attributes, "containerName"));
    }
    return node.isEmpty() ? null : Regarding.node(node);
  }

  private static String subject(Map<String, @Nullable Object> attributes) {
    List<String> parts = new ArrayList<>();
    for (String name : SUBJECTS) {
      String text = text(attributes, name);
      if (text != null) {
        parts.add(name + "=" + text);
      }
    }
    String subject = String.join(" ", parts);
    return subject.substring(0, Math.min(MAX_SUBJECT, subject.length()));
  }

  private static long count(Map<String, @Nullable Object> attributes) {
    return attributes.get("count") instanceof Number number ? Math.max(1, number.longValue()) : 1;
  }

  private static @Nullable String text(Map<String, @Nullable Object> attributes, String name) {
    return attributes.get(name) instanceof String text && !text.isEmpty() ? text : null;
  }
}
