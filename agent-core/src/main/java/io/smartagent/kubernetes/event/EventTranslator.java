package io.smartagent.kubernetes.event;

import io.smartagent.kubernetes.node.NodeName;
import io.smartagent.module.Event;
import io.smartagent.module.EventOwner;
import io.smartagent.module.EventType;
import io.smartagent.module.Severity;
import org.jspecify.annotations.Nullable;

/**
 * Makes Events of Kubernetes of those of the agent's events whose type is one. What had happened
 * before the agent looked first is none, for it would be reported again after each start.
 */
final class EventTranslator {

  private static final int MAX_SUBJECT = 256;

  private final String node;

  /**
   * @param node the Node's name; empty where it is not known
   */
  EventTranslator(String node) {
    this.node = node;
  }

  /** Returns what to report; null if that is nothing. */
  @Nullable Occurrence translate(Event event) {
    EventType type = event.type();
    Regarding regarding =
        type.inKubernetes() && !event.historical() ? regarding(event.owner()) : null;
    String subject = event.subject();
    return regarding == null
        ? null
        : new Occurrence(
            regarding,
            type.name(),
            type.severity() == Severity.WARNING,
            EventNote.of(event),
            subject.substring(0, Math.min(MAX_SUBJECT, subject.length())),
            event.time(),
            event.count());
  }

  /** Names are parts of addresses, and come from what a runtime keeps of its containers. */
  private @Nullable Regarding regarding(EventOwner owner) {
    String uid = owner.podUid();
    String name = owner.podName();
    String namespace = owner.podNamespace();
    if (uid != null
        && !uid.isEmpty()
        && name != null
        && NodeName.isValid(name)
        && namespace != null
        && NodeName.isValid(namespace)) {
      return Regarding.pod(namespace, name, uid, owner.containerName());
    }
    return node.isEmpty() ? null : Regarding.node(node);
  }
}
