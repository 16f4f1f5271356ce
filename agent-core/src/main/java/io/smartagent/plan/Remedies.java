package io.smartagent.plan;

import io.smartagent.confinement.SecurityContext;
import io.smartagent.confinement.SecurityContext.Profile;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.probe.AbilityFact;
import io.smartagent.probe.Blocker;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** The smallest changes of a container spec, as YAML fragments that can be pasted. */
public final class Remedies {

  private Remedies() {}

  /** Returns the fragment that adds capabilities. */
  public static String addCapabilities(CapabilitySet capabilities) {
    return SecurityContext.adding(capabilities).yaml();
  }

  /** Returns the fragment that sets a variable. */
  public static String setVariable(String name, String value) {
    return "env:\n- name: " + name + "\n  value: \"" + value + "\"";
  }

  /**
   * Returns the fragments that mount the token of the pod's ServiceAccount where the agent sees it
   * without that anything is mounted by the launch.
   *
   * @param directory on the host
   */
  public static String mountServiceAccount(String directory) {
    return "volumeMounts:\n- name: service-account\n  mountPath: /mnt/root"
        + directory
        + "\n"
        + "  readOnly: true\n"
        + "volumes:\n"
        + "- name: service-account\n"
        + "  projected:\n"
        + "    sources:\n"
        + "    - serviceAccountToken: {path: token}\n"
        + "    - configMap: {name: kube-root-ca.crt, items: [{key: ca.crt, path: ca.crt}]}\n"
        + "    - downwardAPI: {items: [{path: namespace, fieldRef: {fieldPath:"
        + " metadata.namespace}}]}";
  }

  /** Returns the fragment that starts the container's first process as root. */
  public static String runAsRoot() {
    return SecurityContext.runningAs(0).yaml();
  }

  /** Returns the fragment that takes away what a blocker is, null where no YAML does. */
  public static @Nullable String forBlocker(Blocker blocker, CapabilitySet missing) {
    return switch (blocker) {
      case BOUNDING -> missing.isEmpty() ? null : addCapabilities(missing);
      case CAPABILITY -> runAsRoot();
      case SECCOMP -> SecurityContext.NONE.withSeccomp(Profile.UNCONFINED).yaml();
      case LSM -> SecurityContext.NONE.withAppArmor(Profile.UNCONFINED).yaml();
      case MOUNT -> "volumeMounts:\n- name: host-root\n  mountPath: /mnt/root\n  readOnly: true";
      case DEVICE_CGROUP, LOCKDOWN, SYSCTL, KERNEL -> null;
    };
  }

  /** Returns fragments of one container spec as one, with each top-level key once. */
  public static String together(List<String> fragments) {
    Map<String, Set<String>> merged = new LinkedHashMap<>();
    for (String fragment : fragments) {
      int end = fragment.indexOf('\n');
      merged
          .computeIfAbsent(fragment.substring(0, end), key -> new LinkedHashSet<>())
          .add(fragment.substring(end + 1));
    }
    StringJoiner together = new StringJoiner("\n");
    for (Map.Entry<String, Set<String>> entry : merged.entrySet()) {
      together.add(entry.getKey()).add(String.join("\n", entry.getValue()));
    }
    return together.toString();
  }

  /** Returns what to write into the YAML so that {@code fact} becomes available. */
  static String changeSpec(AbilityFact fact, Capability needed) {
    String yaml =
        fact.blockedBy() == null ? null : forBlocker(fact.blockedBy(), CapabilitySet.of(needed));
    return yaml == null
        ? "No YAML can change that on this node."
        : "Change the container spec:\n" + yaml;
  }
}
