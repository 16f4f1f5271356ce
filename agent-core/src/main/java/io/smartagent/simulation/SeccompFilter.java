package io.smartagent.simulation;

import static io.smartagent.kernel.capability.Capability.CAP_BPF;
import static io.smartagent.kernel.capability.Capability.CAP_PERFMON;
import static io.smartagent.kernel.capability.Capability.CAP_SYSLOG;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_ADMIN;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_CHROOT;

import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.security.SeccompMode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The seccomp profiles that containers have by default. An engine opens more calls to a container
 * that was given the capabilities for them.
 */
enum SeccompFilter {
  /** No filter: {@code seccompProfile: {type: Unconfined}}, and what Kubernetes does by default. */
  NONE("none"),
  /**
   * Docker's and containerd's: moby profiles/seccomp/default.json, containerd
   * contrib/seccomp/seccomp_default.go; with the calls for mounts that they have had since 2021.
   */
  DOCKER("docker"),
  /** Podman's and CRI-O's: containers/common pkg/seccomp/seccomp.json. */
  CRI_O("cri-o");

  private final String id;

  SeccompFilter(String id) {
    this.id = id;
  }

  /** Returns the name in {@code --assume}. */
  String id() {
    return id;
  }

  /** Returns the profile called {@code id}. */
  static Optional<SeccompFilter> of(String id) {
    return Arrays.stream(values()).filter(filter -> filter.id.equals(id)).findFirst();
  }

  /** Returns the names of all. */
  static List<String> ids() {
    return Arrays.stream(values()).map(SeccompFilter::id).toList();
  }

  /** Returns what the thread says of itself: prctl(PR_GET_SECCOMP). */
  SeccompMode mode() {
    return this == NONE ? SeccompMode.DISABLED : SeccompMode.FILTER;
  }

  /**
   * Returns whether the call gets through to the kernel; it is EPERM where not.
   *
   * @param given the capabilities that the container was given, whoever its user is
   */
  boolean allows(FilteredCall call, CapabilitySet given) {
    return switch (this) {
      case NONE -> true;
      case DOCKER -> dockerAllows(call, given);
      case CRI_O -> crioAllows(call, given);
    };
  }

  private static boolean dockerAllows(FilteredCall call, CapabilitySet given) {
    boolean admin = given.contains(CAP_SYS_ADMIN);
    return switch (call) {
      case UNSHARE, MOUNT, OPEN_TREE, MOUNT_SETATTR, SETNS -> admin;
      case PIVOT_ROOT -> false;
      case CHROOT -> given.contains(CAP_SYS_CHROOT);
      case SYSLOG -> admin || given.contains(CAP_SYSLOG);
      case BPF -> admin || given.contains(CAP_BPF);
      case PERF_EVENT_OPEN -> admin || given.contains(CAP_PERFMON);
    };
  }

  private static boolean crioAllows(FilteredCall call, CapabilitySet given) {
    boolean admin = given.contains(CAP_SYS_ADMIN);
    return switch (call) {
      case UNSHARE, MOUNT, OPEN_TREE, MOUNT_SETATTR, PIVOT_ROOT, SETNS, SYSLOG -> true;
      case CHROOT -> given.contains(CAP_SYS_CHROOT);
      case BPF -> admin || given.contains(CAP_BPF);
      case PERF_EVENT_OPEN -> admin || given.contains(CAP_PERFMON);
    };
  }
}
