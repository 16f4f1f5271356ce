package io.smartagent.kernel.process;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Descriptor;

/** Namespaces, root and working directory of the calling thread. */
public interface Namespaces {

  /**
   * Gives the thread a mount namespace, root and working directory of its own:
   * unshare(CLONE_NEWNS|CLONE_FS).
   *
   * @throws ErrnoException EPERM without CAP_SYS_ADMIN or where seccomp denies it; ENOSPC where
   *     user.max_mnt_namespaces is reached
   */
  void unshareMounts() throws ErrnoException;

  /** Gives the thread a root and working directory of its own: unshare(CLONE_FS). Needs nothing. */
  void unshareRoot() throws ErrnoException;

  /**
   * Moves the thread into another network namespace: setns(CLONE_NEWNET).
   *
   * @throws ErrnoException EPERM without CAP_SYS_ADMIN
   */
  void enterNetworkNamespace(Descriptor namespace) throws ErrnoException;

  /**
   * Makes {@code path} the thread's root: chroot(2).
   *
   * @throws ErrnoException EPERM without CAP_SYS_CHROOT
   */
  void changeRoot(String path) throws ErrnoException;

  /** Makes {@code path} the thread's working directory: chdir(2). */
  void changeDirectory(String path) throws ErrnoException;

  /**
   * Returns whether the process's user namespace is the initial one: /proc/self/uid_map maps all
   * ids to themselves. user_namespaces(7).
   *
   * @throws ErrnoException where there is no /proc
   */
  boolean userNamespaceIsInitial() throws ErrnoException;
}
