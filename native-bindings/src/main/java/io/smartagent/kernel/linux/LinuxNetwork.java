package io.smartagent.kernel.linux;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.net.Network;
import io.smartagent.kernel.net.ProcessEvents;
import io.smartagent.kernel.net.RouteSocket;

final class LinuxNetwork implements Network {

  private final SystemCalls calls;
  private final LinuxDescriptors descriptors;

  LinuxNetwork(SystemCalls calls, LinuxDescriptors descriptors) {
    this.calls = calls;
    this.descriptors = descriptors;
  }

  @Override
  public ProcessEvents openProcessEvents() throws ErrnoException {
    return new LinuxProcessEvents(calls, descriptors);
  }

  @Override
  public RouteSocket openRoute() throws ErrnoException {
    return new LinuxRouteSocket(calls, descriptors);
  }
}
