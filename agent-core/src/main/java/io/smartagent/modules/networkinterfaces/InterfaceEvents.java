package io.smartagent.modules.networkinterfaces;

import io.smartagent.module.ContainerIdentity;
import io.smartagent.module.Event;
import io.smartagent.modules.container.ContainerAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The events of {@link NetworkInterfacesTelemetry}. */
final class InterfaceEvents {

  private InterfaceEvents() {}

  /**
   * An interface that has been told.
   *
   * @param container what is known of the container that it belongs to; null where nothing is
   */
  record Told(
      NetworkNamespace namespace,
      NetworkInterface networkInterface,
      @Nullable ContainerIdentity container) {}

  static Event found(Instant time, Told told) {
    return event(NetworkInterfacesTelemetry.FOUND, time, told, List.of());
  }

  static Event removed(Instant time, Told told) {
    return event(NetworkInterfacesTelemetry.REMOVED, time, told, List.of());
  }

  static Event changed(Instant time, Told told, List<String> changed) {
    return event(NetworkInterfacesTelemetry.CHANGED, time, told, changed);
  }

  /** Returns the names of the attributes in which two differ. */
  static List<String> differences(NetworkInterface before, NetworkInterface now) {
    Map<String, @Nullable Object> old = attributes(before);
    List<String> changed = new ArrayList<>();
    attributes(now)
        .forEach((name, value) -> {
          if (!Objects.equals(value, old.get(name))) {
            changed.add(name);
          }
        });
    return changed;
  }

  private static Event event(String type, Instant time, Told told, List<String> changed) {
    Map<String, @Nullable Object> attributes = new LinkedHashMap<>();
    attributes.put("scope", told.namespace().host() ? "host" : "container");
    attributes.putAll(attributes(told.networkInterface()));
    if (!changed.isEmpty()) {
      attributes.put("changed", changed);
    }
    ContainerAttributes.put(attributes, told.namespace().owner(), told.container());
    return new Event(time, type, attributes);
  }

  private static Map<String, @Nullable Object> attributes(NetworkInterface each) {
    Map<String, @Nullable Object> attributes = new LinkedHashMap<>();
    attributes.put("interface", each.name());
    attributes.put("index", each.index());
    attributes.put("kind", each.kind());
    attributes.put("mac", each.mac());
    attributes.put("mtu", each.mtu());
    attributes.put("state", each.state() == null ? null : each.state().id());
    attributes.put("addresses", each.addresses());
    attributes.put("master", each.master());
    attributes.put("hostInterface", each.hostInterface());
    attributes.put("bridge", each.bridge());
    return attributes;
  }
}
