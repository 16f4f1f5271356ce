package io.smartagent.simulation;

import static io.smartagent.simulation.PlanOnly.noPlanAsksFor;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.Kernel;
import io.smartagent.kernel.capability.Capabilities;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.kernel.log.KernelLog;
import io.smartagent.kernel.log.KernelLogRecords;
import io.smartagent.kernel.mount.Mounts;
import io.smartagent.kernel.net.Network;
import io.smartagent.kernel.process.Children;
import io.smartagent.kernel.process.Credentials;
import io.smartagent.kernel.process.Descriptors;
import io.smartagent.kernel.process.Execution;
import io.smartagent.kernel.process.Namespaces;
import io.smartagent.kernel.process.ResourceLimits;
import io.smartagent.kernel.process.Signals;
import io.smartagent.kernel.security.Landlock;
import io.smartagent.kernel.security.SecurityState;
import io.smartagent.kernel.security.Trials;

/**
 * Answers as the kernel of an assumed container would, so that the probe and the planner that run
 * on it are the real ones. It changes nothing, and has no answer to what no plan asks.
 */
final class AssumedKernel implements Kernel {

  private final AssumedContainer container;
  private final Kernel here;
  private final AssumedCalls calls;
  private final AssumedFilesystem filesystem;

  /**
   * @param here the real one, for what is the same everywhere: the image, the sysctls
   */
  AssumedKernel(AssumedContainer container, Kernel here) {
    this.container = container;
    this.here = here;
    this.calls = new AssumedCalls(container, here.security());
    this.filesystem = new AssumedFilesystem(container, calls, here.filesystem());
  }

  @Override
  public Capabilities capabilities() {
    return new AssumedCapabilities(container);
  }

  @Override
  public Credentials credentials() {
    return new AssumedCredentials(container.uid());
  }

  @Override
  public Namespaces namespaces() {
    return new Namespaces() {
      @Override
      public void unshareMounts() throws ErrnoException {
        calls.unshareMounts();
      }

      @Override
      public void unshareRoot() {
        throw noPlanAsksFor("a root of its own");
      }

      @Override
      public void enterNetworkNamespace(Descriptor namespace) throws ErrnoException {
        calls.setns("setns(" + namespace + ", CLONE_NEWNET)");
      }

      @Override
      public void changeRoot(String path) throws ErrnoException {
        calls.chroot("chroot(\"" + path + "\")");
      }

      @Override
      public void changeDirectory(String path) {
        throw noPlanAsksFor("another directory");
      }

      @Override
      public boolean userNamespaceIsInitial() {
        return container.initialUserNamespace();
      }
    };
  }

  @Override
  public Mounts mounts() {
    return new AssumedMounts(container, calls, filesystem);
  }

  @Override
  public Filesystem filesystem() {
    return filesystem;
  }

  @Override
  public SecurityState security() {
    return new AssumedSecurity(container, here.security());
  }

  @Override
  public Trials trials() {
    return new AssumedTrials(calls, filesystem);
  }

  @Override
  public KernelLog log() {
    return new KernelLog() {
      @Override
      public int bufferSize() throws ErrnoException {
        calls.syslog("syslog(SYSLOG_ACTION_SIZE_BUFFER)");
        return 1;
      }

      @Override
      public byte[] readAll(int limit) {
        throw noPlanAsksFor("the log itself");
      }

      @Override
      public KernelLogRecords openRecords(String device) {
        throw noPlanAsksFor("the log itself");
      }
    };
  }

  @Override
  public Descriptors descriptors() {
    throw noPlanAsksFor("descriptors");
  }

  @Override
  public Signals signals() {
    throw noPlanAsksFor("signals");
  }

  @Override
  public ResourceLimits resourceLimits() {
    throw noPlanAsksFor("resource limits");
  }

  @Override
  public Execution execution() {
    throw noPlanAsksFor("another program");
  }

  @Override
  public Landlock landlock() {
    throw noPlanAsksFor("a restriction");
  }

  @Override
  public Children children() {
    throw noPlanAsksFor("another program");
  }

  @Override
  public Network network() {
    throw noPlanAsksFor("the network");
  }
}
