package io.smartagent.module;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A type of event: what it means, and what terminals and Kubernetes make of it. Two types of the
 * same name are the same type.
 *
 * @param name such as {@code OOMKilling}; also the reason of a Kubernetes Event
 * @param severity of all its events
 * @param meaning what has happened, and what its attributes mean where their names do not say it;
 *     for the documentation
 * @param title of its line on a terminal; empty if the words of the name are
 * @param shown the attributes of that line, in their order: {@code application}, {@code container},
 *     {@code lostEvents} and {@code writer} are made of several; empty for all that are text or
 *     numbers
 * @param inKubernetes whether it becomes an Event of Kubernetes: Normal if its severity is {@link
 *     Severity#NOTICE}, else Warning
 */
public record EventType(
    String name,
    Severity severity,
    String meaning,
    String title,
    List<String> shown,
    boolean inKubernetes) {

  /** Copies the names. */
  public EventType {
    shown = List.copyOf(shown);
  }

  /** Returns a type that is no Event of Kubernetes. */
  public static EventType info(String name, String meaning) {
    return new EventType(name, Severity.INFO, meaning, "", List.of(), false);
  }

  /** Returns a type that is a Normal Event of Kubernetes. */
  public static EventType notice(String name, String meaning) {
    return new EventType(name, Severity.NOTICE, meaning, "", List.of(), true);
  }

  /** Returns a type that is a Warning of Kubernetes. */
  public static EventType warning(String name, String meaning) {
    return new EventType(name, Severity.WARNING, meaning, "", List.of(), true);
  }

  /** Returns this type with another line on a terminal. */
  public EventType shownAs(String newTitle, String... attributes) {
    return new EventType(name, severity, meaning, newTitle, List.of(attributes), inKubernetes);
  }

  /** Returns this type without Events of Kubernetes. */
  public EventType notInKubernetes() {
    return new EventType(name, severity, meaning, title, shown, false);
  }

  /** Returns the name. */
  @Override
  public String toString() {
    return name;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof EventType type && type.name.equals(name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }
}
