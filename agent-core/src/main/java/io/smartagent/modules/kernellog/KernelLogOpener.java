package io.smartagent.modules.kernellog;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.module.ModuleContext;

/** Opens the kernel's log that a module's source stands for. */
@FunctionalInterface
public interface KernelLogOpener {

  /** The source that is the log's device: every record with its number, at once. */
  String KMSG = "kmsg";

  /** The source that is syslog(2), which needs no device. */
  String SYSLOG = "syslog";

  /**
   * Returns the log from its start.
   *
   * @throws ErrnoException where it cannot be read
   */
  KernelLogSource open(ModuleContext context) throws ErrnoException;

  /**
   * As {@link #open}, of the running kernel.
   *
   * @throws IllegalArgumentException where the module's source is no log
   */
  static KernelLogSource bySource(ModuleContext context) throws ErrnoException {
    return switch (context.source()) {
      case KMSG -> new KmsgSource(context.kernel().log(), context.root() + "/dev/kmsg");
      case SYSLOG -> new SyslogSource(context.kernel().log());
      default -> throw new IllegalArgumentException(context.source() + " is no kernel log");
    };
  }
}
