package io.smartagent.launch;

import io.smartagent.config.ExitStatus;
import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.Kernel;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.security.AccessRight;
import io.smartagent.plan.PrivilegeStep;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Restricts the launching thread with Landlock, and verifies that it cannot write to the host. */
final class WriteRestriction {

  /** Where only the host's own programs create files. */
  private static final List<String> TRIED = List.of("/", "/etc", "/usr", "/var");

  private final Kernel kernel;
  private final HostView view;

  WriteRestriction(Kernel kernel, HostView view) {
    this.kernel = kernel;
    this.view = view;
  }

  void apply(PrivilegeStep.RestrictWrites step) throws ErrnoException, LaunchFailure {
    Set<AccessRight> handled = AccessRight.knownTo(kernel.landlock().abi());
    try (Descriptor ruleset = kernel.landlock().createRuleset(handled);
        Descriptor top = kernel.filesystem().openDirectory(view.root() + "/")) {
      for (String path : step.writable().stream().sorted().toList()) {
        allow(ruleset, top, path, handled);
      }
      for (String device : step.devices()) {
        allow(ruleset, top, device, handled);
      }
      kernel.landlock().restrictSelf(ruleset);
    }
    verify(step);
  }

  /**
   * Devices are made nowhere, although some agent might: by that alone the kernel can be asked
   * whether the restriction is there, for it answers otherwise where only permissions are in the
   * way. A place that is absent, or that the agent's user cannot reach, needs no rule.
   */
  private void allow(Descriptor ruleset, Descriptor top, String path, Set<AccessRight> handled)
      throws ErrnoException {
    try (Descriptor place = kernel.filesystem().locateInRoot(top, path)) {
      boolean directory = kernel.filesystem().status(place).isDirectory();
      Set<AccessRight> allowed = EnumSet.noneOf(AccessRight.class);
      for (AccessRight right : handled) {
        if (directory || right.isOfFiles()) {
          allowed.add(right);
        }
      }
      allowed.remove(AccessRight.MAKE_CHAR);
      allowed.remove(AccessRight.MAKE_BLOCK);
      kernel.landlock().allowBeneath(ruleset, place, allowed);
    } catch (ErrnoException e) {
      if (e.errno() != Errno.ENOENT && e.errno() != Errno.EACCES) {
        throw e;
      }
    }
  }

  private void verify(PrivilegeStep.RestrictWrites step) throws LaunchFailure {
    String name = ".smartagent-landlock-" + ProcessHandle.current().pid();
    List<String> wrong = new ArrayList<>();
    String device = step.triedIn() + "/" + name;
    if (!isDenied(() -> kernel.syscallProbes().makeDevice(device), Errno.EACCES)) {
      wrong.add("a device could be made in " + step.triedIn());
    }
    for (String directory : TRIED) {
      String path = (directory.equals("/") ? "" : directory) + "/" + name;
      if (!isDenied(() -> kernel.filesystem().tryMakeDirectory(path), null)) {
        wrong.add("a directory could be made in " + directory);
      }
    }
    if (!wrong.isEmpty()) {
      throw new LaunchFailure(
          ExitStatus.INTERNAL,
          "Landlock does not keep the agent from writing to the host: "
              + String.join("; ", wrong)
              + ". Nothing was started. Report it with the output of probe.");
    }
  }

  /** Something that has to fail. */
  @FunctionalInterface
  private interface Attempt {
    void make() throws ErrnoException;
  }

  private static boolean isDenied(Attempt attempt, @Nullable Errno expected) {
    try {
      attempt.make();
      return false;
    } catch (ErrnoException e) {
      return expected == null || e.errno() == expected;
    }
  }
}
