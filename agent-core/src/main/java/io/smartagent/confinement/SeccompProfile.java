package io.smartagent.confinement;

import static io.smartagent.kernel.capability.Capability.CAP_BPF;
import static io.smartagent.kernel.capability.Capability.CAP_PERFMON;
import static io.smartagent.kernel.capability.Capability.CAP_SYSLOG;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_ADMIN;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_CHROOT;

import io.smartagent.kernel.capability.CapabilitySet;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The default seccomp profiles of container engines. An engine opens more calls to a container that
 * was given the capabilities for them.
 */
public enum SeccompProfile {
  /** No filter: {@code seccompProfile: {type: Unconfined}}, and Kubernetes' default. */
  NONE("none"),
  /**
   * Docker's and containerd's: moby profiles/seccomp/default.json, containerd
   * contrib/seccomp/seccomp_default.go; with the calls for mounts that they have had since 2021.
   */
  DOCKER("docker"),
  /** Podman's and CRI-O's: containers/common pkg/seccomp/seccomp.json. */
  CRI_O("cri-o");

  private final String id;

  SeccompProfile(String id) {
    this.id = id;
  }

  /** Returns the name in {@code --assume}. */
  public String id() {
    return id;
  }

  /** Returns the profile called {@code id}. */
  public static Optional<SeccompProfile> of(String id) {
    return Arrays.stream(values()).filter(profile -> profile.id.equals(id)).findFirst();
  }

  /** Returns the names of all. */
  public static List<String> ids() {
    return Arrays.stream(values()).map(SeccompProfile::id).toList();
  }

  /**
   * Returns whether the call gets through to the kernel; it is EPERM where not.
   *
   * @param given the capabilities that the container was given, regardless of its user
   */
  public boolean allows(GatedCall call, CapabilitySet given) {
    if (this == NONE) {
      return true;
    }
    boolean admin = given.contains(CAP_SYS_ADMIN);
    return switch (call) {
      case UNSHARE, MOUNT, OPEN_TREE, MOUNT_SETATTR, SETNS -> admin || this == CRI_O;
      case PIVOT_ROOT -> this == CRI_O;
      case CHROOT -> given.contains(CAP_SYS_CHROOT);
      case SYSLOG -> admin || given.contains(CAP_SYSLOG) || this == CRI_O;
      case BPF -> admin || given.contains(CAP_BPF);
      case PERF_EVENT_OPEN -> admin || given.contains(CAP_PERFMON);
    };
  }
}
