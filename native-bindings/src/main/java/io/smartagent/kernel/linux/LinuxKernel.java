package io.smartagent.kernel.linux;

import io.smartagent.kernel.Kernel;
import io.smartagent.kernel.capability.Capabilities;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.kernel.log.KernelLog;
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
import io.smartagent.kernel.security.SyscallProbes;

/** The kernel that this process runs on. */
public final class LinuxKernel implements Kernel {

  private final LinuxCapabilities capabilities;
  private final LinuxCredentials credentials;
  private final LinuxNamespaces namespaces;
  private final LinuxMounts mounts;
  private final LinuxFilesystem filesystem;
  private final LinuxDescriptors descriptors;
  private final LinuxSignals signals;
  private final LinuxResourceLimits resourceLimits;
  private final LinuxExecution execution;
  private final LinuxChildren children;
  private final LinuxSecurityState security;
  private final LinuxLandlock landlock;
  private final LinuxSyscallProbes syscallProbes;
  private final LinuxKernelLog log;
  private final LinuxNetwork network;

  /** Binds the system calls; fails where the machine is none that this program knows. */
  public LinuxKernel() {
    SystemCalls calls = new SystemCalls();
    descriptors = new LinuxDescriptors(calls);
    filesystem = new LinuxFilesystem(calls, descriptors);
    capabilities = new LinuxCapabilities(calls, filesystem);
    credentials = new LinuxCredentials(calls);
    namespaces = new LinuxNamespaces(calls, filesystem);
    mounts = new LinuxMounts(calls, descriptors, filesystem);
    signals = new LinuxSignals(calls);
    resourceLimits = new LinuxResourceLimits(calls);
    execution = new LinuxExecution(calls);
    security = new LinuxSecurityState(calls, filesystem);
    landlock = new LinuxLandlock(calls, descriptors);
    children = new LinuxChildren(calls, descriptors, capabilities, landlock, filesystem);
    syscallProbes = new LinuxSyscallProbes(calls, descriptors, landlock);
    log = new LinuxKernelLog(calls, descriptors);
    network = new LinuxNetwork(calls, descriptors);
  }

  @Override
  public Capabilities capabilities() {
    return capabilities;
  }

  @Override
  public Credentials credentials() {
    return credentials;
  }

  @Override
  public Namespaces namespaces() {
    return namespaces;
  }

  @Override
  public Mounts mounts() {
    return mounts;
  }

  @Override
  public Filesystem filesystem() {
    return filesystem;
  }

  @Override
  public Descriptors descriptors() {
    return descriptors;
  }

  @Override
  public Signals signals() {
    return signals;
  }

  @Override
  public ResourceLimits resourceLimits() {
    return resourceLimits;
  }

  @Override
  public Execution execution() {
    return execution;
  }

  @Override
  public Children children() {
    return children;
  }

  @Override
  public SecurityState security() {
    return security;
  }

  @Override
  public Landlock landlock() {
    return landlock;
  }

  @Override
  public SyscallProbes syscallProbes() {
    return syscallProbes;
  }

  @Override
  public KernelLog log() {
    return log;
  }

  @Override
  public Network network() {
    return network;
  }
}
