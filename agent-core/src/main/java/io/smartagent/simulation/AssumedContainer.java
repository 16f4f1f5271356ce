package io.smartagent.simulation;

import io.smartagent.config.Setting;
import io.smartagent.confinement.SeccompProfile;
import io.smartagent.kernel.capability.CapabilitySet;
import java.util.List;
import java.util.Optional;

/**
 * A container as it was described.
 *
 * @param capabilities that it was given: the bounding set; effective for root alone
 * @param noNewPrivileges {@code allowPrivilegeEscalation: false}
 * @param kernel of its node
 * @param seccomp the profile that filters its calls
 * @param lsm the AppArmor profile that confines it; empty for none
 * @param initialUserNamespace whether its ids and capabilities are the host's own
 * @param uid of its first process
 * @param hostPid {@code hostPID: true}
 * @param hostNetwork {@code hostNetwork: true}
 * @param anyDevice whether its device cgroup lets it open all devices, as a privileged one may
 * @param accountFile the token of its ServiceAccount, as a path of the container; empty for none
 * @param host what it has at /mnt/root
 * @param hostIsHere whether that is mounted here, so that its files can be read
 * @param assumptions all that this is made of, each with where it came from
 */
record AssumedContainer(
    CapabilitySet capabilities,
    boolean noNewPrivileges,
    KernelRelease kernel,
    SeccompProfile seccomp,
    Optional<String> lsm,
    boolean initialUserNamespace,
    int uid,
    boolean hostPid,
    boolean hostNetwork,
    boolean anyDevice,
    String accountFile,
    AssumedHost host,
    boolean hostIsHere,
    List<Setting> assumptions) {

  AssumedContainer {
    assumptions = List.copyOf(assumptions);
  }

  boolean has(KernelFeature feature) {
    return feature.isIn(kernel);
  }

  /** Returns what the first process may do: root has all, another user nothing of it. */
  CapabilitySet effective() {
    return uid == 0 ? capabilities : CapabilitySet.NONE;
  }
}
