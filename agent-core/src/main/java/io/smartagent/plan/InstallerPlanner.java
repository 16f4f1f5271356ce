package io.smartagent.plan;

import io.smartagent.config.InstallerSettings;
import io.smartagent.config.Option;
import io.smartagent.config.Problem;
import io.smartagent.config.Settings;
import io.smartagent.host.HostFacts;
import io.smartagent.kernel.mount.MountTable;
import io.smartagent.needs.LaunchNeed;
import io.smartagent.probe.ContainerFacts;
import java.util.Optional;

/** Decides how another agent is installed, where the user wants one. Pure. */
final class InstallerPlanner {

  private final Settings settings;
  private final ContainerFacts container;
  private final HostFacts host;
  private final Target target;
  private final Findings findings;

  InstallerPlanner(
      Settings settings,
      ContainerFacts container,
      HostFacts host,
      Target target,
      Findings findings) {
    this.settings = settings;
    this.container = container;
    this.host = host;
    this.target = target;
    this.findings = findings;
  }

  /**
   * Finds what is wrong with it.
   *
   * @param remount whether the launch mounts a procfs where the host has none
   */
  void check(boolean remount) {
    if (settings.installer().isEmpty()) {
      return;
    }
    if (target instanceof Target.HostProgram) {
      findings.warning(
          "SMARTAGENT_INSTALLER_SCRIPT_URL is set, but run starts its own command: nothing is"
              + " installed.");
      return;
    }
    checkDirectories();
    if (!host.entries().hasProc() && !(remount && host.entries().hasProcDirectory())) {
      findings.problem(
          Problem.configuration(
              "The host's root has no procfs at /proc, which an installer needs.",
              "Mount it:\nvolumeMounts:\n- name: host-proc\n  mountPath: /mnt/root/proc\n"
                  + "  readOnly: true"));
    }
    warnOfTrust(settings.installer().get());
  }

  private void checkDirectories() {
    String home = settings.root().installPath() + "/smartagent";
    if (MountTable.isAtOrBelow(settings.runtimeDirectory(), home)) {
      findings.problem(
          Problem.configuration(
              "Runtime directory \""
                  + settings.runtimeDirectory()
                  + "\" is in \""
                  + home
                  + "\", which every installation replaces.",
              "Name another with SMARTAGENT_RUNTIME_PATH."));
    }
    if (host.directories().install().isDirectory() && host.directories().install().uid() != 0) {
      findings.problem(
          Problem.configuration(
              "Installation directory \""
                  + settings.root().installPath()
                  + "\" belongs to uid "
                  + Integer.toUnsignedString(host.directories().install().uid())
                  + ", who could change the installer while it runs as root.",
              "Give it to root on the host, or name another with SMARTAGENT_INSTALL_PATH."));
    }
  }

  private void warnOfTrust(InstallerSettings installer) {
    if (installer.download().skipCertificateCheck()) {
      findings.warning(
          "SMARTAGENT_INSTALLER_SKIP_CERT_CHECK is true: any machine on the path to "
              + installer.download().shownUrl()
              + (installer.download().sha256().isPresent()
                  ? " can read the token."
                  : " can read the token and run anything here as root. Use"
                      + " SMARTAGENT_INSTALLER_CA_FILE instead, or at least"
                      + " SMARTAGENT_INSTALLER_SHA256."));
    }
    if (installer.download().skipCertificateCheck() && installer.download().caFile().isPresent()) {
      findings.warning(
          Option.INSTALLER_CA_FILE.variable()
              + " has no effect while SMARTAGENT_INSTALLER_SKIP_CERT_CHECK is true.");
    }
  }

  /** Returns how the other agent is installed; empty where none is. */
  Optional<InstallerDecision> decide() {
    return target instanceof Target.InstalledAgent agent
        ? Optional.of(
            new InstallerDecision(
                settings.root().installPath(),
                settings.installer().orElseThrow().download().shownUrl(),
                agent.words().getFirst(),
                LaunchNeed.INSTALL.capabilities().intersect(container.capabilities().permitted())))
        : Optional.empty();
  }
}
