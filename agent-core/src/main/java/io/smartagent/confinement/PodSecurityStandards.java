package io.smartagent.confinement;

import static io.smartagent.kernel.capability.Capability.CAP_AUDIT_WRITE;
import static io.smartagent.kernel.capability.Capability.CAP_CHOWN;
import static io.smartagent.kernel.capability.Capability.CAP_DAC_OVERRIDE;
import static io.smartagent.kernel.capability.Capability.CAP_FOWNER;
import static io.smartagent.kernel.capability.Capability.CAP_FSETID;
import static io.smartagent.kernel.capability.Capability.CAP_KILL;
import static io.smartagent.kernel.capability.Capability.CAP_MKNOD;
import static io.smartagent.kernel.capability.Capability.CAP_NET_BIND_SERVICE;
import static io.smartagent.kernel.capability.Capability.CAP_SETFCAP;
import static io.smartagent.kernel.capability.Capability.CAP_SETGID;
import static io.smartagent.kernel.capability.Capability.CAP_SETPCAP;
import static io.smartagent.kernel.capability.Capability.CAP_SETUID;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_CHROOT;

import io.smartagent.kernel.capability.CapabilitySet;
import java.util.Set;

/** The level Baseline: k8s.io/pod-security-admission policy, 1.34. */
public final class PodSecurityStandards {

  /** Capabilities that a container may add. */
  public static final CapabilitySet BASELINE =
      CapabilitySet.of(
          CAP_AUDIT_WRITE,
          CAP_CHOWN,
          CAP_DAC_OVERRIDE,
          CAP_FOWNER,
          CAP_FSETID,
          CAP_KILL,
          CAP_MKNOD,
          CAP_NET_BIND_SERVICE,
          CAP_SETFCAP,
          CAP_SETGID,
          CAP_SETPCAP,
          CAP_SETUID,
          CAP_SYS_CHROOT);

  /** Sysctls that a pod may set; the kubelet's own list: pkg/kubelet/sysctl/safe_sysctls.go. */
  public static final Set<String> SAFE_SYSCTLS =
      Set.of(
          "kernel.shm_rmid_forced",
          "net.ipv4.ip_local_port_range",
          "net.ipv4.ip_local_reserved_ports",
          "net.ipv4.ip_unprivileged_port_start",
          "net.ipv4.ping_group_range",
          "net.ipv4.tcp_fin_timeout",
          "net.ipv4.tcp_keepalive_intvl",
          "net.ipv4.tcp_keepalive_probes",
          "net.ipv4.tcp_keepalive_time",
          "net.ipv4.tcp_rmem",
          "net.ipv4.tcp_syncookies",
          "net.ipv4.tcp_wmem");

  private PodSecurityStandards() {}
}
