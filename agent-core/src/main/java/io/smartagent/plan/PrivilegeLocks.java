package io.smartagent.plan;

/**
 * What keeps an execve from giving back privileges that were dropped.
 *
 * @param securebits whether they are locked so that uid 0 implies no capabilities
 * @param noNewPrivileges whether no_new_privs is set
 */
public record PrivilegeLocks(boolean securebits, boolean noNewPrivileges) {

  /** Nothing is locked. */
  public static final PrivilegeLocks NONE = new PrivilegeLocks(false, false);
}
