package io.smartagent.launch;

import io.smartagent.config.ExitStatus;
import io.smartagent.host.HostUser;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.Kernel;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.capability.Securebits;
import io.smartagent.kernel.capability.ThreadCapabilities;
import io.smartagent.kernel.process.UserIds;
import io.smartagent.plan.PrivilegeStep;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives the launching thread another user and fewer capabilities, and asks the kernel whether it
 * has them.
 */
final class IdentityChange {

  private final Kernel kernel;

  IdentityChange(Kernel kernel) {
    this.kernel = kernel;
  }

  void dropBounding(CapabilitySet capabilities) throws ErrnoException {
    for (int number : capabilities.numbers()) {
      kernel.capabilities().dropFromBoundingSet(number);
    }
  }

  /** Groups before the user: afterwards there is no capability left to set them with. */
  void become(PrivilegeStep.BecomeUser step) throws ErrnoException {
    kernel.capabilities().keepOverChangeOfUser(true);
    if (step.changeGroups()) {
      kernel.credentials().setSupplementaryGroups(step.user().groups());
      kernel.credentials().setGroup(step.user().gid());
    }
    if (step.changeUser()) {
      kernel.credentials().setUser(step.user().uid());
    }
    kernel.capabilities().keepOverChangeOfUser(false);
  }

  void inherit(CapabilitySet kept) throws ErrnoException {
    CapabilitySet permitted = kernel.capabilities().permitted();
    kernel.capabilities().set(permitted, permitted, kept);
  }

  void raiseAmbient(CapabilitySet kept) throws ErrnoException {
    for (int number : kept.numbers()) {
      kernel.capabilities().raiseAmbient(number);
    }
  }

  void limit(CapabilitySet kept) throws ErrnoException {
    kernel.capabilities().set(kept, kept, kept);
  }

  void verify(PrivilegeStep.VerifyIdentity step) throws ErrnoException, LaunchFailure {
    ThreadCapabilities sets = kernel.capabilities().read();
    List<String> wrong = new ArrayList<>();
    compare(wrong, "effective set", step.kept(), sets.effective());
    compare(wrong, "permitted set", step.kept(), sets.permitted());
    compare(wrong, "inheritable set", step.kept(), sets.inheritable());
    compare(wrong, "bounding set", step.bounding(), sets.bounding());
    if (step.ambient()) {
      compare(wrong, "ambient set", step.kept(), sets.ambient());
    }
    if (step.locks().securebits()) {
      compare(
          wrong,
          "securebits",
          Securebits.lockedDown().names(),
          kernel.capabilities().securebits().names());
    }
    HostUser user = step.user();
    compare(
        wrong,
        "real, effective and saved user",
        text(new UserIds(user.uid(), user.uid(), user.uid())),
        text(kernel.credentials().users()));
    if (step.groups()) {
      compare(
          wrong,
          "real, effective and saved group",
          text(new UserIds(user.gid(), user.gid(), user.gid())),
          text(kernel.credentials().groups()));
      List<Integer> groups = new ArrayList<>(kernel.credentials().supplementaryGroups());
      groups.sort(Integer::compareUnsigned);
      compare(wrong, "supplementary groups", user.groups(), groups);
    }
    if (step.locks().noNewPrivileges()) {
      compare(wrong, "no_new_privs", true, kernel.capabilities().noNewPrivileges());
    }
    if (!wrong.isEmpty()) {
      throw new LaunchFailure(
          ExitStatus.INTERNAL,
          "The drop of privileges does not hold: "
              + String.join("; ", wrong)
              + ". Nothing was started. Report it with the output of probe.");
    }
  }

  private static String text(UserIds ids) {
    return Integer.toUnsignedString(ids.real())
        + " "
        + Integer.toUnsignedString(ids.effective())
        + " "
        + Integer.toUnsignedString(ids.saved());
  }

  private static void compare(List<String> wrong, String what, Object planned, Object found) {
    if (!planned.equals(found)) {
      wrong.add(what + " is " + found + " and should be " + planned);
    }
  }
}
