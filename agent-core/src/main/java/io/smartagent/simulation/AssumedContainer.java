package io.smartagent.simulation;

import io.smartagent.confinement.SeccompProfile;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.security.SeccompMode;
import java.util.Optional;

/**
 * A container as it was described.
 *
 * @param kernel of its node
 * @param capabilities that it was given: the bounding set; effective for root alone
 * @param uid of its first process
 * @param confinement what restricts its system calls
 * @param namespaces which of them are the host's
 * @param accountFile the token of its ServiceAccount, as a path of the container; empty for none
 */
record AssumedContainer(
    KernelRelease kernel,
    CapabilitySet capabilities,
    int uid,
    Confinement confinement,
    Namespaces namespaces,
    String accountFile) {

  /**
   * What restricts a container beside its capabilities.
   *
   * @param noNewPrivileges {@code allowPrivilegeEscalation: false}
   * @param seccomp the profile that filters its system calls
   * @param lsm its AppArmor profile; empty for none
   * @param anyDevice whether its device cgroup allows all devices, as of a privileged container
   */
  record Confinement(
      boolean noNewPrivileges, SeccompProfile seccomp, Optional<String> lsm, boolean anyDevice) {

    /** Returns what a thread reports of itself: prctl(PR_GET_SECCOMP). */
    SeccompMode seccompMode() {
      return seccomp == SeccompProfile.NONE ? SeccompMode.DISABLED : SeccompMode.FILTER;
    }
  }

  /**
   * The namespaces that a container can share with its host.
   *
   * @param initialUser whether its ids and capabilities are the host's own
   * @param hostPid {@code hostPID: true}
   * @param hostNetwork {@code hostNetwork: true}
   */
  record Namespaces(boolean initialUser, boolean hostPid, boolean hostNetwork) {}

  boolean has(KernelFeature feature) {
    return feature.isIn(kernel);
  }

  /** Returns what the first process may do: root has all capabilities, another user none. */
  CapabilitySet effective() {
    return uid == 0 ? capabilities : CapabilitySet.NONE;
  }
}
