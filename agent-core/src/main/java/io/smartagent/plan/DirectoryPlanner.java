package io.smartagent.plan;

import static io.smartagent.kernel.capability.Capability.CAP_DAC_OVERRIDE;

import io.smartagent.config.Mode;
import io.smartagent.config.Problem;
import io.smartagent.config.Settings;
import io.smartagent.host.DirectoryFacts;
import io.smartagent.host.HostFacts;
import io.smartagent.probe.ContainerFacts;
import java.util.List;

/** Decides whether the two directories that the agent writes to are available. Pure. */
final class DirectoryPlanner {

  private final Settings settings;
  private final ContainerFacts container;
  private final HostFacts host;
  private final Findings findings;

  DirectoryPlanner(Settings settings, ContainerFacts container, HostFacts host, Findings findings) {
    this.settings = settings;
    this.container = container;
    this.host = host;
    this.findings = findings;
  }

  /**
   * Finds what is wrong with them.
   *
   * @param homeIsData whether the runtime is mounted in the data directory
   */
  void check(Mode mode, boolean homeIsData) {
    checkInstallDirectory();
    checkRuntimeDirectory(mode, homeIsData);
  }

  private void checkInstallDirectory() {
    DirectoryFacts install = host.directories().install();
    String name = "Installation directory \"" + install.path() + "\"";
    if (!install.isDirectory()) {
      findings.problem(
          Problem.configuration(
              name + " " + found(install) + ".",
              "It must be a directory of the host before the agent starts. Create it, mount it at"
                  + " \"/mnt/root"
                  + install.path()
                  + "\" with readOnly: false, or name another with SMARTAGENT_INSTALL_PATH."));
      return;
    }
    checkLevels(name, install);
    if (install.readOnly()) {
      findings.problem(readOnly(name, install));
    }
  }

  private void checkRuntimeDirectory(Mode mode, boolean homeIsData) {
    DirectoryFacts runtime = host.directories().runtime();
    String name = "Runtime directory \"" + runtime.path() + "\"";
    if (runtime.state() == DirectoryFacts.State.ABSENT && canCreateRuntime(mode)) {
      checkLevels(
          "Directory \"" + host.directories().runtimeParent().path() + "\"",
          host.directories().runtimeParent());
      return;
    }
    if (!runtime.isDirectory()) {
      findings.problem(
          Problem.configuration(
              name + " " + found(runtime) + ".",
              "Mount it with hostPath type DirectoryOrCreate at \"/mnt/root"
                  + runtime.path()
                  + "\" with readOnly: false, or name another with SMARTAGENT_RUNTIME_PATH."));
      return;
    }
    checkLevels(name, runtime);
    if (runtime.readOnly()) {
      findings.problem(readOnly(name, runtime));
    }
    boolean creatable = runtime.uid() == 0 || container.has(CAP_DAC_OVERRIDE);
    if (homeIsData && !creatable && !runtime.entries().contains(LaunchPlanner.RUNTIME_NAME)) {
      findings.problem(
          Problem.notPermitted(
              name
                  + " belongs to uid "
                  + Integer.toUnsignedString(runtime.uid())
                  + ", and the container lacks CAP_DAC_OVERRIDE to make \""
                  + LaunchPlanner.RUNTIME_NAME
                  + "\" in it.",
              "Make that directory on the host, or add the capability DAC_OVERRIDE."));
    }
  }

  private boolean canCreateRuntime(Mode mode) {
    DirectoryFacts parent = host.directories().runtimeParent();
    return mode == Mode.FULL
        && parent.isDirectory()
        && !parent.readOnly()
        && (parent.uid() == 0 || container.has(CAP_DAC_OVERRIDE));
  }

  private static String found(DirectoryFacts directory) {
    String at =
        directory.detail().equals(directory.path()) ? "" : ": \"" + directory.detail() + "\" is";
    return switch (directory.state()) {
      case ABSENT -> "does not exist" + (at.isEmpty() ? "" : at + " missing");
      case LINK ->
          (at.isEmpty() ? "is a symbolic link" : "leads through a symbolic link" + at + " one")
              + ", which could lead anywhere";
      case NOT_A_DIRECTORY -> "is not a directory" + (at.isEmpty() ? "" : at + " a file");
      case UNREADABLE, DIRECTORY -> "cannot be reached" + (at.isEmpty() ? "" : at + " closed");
    };
  }

  private void checkLevels(String name, DirectoryFacts directory) {
    if (!directory.tooClosed().isEmpty()) {
      findings.problem(
          Problem.configuration(
              name
                  + " is not open to the agent's user at every level: "
                  + String.join(", ", directory.tooClosed())
                  + ".",
              "Give every level at least mode 0755 on the host."));
    }
  }

  private static Problem readOnly(String name, DirectoryFacts directory) {
    return Problem.configuration(
        name + " is mounted read-only.",
        "Mount it separately:\nvolumeMounts:\n- name: host-"
            + lastName(directory.path())
            + "\n  mountPath: /mnt/root"
            + directory.path()
            + "\n  readOnly: false");
  }

  private static String lastName(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /**
   * Returns what is done to the data directory.
   *
   * @param bindsToken whether the ServiceAccount's token is bound to a directory in it
   * @param changeOwner whether it has to be given to the agent's user
   */
  DataDirectoryDecision decide(boolean homeIsData, boolean bindsToken, boolean changeOwner) {
    List<String> entries = host.directories().runtime().entries();
    return new DataDirectoryDecision(
        settings.runtimeDirectory(),
        !host.directories().runtime().isDirectory(),
        homeIsData && !entries.contains(LaunchPlanner.RUNTIME_NAME),
        bindsToken && !entries.contains(LaunchPlanner.ACCOUNT_NAME),
        changeOwner);
  }
}
