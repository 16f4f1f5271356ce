package io.smartagent.simulation;

import static io.smartagent.simulation.PlanOnly.noPlanAsksFor;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.security.Trials;

/** The probe's trials in an assumed container. */
final class AssumedTrials implements Trials {

  private final AssumedCalls calls;
  private final AssumedFilesystem filesystem;

  AssumedTrials(AssumedCalls calls, AssumedFilesystem filesystem) {
    this.calls = calls;
    this.filesystem = filesystem;
  }

  @Override
  public void pivotRoot() throws ErrnoException {
    calls.pivotRoot();
  }

  @Override
  public void mountSetattr() throws ErrnoException {
    calls.mountSetattr();
  }

  @Override
  public void openTree() throws ErrnoException {
    calls.openTree();
  }

  @Override
  public void tracingProgram() throws ErrnoException {
    calls.tracingProgram();
  }

  @Override
  public void cpuClock() throws ErrnoException {
    calls.cpuClock();
  }

  @Override
  public void processEvents() throws ErrnoException {
    calls.processEvents();
  }

  @Override
  public void landlock() throws ErrnoException {
    calls.landlock();
  }

  @Override
  public void makeDevice(String path) {
    throw noPlanAsksFor("a device");
  }

  /** Whatever listens there listens here, and not on the node that is assumed. */
  @Override
  public void bindTcp(byte[] address, int port) {}

  @Override
  public void readDevice(String path) throws ErrnoException {
    calls.readLogDevice("open(\"" + path + "\", O_RDONLY|O_NONBLOCK)", filesystem.exists(path));
  }
}
