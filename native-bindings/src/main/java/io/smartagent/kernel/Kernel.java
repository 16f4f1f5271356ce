package io.smartagent.kernel;

import io.smartagent.kernel.capability.Capabilities;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.kernel.log.KernelLog;
import io.smartagent.kernel.mount.Mounts;
import io.smartagent.kernel.net.Network;
import io.smartagent.kernel.process.Children;
import io.smartagent.kernel.process.Credentials;
import io.smartagent.kernel.process.Descriptors;
import io.smartagent.kernel.process.Execution;
import io.smartagent.kernel.process.Namespaces;
import io.smartagent.kernel.process.ResourceLimits;
import io.smartagent.kernel.process.Signals;
import io.smartagent.kernel.security.Landlock;
import io.smartagent.kernel.security.SecurityState;
import io.smartagent.kernel.security.SyscallProbes;

/**
 * The seam to the kernel, one accessor per area.
 *
 * <p>Nearly everything here is an attribute of the <em>calling thread</em>: a JVM's other threads
 * keep their own credentials, capability sets, root and mount namespace until one of them calls
 * execve(2).
 */
public interface Kernel {

  /** Returns capability sets, securebits and no_new_privs of the calling thread. */
  Capabilities capabilities();

  /** Returns users and groups of the calling thread. */
  Credentials credentials();

  /** Returns namespaces, root and working directory of the calling thread. */
  Namespaces namespaces();

  /** Returns mounts of the calling thread's mount namespace. */
  Mounts mounts();

  /** Returns files as the calling thread sees them. */
  Filesystem filesystem();

  /** Returns the process's table of file descriptors. */
  Descriptors descriptors();

  /** Returns signal mask and dispositions. */
  Signals signals();

  /** Returns the process's resource limits. */
  ResourceLimits resourceLimits();

  /** Returns the way to another program. */
  Execution execution();

  /** Returns programs that run beside this one. */
  Children children();

  /** Returns what a seccomp filter, an LSM or lockdown has done to the calling thread. */
  SecurityState security();

  /** Returns the way to give up access to files for good. */
  Landlock landlock();

  /** Returns calls that are made only to learn whether they are allowed. */
  SyscallProbes syscallProbes();

  /** Returns the kernel's log. */
  KernelLog log();

  /** Returns what the kernel reports by netlink. */
  Network network();
}
