package io.smartagent.kubernetes.audit;

/**
 * Why a container cannot be demoted as it is: what it does is refused to every container that is
 * not privileged, whatever its capabilities.
 */
public enum Blocker {
  BIDIRECTIONAL(
      "bidirectional-propagation",
      "The API server refuses mountPropagation: Bidirectional to containers that are not"
          + " privileged.",
      "Use HostToContainer if it only looks at mounts. If it makes them, leave that to one small"
          + " privileged container of the pod, and demote the others."),
  HOST_DEVICE(
      "host-device",
      "The device cgroup refuses devices of the host to containers that are not privileged.",
      "Get the device from a device plugin or by dynamic resource allocation. Where it is"
          + " /dev/kmsg, syslog(2) with SYSLOG reads the same."),
  HOST_PROC_WRITE(
      "host-proc-write",
      "The host's procfs is mounted writable. Mounted at /proc in a container that is not"
          + " privileged, /proc/sys and others become read-only again.",
      "Set readOnly: true if it only reads. If it writes, mount just what it writes at another"
          + " path than /proc, where user 0 still may, and configure that path in it."),
  HOST_SYS_WRITE(
      "host-sys-write",
      "The host's sysfs is mounted writable. The default AppArmor profile denies writes below /sys"
          + " to containers that are not privileged.",
      "Set readOnly: true if it only reads. If it writes, mount just what it writes at another path"
          + " than /sys, or set appArmorProfile: {type: Unconfined}."),
  KERNEL_SETTING(
      "kernel-setting",
      "Its command writes kernel settings. /proc/sys is read-only in containers that are not"
          + " privileged.",
      "Set namespaced ones with securityContext.sysctls of the pod, and those of the whole node on"
          + " the node, such as by /etc/sysctl.d.");

  private final String id;
  private final String reason;
  private final String remedy;

  Blocker(String id, String reason, String remedy) {
    this.id = id;
    this.reason = reason;
    this.remedy = remedy;
  }

  /** Returns its name in output, a contract. */
  public String id() {
    return id;
  }

  /** Returns why it hinders, as sentences. */
  public String reason() {
    return reason;
  }

  /** Returns what would have to change, as sentences. */
  public String remedy() {
    return remedy;
  }
}
