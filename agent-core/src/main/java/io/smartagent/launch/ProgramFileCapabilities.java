package io.smartagent.launch;

import io.smartagent.config.ExitStatus;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.Kernel;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.capability.FileCapabilities;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.mount.MountFlag;
import io.smartagent.kernel.mount.MountPoint;
import io.smartagent.kernel.mount.TmpfsOptions;
import io.smartagent.plan.LaunchPlanner;
import io.smartagent.plan.PrivilegeStep;
import java.util.Set;

/**
 * Gives the agent's loader file capabilities. The image itself cannot be changed, so a copy covers
 * it: on a separate tmpfs, which ends with the container.
 */
final class ProgramFileCapabilities {

  private static final TmpfsOptions ONE_PROGRAM = new TmpfsOptions(4 << 20, 0755);
  private static final int MAX_PROGRAM_SIZE = 3 << 20;
  private static final int EXECUTABLE = 0755;

  private final Kernel kernel;
  private final HostView view;

  ProgramFileCapabilities(Kernel kernel, HostView view) {
    this.kernel = kernel;
    this.view = view;
  }

  void set(PrivilegeStep.SetFileCapabilities step) throws ErrnoException, LaunchFailure {
    if (step.mounted()) {
      cover(step);
    }
    String directory = view.root() + step.directory();
    set(directory + "/" + step.name(), step.kept());
    if (step.mounted()) {
      // Not naming nosuid takes it away: file capabilities mean nothing on such a mount.
      kernel.mounts().remountReadOnly(directory, Set.of(MountFlag.MS_NODEV));
    }
    requireMeaning(directory);
  }

  private void cover(PrivilegeStep.SetFileCapabilities step) throws ErrnoException {
    byte[] program =
        kernel
            .filesystem()
            .readAll(LaunchPlanner.IMAGE_HOME + "/bin/" + step.name(), MAX_PROGRAM_SIZE);
    try (Descriptor top = kernel.filesystem().openDirectory(view.root());
        Descriptor directory = kernel.filesystem().locateLinkInRoot(top, step.directory())) {
      kernel.mounts().mountTmpfs(directory, ONE_PROGRAM, Set.of());
    }
    try (Descriptor top = kernel.filesystem().openDirectory(view.root());
        Descriptor directory = kernel.filesystem().locateLinkInRoot(top, step.directory())) {
      kernel.filesystem().replace(directory, step.name(), program, EXECUTABLE);
    }
  }

  private void set(String path, CapabilitySet kept) throws ErrnoException {
    kernel.capabilities().setOfFile(path, new FileCapabilities(CapabilitySet.NONE, kept, true));
  }

  private void requireMeaning(String directory) throws ErrnoException, LaunchFailure {
    boolean ignored =
        kernel
            .mounts()
            .table()
            .containing(directory)
            .map(MountPoint::options)
            .filter(options -> options.contains("nosuid"))
            .isPresent();
    if (ignored) {
      throw new LaunchFailure(
          ExitStatus.UNAVAILABLE,
          "\""
              + directory
              + "\" is on a mount with nosuid, where the kernel ignores file capabilities, and it has"
              + " no ambient ones. Nothing was started. Mount the installation directory without"
              + " nosuid, or pass --non-root-mode false.");
    }
  }
}
