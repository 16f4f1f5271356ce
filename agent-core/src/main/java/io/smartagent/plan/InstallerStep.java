package io.smartagent.plan;

import io.smartagent.host.HostUser;
import io.smartagent.kernel.capability.CapabilitySet;

/** A part of installing another agent on the host. */
public sealed interface InstallerStep extends Step {

  /**
   * Brings back the last complete installation where a start was killed amid the next one, and
   * keeps others from installing meanwhile.
   *
   * @param directory that the installed agent's own one is in
   */
  record RecoverInstallation(String directory, String reason) implements InstallerStep {
    @Override
    public String action() {
      return "recover-installation";
    }

    @Override
    public String subject() {
      return directory;
    }

    @Override
    public String remedy(String call) {
      return StepRemedies.ofDirectory(directory);
    }

    @Override
    public <X extends Exception, Y extends Exception> void accept(StepVisitor<X, Y> visitor)
        throws X, Y {
      visitor.recoverInstallation(this);
    }
  }

  /**
   * Has the script sent, into the launcher's memory.
   *
   * @param url as it may be shown
   */
  record FetchInstaller(String url, String reason) implements InstallerStep {
    @Override
    public String action() {
      return "fetch-installer";
    }

    @Override
    public String subject() {
      return url;
    }

    @Override
    public String remedy(String call) {
      return StepRemedies.probe(call);
    }

    @Override
    public <X extends Exception, Y extends Exception> void accept(StepVisitor<X, Y> visitor)
        throws X, Y {
      visitor.fetchInstaller(this);
    }
  }

  /**
   * Runs the script where it is needed; what was installed before is back where it fails.
   *
   * @param directory that the installed agent's own one is in
   * @param program that has to be there and executable afterwards
   * @param user who has to be able to execute it
   * @param capabilities of the script
   */
  record RunInstaller(
      String directory, String program, HostUser user, CapabilitySet capabilities, String reason)
      implements InstallerStep {
    @Override
    public String action() {
      return "run-installer";
    }

    @Override
    public String subject() {
      return directory + "/smartagent with " + capabilities;
    }

    @Override
    public String remedy(String call) {
      return "See the script's output above; the previous installation is kept.";
    }

    @Override
    public boolean runsAnotherProgram() {
      return true;
    }

    @Override
    public <X extends Exception, Y extends Exception> void accept(StepVisitor<X, Y> visitor)
        throws X, Y {
      visitor.runInstaller(this);
    }
  }
}
