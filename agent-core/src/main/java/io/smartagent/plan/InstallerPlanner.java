package io.smartagent.plan;

import static io.smartagent.kernel.capability.Capability.CAP_AUDIT_WRITE;
import static io.smartagent.kernel.capability.Capability.CAP_CHOWN;
import static io.smartagent.kernel.capability.Capability.CAP_DAC_OVERRIDE;
import static io.smartagent.kernel.capability.Capability.CAP_DAC_READ_SEARCH;
import static io.smartagent.kernel.capability.Capability.CAP_FOWNER;
import static io.smartagent.kernel.capability.Capability.CAP_FSETID;
import static io.smartagent.kernel.capability.Capability.CAP_KILL;
import static io.smartagent.kernel.capability.Capability.CAP_SETFCAP;
import static io.smartagent.kernel.capability.Capability.CAP_SETGID;
import static io.smartagent.kernel.capability.Capability.CAP_SETUID;

import io.smartagent.config.InstallerSettings;
import io.smartagent.config.Option;
import io.smartagent.config.Problem;
import io.smartagent.config.Settings;
import io.smartagent.host.HostFacts;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.mount.MountTable;
import io.smartagent.probe.ContainerFacts;
import java.util.Optional;

/** Decides how another agent is installed, where the user wants one. Pure. */
final class InstallerPlanner {

  /**
   * The most that the script has: to make files of any owner and mode, to ask after users, to end
   * what it has started. With none of them can a mount be changed, so the seal holds for it too.
   */
  static final CapabilitySet OF_SCRIPT =
      CapabilitySet.of(
          CAP_CHOWN,
          CAP_DAC_OVERRIDE,
          CAP_DAC_READ_SEARCH,
          CAP_FOWNER,
          CAP_FSETID,
          CAP_SETUID,
          CAP_SETGID,
          CAP_SETFCAP,
          CAP_KILL,
          CAP_AUDIT_WRITE);

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
          "SMARTAGENT_INSTALLER_SKIP_CERT_CHECK is true: whoever is between here and "
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
                OF_SCRIPT.intersect(container.capabilities().permitted())))
        : Optional.empty();
  }
}
