package io.smartagent.kernel.process;

import io.smartagent.kernel.ErrnoException;
import java.util.List;

/** The way to another program. */
public interface Execution {

  /**
   * Replaces the process's program: execve(2). The calling thread's credentials, capabilities,
   * namespaces, root and signal mask become the process's; every other thread ends. Does not return
   * but by throwing.
   *
   * @param path of the program, within the calling thread's root
   * @param arguments byte strings without NUL, the first is the program's name
   * @param environment byte strings {@code NAME=value} without NUL
   * @throws ErrnoException ENOENT where it, or its interpreter, is missing; EACCES; ENOEXEC; E2BIG;
   *     EINVAL where an argument or variable has a NUL in it
   */
  void execute(String path, List<byte[]> arguments, List<byte[]> environment) throws ErrnoException;

  /** Sets the mask of permissions that new files do not get: umask(2). */
  void setUmask(int mask);
}
