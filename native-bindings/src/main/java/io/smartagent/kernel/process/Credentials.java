package io.smartagent.kernel.process;

import io.smartagent.kernel.ErrnoException;
import java.util.List;

/**
 * Users and groups of the calling thread, by raw system calls: glibc's wrappers change every thread
 * of the process (nptl(7)), and then a launcher whose execve fails could no longer clean up.
 */
public interface Credentials {

  /** Returns the thread's user ids: getresuid(2). */
  UserIds users() throws ErrnoException;

  /** Returns the thread's group ids: getresgid(2). */
  UserIds groups() throws ErrnoException;

  /** Returns the thread's supplementary groups, in the kernel's order: getgroups(2). */
  List<Integer> supplementaryGroups() throws ErrnoException;

  /**
   * Replaces the supplementary groups: setgroups(2).
   *
   * @throws ErrnoException EPERM without CAP_SETGID
   */
  void setSupplementaryGroups(List<Integer> gids) throws ErrnoException;

  /**
   * Sets real, effective and saved group: setresgid(2).
   *
   * @throws ErrnoException EPERM without CAP_SETGID; EINVAL for 4294967295, which is no id
   */
  void setGroup(int gid) throws ErrnoException;

  /**
   * Sets real, effective and saved user: setresuid(2). Leaving uid 0 empties effective and ambient
   * capabilities, and permitted ones too but for PR_SET_KEEPCAPS: capabilities(7).
   *
   * @throws ErrnoException EPERM without CAP_SETUID; EINVAL where the user namespace has no such
   *     id, and for 4294967295, which is none
   */
  void setUser(int uid) throws ErrnoException;
}
