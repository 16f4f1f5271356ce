package io.smartagent.simulation;

import static io.smartagent.kernel.capability.Capability.CAP_BPF;
import static io.smartagent.kernel.capability.Capability.CAP_NET_ADMIN;
import static io.smartagent.kernel.capability.Capability.CAP_PERFMON;
import static io.smartagent.kernel.capability.Capability.CAP_SYSLOG;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_ADMIN;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_CHROOT;
import static io.smartagent.kernel.capability.Capability.CAP_SYS_PTRACE;

import io.smartagent.confinement.GatedCall;
import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.security.SecurityState;

/**
 * What stands between an assumed container and a system call, in the order in which a kernel asks:
 * the seccomp filter, whether there is such a call, the capability, the LSM. Each method names the
 * call as the real one does.
 */
final class AssumedCalls {

  private final AssumedContainer container;
  private final SecurityState node;

  /**
   * @param node whose sysctls are taken for those of the assumed one
   */
  AssumedCalls(AssumedContainer container, SecurityState node) {
    this.container = container;
    this.node = node;
  }

  void unshareMounts() throws ErrnoException {
    String call = "unshare(CLONE_NEWNS|CLONE_FS)";
    filter(GatedCall.UNSHARE, call);
    need(CAP_SYS_ADMIN, call);
  }

  /**
   * mount(2) looks the place up before anything else.
   *
   * @param exists whether there is such a place
   */
  void mount(String call, boolean exists) throws ErrnoException {
    filter(GatedCall.MOUNT, call);
    if (!exists) {
      throw new ErrnoException(call, Errno.ENOENT);
    }
    need(CAP_SYS_ADMIN, call);
    notConfined(call);
  }

  /** With paths that do not exist: no LSM is asked. */
  void pivotRoot() throws ErrnoException {
    String call = "pivot_root()";
    filter(GatedCall.PIVOT_ROOT, call);
    need(CAP_SYS_ADMIN, call);
  }

  void openTree() throws ErrnoException {
    String call = "open_tree()";
    filter(GatedCall.OPEN_TREE, call);
    need(KernelFeature.OPEN_TREE, call);
    need(CAP_SYS_ADMIN, call);
  }

  void mountSetattr() throws ErrnoException {
    String call = "mount_setattr()";
    filter(GatedCall.MOUNT_SETATTR, call);
    need(KernelFeature.MOUNT_SETATTR, call);
    need(CAP_SYS_ADMIN, call);
  }

  void chroot(String call) throws ErrnoException {
    filter(GatedCall.CHROOT, call);
    need(CAP_SYS_CHROOT, call);
  }

  /** The network namespace of the host belongs to the initial user namespace. */
  void setns(String call) throws ErrnoException {
    filter(GatedCall.SETNS, call);
    need(CAP_SYS_ADMIN, call);
    if (container.hostNetwork() && !container.initialUserNamespace()) {
      throw new ErrnoException(call, Errno.EPERM);
    }
  }

  /** ptrace(2), "Ptrace access mode checking": another user's process, so never one's own. */
  void ptraceRead(String call) throws ErrnoException {
    if (!hostWide(CAP_SYS_PTRACE)) {
      throw new ErrnoException(call, Errno.EACCES);
    }
    notConfined(call);
  }

  void syslog(String call) throws ErrnoException {
    filter(GatedCall.SYSLOG, call);
    mayReadLog(call);
  }

  /** The device cgroup is asked before the driver. */
  void readLogDevice(String call, boolean exists) throws ErrnoException {
    if (!exists) {
      throw new ErrnoException(call, Errno.ENOENT);
    }
    if (!container.anyDevice()) {
      throw new ErrnoException(call, Errno.EPERM);
    }
    mayReadLog(call);
  }

  private void mayReadLog(String call) throws ErrnoException {
    boolean restricted = node.sysctl("kernel/dmesg_restrict").orElse(1L) != 0;
    if (restricted && !hostWide(CAP_SYSLOG)) {
      throw new ErrnoException(call, Errno.EPERM);
    }
  }

  void tracingProgram() throws ErrnoException {
    String call = "bpf(BPF_PROG_LOAD, BPF_PROG_TYPE_RAW_TRACEPOINT)";
    filter(GatedCall.BPF, call);
    need(KernelFeature.BPF, call);
    boolean parts =
        container.has(KernelFeature.BPF_CAPABILITIES) && hostWide(CAP_BPF) && hostWide(CAP_PERFMON);
    if (!parts && !hostWide(CAP_SYS_ADMIN)) {
      throw new ErrnoException(call, Errno.EPERM);
    }
    if (!container.has(KernelFeature.RAW_TRACEPOINTS)) {
      throw new ErrnoException(call, Errno.EINVAL);
    }
  }

  void cpuClock() throws ErrnoException {
    String call = "perf_event_open(PERF_COUNT_SW_CPU_CLOCK, all processes of CPU 0)";
    filter(GatedCall.PERF_EVENT_OPEN, call);
    boolean restricted = node.sysctl("kernel/perf_event_paranoid").orElse(2L) > 0;
    if (restricted && !hostWide(CAP_PERFMON) && !hostWide(CAP_SYS_ADMIN)) {
      throw new ErrnoException(call, Errno.EACCES);
    }
  }

  /** No default profile of an engine filters it. */
  void landlock() throws ErrnoException {
    need(KernelFeature.LANDLOCK, "landlock_create_ruleset(LANDLOCK_ACCESS_FS_WRITE_FILE)");
  }

  void processEvents() throws ErrnoException {
    String protocol = "(NETLINK_CONNECTOR, CN_IDX_PROC)";
    boolean needsNothing = container.has(KernelFeature.UNPRIVILEGED_PROCESS_EVENTS);
    if (!needsNothing && !container.effective().contains(CAP_NET_ADMIN)) {
      throw new ErrnoException("bind" + protocol, Errno.EPERM);
    }
    if (!container.hostNetwork()) {
      throw new ErrnoException("sendto" + protocol, Errno.ECONNREFUSED);
    }
    if (!container.hostPid() || !container.initialUserNamespace()) {
      throw new ErrnoException("PROC_CN_MCAST_LISTEN", Errno.ENODATA);
    }
  }

  private void filter(GatedCall filtered, String call) throws ErrnoException {
    if (!container.seccomp().allows(filtered, container.capabilities())) {
      throw new ErrnoException(call, Errno.EPERM);
    }
  }

  private void need(KernelFeature feature, String call) throws ErrnoException {
    if (!container.has(feature)) {
      throw new ErrnoException(call, Errno.ENOSYS);
    }
  }

  /** In the container's own user namespace. */
  private void need(Capability capability, String call) throws ErrnoException {
    if (!container.effective().contains(capability)) {
      throw new ErrnoException(call, Errno.EPERM);
    }
  }

  /** What belongs to the whole machine asks for the capability in the initial user namespace. */
  private boolean hostWide(Capability capability) {
    return container.initialUserNamespace() && container.effective().contains(capability);
  }

  /** The profiles of container engines deny mounts, and to read processes that are not theirs. */
  private void notConfined(String call) throws ErrnoException {
    if (container.lsm().isPresent()) {
      throw new ErrnoException(call, Errno.EACCES);
    }
  }
}
