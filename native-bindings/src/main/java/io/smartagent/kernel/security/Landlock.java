package io.smartagent.kernel.security;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Descriptor;
import java.util.Set;

/**
 * The way to give up access to files for good: landlock(7). What is given up is the calling
 * thread's, and that of every process and thread that it starts. A process that is restricted may
 * not ptrace one that is not, and so cannot read its links in /proc either.
 */
public interface Landlock {

  /**
   * Returns the version of Landlock's interface, from 1 on:
   * landlock_create_ruleset(LANDLOCK_CREATE_RULESET_VERSION).
   *
   * @throws ErrnoException ENOSYS before Linux 5.13 or where seccomp hides it; EOPNOTSUPP where it
   *     was not enabled at boot; EPERM where seccomp denies it
   */
  int abi() throws ErrnoException;

  /**
   * Makes a set of rules that denies {@code handled} everywhere: landlock_create_ruleset(2).
   *
   * @throws ErrnoException as {@link #abi}; EINVAL where the kernel does not know one of them
   */
  Descriptor createRuleset(Set<AccessRight> handled) throws ErrnoException;

  /**
   * Allows rights at and beneath a file or directory: landlock_add_rule(2),
   * LANDLOCK_RULE_PATH_BENEATH.
   *
   * @param place may have been opened only as a place (O_PATH)
   * @param allowed of those that the ruleset handles
   * @throws ErrnoException EINVAL where one is not handled, or makes no sense for what is no
   *     directory; EBADFD for what no path can lead to
   */
  void allowBeneath(Descriptor ruleset, Descriptor place, Set<AccessRight> allowed)
      throws ErrnoException;

  /**
   * Gives up what the ruleset denies: landlock_restrict_self(2). What was open before stays as it
   * was opened.
   *
   * @throws ErrnoException EPERM with neither no_new_privs nor CAP_SYS_ADMIN; E2BIG where it was
   *     done sixteen times already
   */
  void restrictSelf(Descriptor ruleset) throws ErrnoException;
}
