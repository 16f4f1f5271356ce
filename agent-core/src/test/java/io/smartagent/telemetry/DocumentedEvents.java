package io.smartagent.telemetry;

import io.smartagent.agent.DriftTelemetry;
import io.smartagent.livesettings.ConfigurationTelemetry;
import io.smartagent.module.Event;
import io.smartagent.module.EventOwner;
import io.smartagent.module.EventType;
import io.smartagent.module.ResultEvents;
import io.smartagent.modules.ModuleCatalog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The examples of the documentation, and events of their types. */
public final class DocumentedEvents {

  private DocumentedEvents() {}

  /** Returns the examples of all modules and of the agent itself. */
  public static List<Event> all() {
    List<Event> all = new ArrayList<>();
    ModuleCatalog.modules().forEach(module -> all.addAll(module.telemetry().examples()));
    all.addAll(agents());
    return all;
  }

  /** Returns the examples of the agent's own events. */
  public static List<Event> agents() {
    List<Event> all = new ArrayList<>(EventStream.examples());
    all.addAll(ResultEvents.examples());
    all.addAll(DriftTelemetry.examples());
    all.addAll(ConfigurationTelemetry.examples());
    return all;
  }

  /** Returns the line of an event in the agent's output, without its newline. */
  public static String line(String module, Event event) {
    try {
      return new String(new EventJson().accept(module, event), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns a type that is documented, or a new one. */
  public static EventType type(String name) {
    return all().stream()
        .map(Event::type)
        .filter(type -> type.name().equals(name))
        .findFirst()
        .orElseGet(() -> EventType.info(name, "Something has happened."));
  }

  /** Returns an event with these attributes, of which the common ones are fields too. */
  @SuppressWarnings("NullAway") // It does not see that the compiled methods take null values.
  public static Event of(String type, Instant time, Map<String, ?> attributes) {
    Map<String, @Nullable Object> others = new LinkedHashMap<>(attributes);
    Event.Builder event =
        Event.of(type(type), time)
            .owner(
                new EventOwner(
                    text(others, "containerId"),
                    text(others, "containerName"),
                    text(others, "containerRuntime"),
                    text(others, "image"),
                    text(others, "podUid"),
                    text(others, "podName"),
                    text(others, "podNamespace")));
    if (others.remove("historical") instanceof Boolean historical) {
      event.historical(historical);
    }
    if (others.remove("count") instanceof Number count) {
      event.count(count.longValue());
    }
    return event.putAll(others).build();
  }

  private static @Nullable String text(Map<String, @Nullable Object> attributes, String name) {
    return (String) attributes.remove(name);
  }
}
