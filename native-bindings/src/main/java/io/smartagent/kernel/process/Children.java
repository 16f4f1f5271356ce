package io.smartagent.kernel.process;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.capability.CapabilitySet;
import java.util.List;

/**
 * Programs that run beside this one. A JVM must never fork and go on in Java: posix_spawn(3) does
 * the fork and the execve in one, and without the run-time noticing.
 */
public interface Children {

  /**
   * Starts a program in the calling thread's root, working directory, mount namespace, user and
   * groups. It is the leader of a session of its own, reads nothing on standard input, writes
   * standard output and error into {@link Child#readOutput}, has no other descriptor, every signal
   * unblocked and at its default, no_new_privs set, and permitted no more than {@code
   * capabilities}: root would else get all of the bounding set at the execve. The calling thread
   * keeps what it has.
   *
   * <p>Where the kernel has Landlock (ABI 2, Linux 5.19), it is in a domain of its own, in which
   * nothing is denied but the way to processes outside: root may else follow {@code /proc/PID/root}
   * of any process that has no more capabilities, out of the root and into other mounts. Where the
   * kernel has none it starts all the same.
   *
   * @param path of the program in the calling thread's root
   * @param arguments the program's name first
   * @param environment as {@code NAME=value}
   * @param capabilities each of them permitted to the calling thread
   * @throws ErrnoException ENOENT where it, or its interpreter, is missing; EACCES; ENOEXEC; E2BIG;
   *     EPERM where a capability is not permitted; EINVAL where text has a NUL in it
   */
  Child start(
      String path, List<String> arguments, List<String> environment, CapabilitySet capabilities)
      throws ErrnoException;
}
