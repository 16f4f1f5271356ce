package io.smartagent.kernel.security;

import io.smartagent.kernel.ErrnoException;

/**
 * Calls that are made only to learn whether they are allowed. None leaves a trace: they have
 * arguments that cannot succeed, or make something that vanishes with its descriptor.
 */
public interface SyscallProbes {

  /**
   * Asks for pivot_root(2) with paths that do not exist.
   *
   * @throws ErrnoException EPERM without CAP_SYS_ADMIN or where seccomp denies it
   */
  void pivotRoot() throws ErrnoException;

  /**
   * Asks for mount_setattr(2) with a path that does not exist.
   *
   * @throws ErrnoException ENOSYS before Linux 5.12 or where seccomp hides it; EPERM without
   *     CAP_SYS_ADMIN or where seccomp denies it
   */
  void mountSetattr() throws ErrnoException;

  /**
   * Asks for open_tree(2) and move_mount(2), of which neither is of use without the other, with
   * paths that do not exist.
   *
   * @throws ErrnoException ENOSYS before Linux 5.2 or where seccomp hides one; EPERM without
   *     CAP_SYS_ADMIN or where seccomp denies one
   */
  void openTree() throws ErrnoException;

  /**
   * Loads a tracing program of two instructions that is never attached: bpf(BPF_PROG_LOAD).
   *
   * @throws ErrnoException EPERM without CAP_BPF and CAP_PERFMON (CAP_SYS_ADMIN before Linux 5.8)
   *     or where seccomp denies it; ENOSYS, EINVAL where the kernel was built without
   */
  void tracingProgram() throws ErrnoException;

  /**
   * Opens a CPU clock over all processes of CPU 0: perf_event_open(2).
   *
   * @throws ErrnoException EACCES where perf_event_paranoid and the lack of CAP_PERFMON forbid it;
   *     EPERM where seccomp denies it
   */
  void cpuClock() throws ErrnoException;

  /**
   * Asks to be told of processes, and not to be told any more: {@link
   * io.smartagent.kernel.net.Network#openProcessEvents}.
   *
   * @throws ErrnoException EPERM without CAP_NET_ADMIN before Linux 6.6; ECONNREFUSED outside the
   *     initial network namespace; ENODATA outside the initial pid or user namespace
   */
  void processEvents() throws ErrnoException;

  /**
   * Binds a TCP socket to an address and closes it again.
   *
   * @param address 4 or 16 bytes in network order
   * @throws ErrnoException EADDRINUSE where somebody listens there; EADDRNOTAVAIL where the address
   *     is none of this network namespace; EACCES below port 1024 without CAP_NET_BIND_SERVICE
   */
  void bindTcp(byte[] address, int port) throws ErrnoException;

  /**
   * Gives up writing everywhere: landlock(7). That cannot be taken back, nor can no_new_privs,
   * which it sets first: for a thread that ends.
   *
   * @throws ErrnoException ENOSYS before Linux 5.13 or where seccomp hides it; EOPNOTSUPP where it
   *     was not enabled at boot; EPERM where seccomp denies it
   */
  void landlock() throws ErrnoException;

  /**
   * Makes a device node, and removes it at once where that succeeds: mknodat(2). Landlock is asked
   * before permissions and capabilities are, so in a directory of the caller's own each of the
   * three answers says which of them it was.
   *
   * @param path of the node
   * @throws ErrnoException EACCES from Landlock (and other LSMs), EPERM without CAP_MKNOD
   */
  void makeDevice(String path) throws ErrnoException;

  /**
   * Opens a device for reading without waiting.
   *
   * @throws ErrnoException EPERM where the device cgroup or the driver denies it; ENOENT
   */
  void readDevice(String path) throws ErrnoException;
}
