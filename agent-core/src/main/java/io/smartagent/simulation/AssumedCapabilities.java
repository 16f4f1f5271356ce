package io.smartagent.simulation;

import static io.smartagent.simulation.PlanOnly.noPlanAsksFor;

import io.smartagent.kernel.capability.Capabilities;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.capability.FileCapabilities;
import io.smartagent.kernel.capability.Securebits;
import io.smartagent.kernel.capability.ThreadCapabilities;
import java.util.Optional;

/** The capabilities of an assumed container's first process. */
final class AssumedCapabilities implements Capabilities {

  private final AssumedContainer container;

  AssumedCapabilities(AssumedContainer container) {
    this.container = container;
  }

  /** As engines give them since CVE-2022-24769: nothing is inheritable. */
  @Override
  public ThreadCapabilities read() {
    return new ThreadCapabilities(
        container.effective(),
        container.effective(),
        CapabilitySet.NONE,
        container.capabilities(),
        CapabilitySet.NONE);
  }

  @Override
  public int last() {
    return KernelFeature.lastCapability(container.kernel());
  }

  @Override
  public boolean ambientIsSupported() {
    return container.has(KernelFeature.AMBIENT_CAPABILITIES);
  }

  @Override
  public Securebits securebits() {
    return Securebits.NONE;
  }

  @Override
  public boolean noNewPrivileges() {
    return container.noNewPrivileges();
  }

  @Override
  public void set(CapabilitySet effective, CapabilitySet permitted, CapabilitySet inheritable) {
    throw noPlanAsksFor("other capabilities");
  }

  @Override
  public void dropFromBoundingSet(int number) {
    throw noPlanAsksFor("a smaller bounding set");
  }

  @Override
  public void raiseAmbient(int number) {
    throw noPlanAsksFor("an ambient capability");
  }

  @Override
  public void setSecurebits(Securebits securebits) {
    throw noPlanAsksFor("other securebits");
  }

  @Override
  public void keepOverChangeOfUser(boolean keep) {
    throw noPlanAsksFor("another keepcaps");
  }

  @Override
  public void setNoNewPrivileges() {
    throw noPlanAsksFor("no_new_privs");
  }

  @Override
  public void takeFromEveryOtherThread() {
    throw noPlanAsksFor("other threads");
  }

  @Override
  public Optional<FileCapabilities> ofFile(String path) {
    throw noPlanAsksFor("file capabilities");
  }

  @Override
  public void setOfFile(String path, FileCapabilities capabilities) {
    throw noPlanAsksFor("file capabilities");
  }
}
