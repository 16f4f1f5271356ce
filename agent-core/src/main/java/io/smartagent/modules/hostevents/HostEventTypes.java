package io.smartagent.modules.hostevents;

import java.util.List;

/**
 * The types of the events of {@code host-events}, named as node-problem-detector names them where
 * it has them. What they mean is in {@link HostEventsTelemetry}.
 */
final class HostEventTypes {

  static final String POD_OOM_KILLING = "PodOOMKilling";
  static final String OOM_KILLING = "OOMKilling";
  static final String TASK_HUNG = "TaskHung";

  static final String READONLY_FILESYSTEM = "ReadonlyFilesystem";
  static final String XFS_SHUTDOWN = "XfsShutdown";
  static final String EXT4_ERROR = "Ext4Error";
  static final String EXT4_WARNING = "Ext4Warning";
  static final String IO_ERROR = "IOError";

  static final String KERNEL_OOPS = "KernelOops";
  static final String SOFT_LOCKUP = "SoftLockup";
  static final String HARD_LOCKUP = "HardLockup";
  static final String RCU_STALL = "RcuStall";
  static final String UNREGISTER_NET_DEVICE = "UnregisterNetDevice";
  static final String CONNTRACK_FULL = "ConntrackFull";
  static final String MEMORY_READ_ERROR = "MemoryReadError";
  static final String CPER_FATAL = "CperHardwareErrorFatal";
  static final String CPER_RECOVERABLE = "CperHardwareErrorRecoverable";
  static final String CPER_CORRECTED = "CperHardwareErrorCorrected";

  /** What happens to a file system or a block device. */
  static final List<String> FILESYSTEM_TYPES =
      List.of(READONLY_FILESYSTEM, XFS_SHUTDOWN, EXT4_ERROR, EXT4_WARNING, IO_ERROR);

  /** Everything else that is said in the log only. */
  static final List<String> PROBLEM_TYPES =
      List.of(
          KERNEL_OOPS,
          SOFT_LOCKUP,
          HARD_LOCKUP,
          RCU_STALL,
          UNREGISTER_NET_DEVICE,
          CONNTRACK_FULL,
          MEMORY_READ_ERROR,
          CPER_FATAL,
          CPER_RECOVERABLE,
          CPER_CORRECTED);

  private HostEventTypes() {}

  /** Returns whether it is a state, which is entered once however often the kernel says so. */
  static boolean isState(String type) {
    return type.equals(READONLY_FILESYSTEM) || type.equals(XFS_SHUTDOWN);
  }
}
