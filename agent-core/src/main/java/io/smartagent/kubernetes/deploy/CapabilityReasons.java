package io.smartagent.kubernetes.deploy;

import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Capabilities, each with who needs it. */
final class CapabilityReasons {

  private final Map<Capability, List<String>> reasons = new EnumMap<>(Capability.class);

  void add(CapabilitySet capabilities, String reason) {
    for (Capability capability : Capability.values()) {
      if (capabilities.contains(capability)) {
        reasons.computeIfAbsent(capability, each -> new ArrayList<>()).add(reason);
      }
    }
  }

  /** Returns them in the kernel's order. */
  Map<Capability, List<String>> all() {
    return Collections.unmodifiableMap(reasons);
  }
}
