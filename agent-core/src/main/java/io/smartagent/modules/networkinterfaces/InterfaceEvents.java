package io.smartagent.modules.networkinterfaces;

import io.smartagent.module.ContainerIdentity;
import io.smartagent.module.Event;
import io.smartagent.module.EventType;
import io.smartagent.modules.container.ContainerAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The events of {@code network-interfaces}. */
final class InterfaceEvents {

  private static final String ATTRIBUTES =
      " The addresses have the length of their prefix after a slash, where it is known."
          + " hostInterface is the interface of the host that is the other end, or that it is"
          + " stacked on, and bridge the host's bridge which that one belongs to; master is the"
          + " bridge or bond of its own namespace that it belongs to. state is the operational"
          + " state as RFC 2863 and ip(8) have it. What the source does not report is null, index"
          + " is 0 then.";

  private static final String[] SHOWN = {"interface", "addresses", "state", "changed"};

  static final EventType FOUND =
      EventType.info(
              "NetworkInterfaceFound",
              "A network interface of the host or of a container was seen for the first time: at"
                  + " the start, all that there are."
                  + ATTRIBUTES)
          .shownAs("Interface found", SHOWN);

  static final EventType CHANGED =
      EventType.info(
              "NetworkInterfaceChanged",
              "An interface has another address, MAC address, MTU, state, index, kind, master or"
                  + " other end than before; changed says which of the attributes."
                  + ATTRIBUTES)
          .shownAs("Interface changed", SHOWN);

  static final EventType REMOVED =
      EventType.info(
              "NetworkInterfaceRemoved",
              "An interface is gone, or its container is; the attributes are the last that were"
                  + " seen."
                  + ATTRIBUTES)
          .shownAs("Interface removed", SHOWN);

  private InterfaceEvents() {}

  /**
   * An interface that has been reported.
   *
   * @param container what is known of the container that it belongs to; null where nothing is
   */
  record Reported(
      NetworkNamespace namespace,
      NetworkInterface networkInterface,
      @Nullable ContainerIdentity container) {}

  static Event found(Instant time, Reported reported) {
    return event(FOUND, time, reported, List.of());
  }

  static Event removed(Instant time, Reported reported) {
    return event(REMOVED, time, reported, List.of());
  }

  static Event changed(Instant time, Reported reported, List<String> changed) {
    return event(CHANGED, time, reported, changed);
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

  private static Event event(
      EventType type, Instant time, Reported reported, List<String> changed) {
    Event.Builder event =
        Event.of(type, time)
            .put("scope", reported.namespace().host() ? "host" : "container")
            .putAll(attributes(reported.networkInterface()));
    if (!changed.isEmpty()) {
      event.put("changed", changed);
    }
    return event
        .owner(ContainerAttributes.of(reported.namespace().owner(), reported.container()))
        .build();
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
