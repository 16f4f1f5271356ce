package io.smartagent.plan;

import io.smartagent.host.HostUser;
import io.smartagent.kernel.capability.CapabilitySet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;

/**
 * A change, or a check, of the user, the capabilities and the restrictions of the launching thread.
 */
public sealed interface PrivilegeStep extends Step {

  @Override
  default String remedy(String call) {
    return StepRemedies.probe(call);
  }

  /** Takes capabilities out of the bounding set. */
  record DropBounding(CapabilitySet capabilities, String reason) implements PrivilegeStep {
    @Override
    public String action() {
      return "drop-bounding";
    }

    @Override
    public String subject() {
      return capabilities.toString();
    }

    @Override
    public <X extends Exception, Y extends Exception> void accept(StepVisitor<X, Y> visitor)
        throws X, Y {
      visitor.dropBounding(this);
    }
  }

  /**
   * Sets supplementary groups, group and user.
   *
   * @param changeGroups whether the container may set groups
   * @param changeUser whether the container may set users
   */
  record BecomeUser(HostUser user, boolean changeGroups, boolean changeUser, String reason)
      implements PrivilegeStep {
    @Override
    public String action() {
      return "become-user";
    }

    @Override
    public String subject() {
      StringJoiner groups = new StringJoiner(" ");
      for (int group : user.groups()) {
        groups.add(Integer.toUnsignedString(group));
      }
      return user.name()
          + " ("
          + Integer.toUnsignedString(user.uid())
          + ":"
          + Integer.toUnsignedString(user.gid())
          + ", groups "
          + groups
          + ")";
    }

    @Override
    public String remedy(String call) {
      return "Add the capabilities SETUID and SETGID, or pass --non-root-mode false.";
    }

    @Override
    public <X extends Exception, Y extends Exception> void accept(StepVisitor<X, Y> visitor)
        throws X, Y {
      visitor.becomeUser(this);
    }
  }

  /**
   * Gives the program that is executed the kept capabilities as inheritable ones.
   *
   * @param directory of the program
   * @param name of the program in it
   * @param mounted whether the directory is the image's own, so that a copy has to cover it
   */
  record SetFileCapabilities(
      String directory, String name, boolean mounted, CapabilitySet kept, String reason)
      implements PrivilegeStep {
    @Override
    public String action() {
      return "set-file-capabilities";
    }

    @Override
    public String subject() {
      return directory + "/" + name + " " + kept;
    }

    @Override
    public String remedy(String call) {
      return "Add the capability SETFCAP, or pass --non-root-mode false.";
    }

    @Override
    public <X extends Exception, Y extends Exception> void accept(StepVisitor<X, Y> visitor)
        throws X, Y {
      visitor.setFileCapabilities(this);
    }
  }

  /** Makes the kept capabilities inheritable. */
  record InheritCapabilities(CapabilitySet kept, String reason) implements PrivilegeStep {
    @Override
    public String action() {
      return "inherit-capabilities";
    }

    @Override
    public String subject() {
      return kept.toString();
    }

    @Override
    public <X extends Exception, Y extends Exception> void accept(StepVisitor<X, Y> visitor)
        throws X, Y {
      visitor.inheritCapabilities(this);
    }
  }

  /**
   * Raises the kept capabilities in the ambient set. Ambient capabilities do not survive a change
   * of user, so this comes after {@link BecomeUser}: capabilities(7).
   */
  record RaiseAmbient(CapabilitySet kept, String reason) implements PrivilegeStep {
    @Override
    public String action() {
      return "raise-ambient";
    }

    @Override
    public String subject() {
      return kept.toString();
    }

    @Override
    public <X extends Exception, Y extends Exception> void accept(StepVisitor<X, Y> visitor)
        throws X, Y {
      visitor.raiseAmbient(this);
    }
  }

  /** Takes the meaning from uid 0 and locks it: securebits. */
  record LockSecurebits(String reason) implements PrivilegeStep {
    @Override
    public String action() {
      return "lock-securebits";
    }

    @Override
    public String subject() {
      return "NOROOT NO_SETUID_FIXUP NO_CAP_AMBIENT_RAISE";
    }

    @Override
    public <X extends Exception, Y extends Exception> void accept(StepVisitor<X, Y> visitor)
        throws X, Y {
      visitor.lockSecurebits(this);
    }
  }

  /** Gives up every capability but the kept ones. */
  record LimitCapabilities(CapabilitySet kept, String reason) implements PrivilegeStep {
    @Override
    public String action() {
      return "limit-capabilities";
    }

    @Override
    public String subject() {
      return kept.toString();
    }

    @Override
    public <X extends Exception, Y extends Exception> void accept(StepVisitor<X, Y> visitor)
        throws X, Y {
      visitor.limitCapabilities(this);
    }
  }

  /** Forbids that an execve gives anything. */
  record ForbidNewPrivileges(String reason) implements PrivilegeStep {
    @Override
    public String action() {
      return "set-no-new-privileges";
    }

    @Override
    public String subject() {
      return "PR_SET_NO_NEW_PRIVS";
    }

    @Override
    public <X extends Exception, Y extends Exception> void accept(StepVisitor<X, Y> visitor)
        throws X, Y {
      visitor.forbidNewPrivileges(this);
    }
  }

  /**
   * Gives up writing anywhere but below some places: landlock(7). Needs no_new_privs, so this comes
   * after {@link ForbidNewPrivileges}.
   *
   * @param writable directories
   * @param devices what every program may write to, whether it is there or not
   * @param triedIn the directory of the agent's own in which it is tried afterwards
   */
  record RestrictWrites(Set<String> writable, List<String> devices, String triedIn, String reason)
      implements PrivilegeStep {
    /** Copies the collections. */
    public RestrictWrites {
      writable = Set.copyOf(writable);
      devices = List.copyOf(devices);
    }

    @Override
    public String action() {
      return "restrict-writes";
    }

    @Override
    public String subject() {
      return "/ except " + String.join(", ", new TreeSet<>(writable)) + " and devices";
    }

    @Override
    public <X extends Exception, Y extends Exception> void accept(StepVisitor<X, Y> visitor)
        throws X, Y {
      visitor.restrictWrites(this);
    }
  }

  /**
   * Reads user, groups and capabilities again and refuses to go on where they are not as planned.
   *
   * @param groups whether groups were set
   * @param ambient whether the kept capabilities were raised in the ambient set
   * @param locks that were set
   */
  record VerifyIdentity(
      HostUser user,
      boolean groups,
      CapabilitySet kept,
      CapabilitySet bounding,
      boolean ambient,
      PrivilegeLocks locks,
      String reason)
      implements PrivilegeStep {
    @Override
    public String action() {
      return "verify-identity";
    }

    @Override
    public String subject() {
      return user.name() + " with " + kept;
    }

    @Override
    public <X extends Exception, Y extends Exception> void accept(StepVisitor<X, Y> visitor)
        throws X, Y {
      visitor.verifyIdentity(this);
    }
  }
}
