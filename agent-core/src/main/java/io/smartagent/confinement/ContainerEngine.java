package io.smartagent.confinement;

import static io.smartagent.kernel.capability.Capability.CAP_CHOWN;
import static io.smartagent.kernel.capability.Capability.CAP_DAC_OVERRIDE;
import static io.smartagent.kernel.capability.Capability.CAP_FOWNER;
import static io.smartagent.kernel.capability.Capability.CAP_FSETID;
import static io.smartagent.kernel.capability.Capability.CAP_KILL;
import static io.smartagent.kernel.capability.Capability.CAP_NET_BIND_SERVICE;
import static io.smartagent.kernel.capability.Capability.CAP_NET_RAW;
import static io.smartagent.kernel.capability.Capability.CAP_SETGID;
import static io.smartagent.kernel.capability.Capability.CAP_SETPCAP;
import static io.smartagent.kernel.capability.Capability.CAP_SETUID;

import io.smartagent.kernel.capability.CapabilitySet;

/** What each engine gives a container that is not privileged and has no securityContext. */
public enum ContainerEngine {
  /** Docker since 1.12: moby oci/caps/defaults.go, profiles/apparmor/apparmor.go. */
  DOCKER(PodSecurityStandards.BASELINE.with(CAP_NET_RAW), SeccompProfile.DOCKER, "docker-default"),

  /** containerd since 1.0: pkg/oci/spec.go, internal/cri/server/container_create.go. */
  CONTAINERD(DOCKER.capabilities(), SeccompProfile.DOCKER, "cri-containerd.apparmor.d"),

  /** CRI-O since 1.18: internal/config/capabilities, internal/config/apparmor. */
  CRI_O(
      CapabilitySet.of(
          CAP_CHOWN,
          CAP_DAC_OVERRIDE,
          CAP_FOWNER,
          CAP_FSETID,
          CAP_KILL,
          CAP_NET_BIND_SERVICE,
          CAP_SETGID,
          CAP_SETPCAP,
          CAP_SETUID),
      SeccompProfile.CRI_O,
      "crio-default");

  private final long capabilities;
  private final SeccompProfile seccompProfile;
  private final String appArmorProfile;

  ContainerEngine(
      CapabilitySet capabilities, SeccompProfile seccompProfile, String appArmorProfile) {
    this.capabilities = capabilities.bits();
    this.seccompProfile = seccompProfile;
    this.appArmorProfile = appArmorProfile;
  }

  /** Returns the bounding set of the container. */
  public CapabilitySet capabilities() {
    return new CapabilitySet(capabilities);
  }

  /** Returns the profile of {@code RuntimeDefault}: Kubernetes filters nothing unless asked. */
  public SeccompProfile seccompProfile() {
    return seccompProfile;
  }

  /**
   * Returns the name of the AppArmor profile, where the node has AppArmor. All profiles come from
   * one template (containers/common pkg/apparmor): it denies mount and umount, writes below /sys
   * and most of /proc, and ptrace of processes with another profile, which includes reading their
   * links in /proc.
   */
  public String appArmorProfile() {
    return appArmorProfile;
  }
}
