package io.smartagent.modules.applicationdiscovery;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An application that runs.
 *
 * @param process that it is
 * @param details of its software
 * @param ports that it listens on
 */
record Application(HostProcess process, Details details, Ports ports) {

  /** Who an application is: a process that executes another program is another application. */
  record Identity(
      int pid,
      long startTicks,
      String name,
      @Nullable String product,
      @Nullable Language language,
      @Nullable String entryPoint) {

    /** Returns who a process is. */
    static Identity of(HostProcess process) {
      Software software = process.software();
      return new Identity(
          process.pid(),
          process.startTicks(),
          software.name(),
          software.product(),
          software.language(),
          software.entryPoint());
    }
  }

  /** Returns whether more than its ports is not as it was before. */
  boolean differs(Application before) {
    return !details.equals(before.details)
        || !process.commandLine().equals(before.process.commandLine())
        || !Objects.equals(process.executable(), before.process.executable())
        || !Objects.equals(process.uid(), before.process.uid())
        || !process.owner().equals(before.process.owner());
  }

  /** Returns the application with the ports that it has now. */
  Application with(HostProcess now, Ports newPorts) {
    return new Application(now, details, newPorts);
  }
}
