package io.smartagent.kernel.capability;

import io.smartagent.kernel.ErrnoException;
import java.util.Optional;

/** Capability sets, securebits and no_new_privs: capabilities(7), capset(2), prctl(2). */
public interface Capabilities {

  /**
   * Returns the calling thread's five sets. Read by system calls, so that it works without /proc.
   * The ambient set is empty before Linux 4.3.
   *
   * @throws ErrnoException where seccomp forbids capget(2) or prctl(2)
   */
  ThreadCapabilities read() throws ErrnoException;

  /**
   * Returns the calling thread's permitted set. Asks for nothing else, where {@link #read} asks for
   * each capability by itself.
   *
   * @throws ErrnoException where seccomp forbids capget(2)
   */
  default CapabilitySet permitted() throws ErrnoException {
    return read().permitted();
  }

  /** Returns the number of the highest capability that this kernel knows. */
  int last();

  /**
   * Returns whether the kernel has ambient capabilities (Linux 4.3, commit 58319057b784): asked,
   * not told from its version.
   */
  boolean ambientIsSupported();

  /**
   * Replaces effective, permitted and inheritable set of the calling thread: capset(2).
   *
   * @throws ErrnoException EPERM where permitted would grow, or inheritable beyond permitted and
   *     bounding
   */
  void set(CapabilitySet effective, CapabilitySet permitted, CapabilitySet inheritable)
      throws ErrnoException;

  /**
   * Takes a capability out of the bounding set for good: prctl(PR_CAPBSET_DROP).
   *
   * @param number the capability's number, also one that {@link Capability} does not name yet
   * @throws ErrnoException EPERM without CAP_SETPCAP
   */
  void dropFromBoundingSet(int number) throws ErrnoException;

  /**
   * Raises a capability in the ambient set: prctl(PR_CAP_AMBIENT_RAISE). It must be permitted and
   * inheritable.
   *
   * @throws ErrnoException EPERM where it is not, or SECBIT_NO_CAP_AMBIENT_RAISE is set; EINVAL
   *     before Linux 4.3
   */
  void raiseAmbient(int number) throws ErrnoException;

  /** Returns the calling thread's securebits. */
  Securebits securebits() throws ErrnoException;

  /**
   * Replaces the calling thread's securebits: prctl(PR_SET_SECUREBITS).
   *
   * @throws ErrnoException EPERM without CAP_SETPCAP, or where a flag is locked
   */
  void setSecurebits(Securebits securebits) throws ErrnoException;

  /** Keeps the permitted set over the next change of user, or no longer: prctl(PR_SET_KEEPCAPS). */
  void keepOverChangeOfUser(boolean keep) throws ErrnoException;

  /**
   * Returns whether no execve can give the calling thread a privilege: prctl(PR_GET_NO_NEW_PRIVS).
   */
  boolean noNewPrivileges() throws ErrnoException;

  /** Forbids for good that an execve gives a privilege: prctl(PR_SET_NO_NEW_PRIVS). */
  void setNoNewPrivileges() throws ErrnoException;

  /**
   * Takes every capability from every other thread of this process, whatever they do at that
   * moment: effective, permitted, inheritable and with them ambient become empty. The calling
   * thread keeps its permitted and inheritable set; its effective set becomes empty too.
   *
   * <p>capset(2) reaches only its caller, so a signal makes each thread call it, as glibc does for
   * setuid(2) and libpsx for capset.
   *
   * @throws ErrnoException where a thread could not be reached; some threads may then have lost
   *     theirs
   */
  void takeFromEveryOtherThread() throws ErrnoException;

  /**
   * Returns the file capabilities of {@code path}, empty where it has none.
   *
   * @throws ErrnoException EOPNOTSUPP where its file system has no extended attributes
   */
  Optional<FileCapabilities> ofFile(String path) throws ErrnoException;

  /**
   * Gives {@code path} file capabilities.
   *
   * @throws ErrnoException EPERM without CAP_SETFCAP; EROFS; EOPNOTSUPP where its file system has
   *     no extended attributes
   */
  void setOfFile(String path, FileCapabilities capabilities) throws ErrnoException;
}
