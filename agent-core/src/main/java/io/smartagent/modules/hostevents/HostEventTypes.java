package io.smartagent.modules.hostevents;

import io.smartagent.module.EventType;
import java.util.List;

/**
 * The types of the events of {@code host-events}, named as node-problem-detector names them where
 * it has them.
 */
final class HostEventTypes {

  private static final String[] OOM = {"process", "pid", "scope", "limitBytes", "count"};
  private static final String[] FILESYSTEM = {"message", "count", "mountPoints"};
  private static final String[] KERNEL = {"message", "count", "process", "pid"};

  private static final String PLACES =
      " `mountPoints` are the host's, `containers` have it mounted: 16 of each at most, and how"
          + " many are truncated. The container's own attributes are set where it is the only one.";

  private static final String REPEATED =
      " Further ones of the same `subject` within a minute are one event with their `count`.";

  static final EventType POD_OOM_KILLING =
      EventType.warning(
              "PodOOMKilling",
              "A container or pod has reached its own memory limit; also for a container"
                  + " that belongs to no pod. `scope` is `container` or `pod`. From the source"
                  + " `counters` `count` may be above 1, and pid, process and sizes are null.")
          .shownAs("OOM kill", OOM);

  static final EventType OOM_KILLING =
      EventType.warning(
              "OOMKilling",
              "Memory ran out beyond one workload's own limit. `scope` is `global` for the"
                  + " machine, `allocatable` for what kubelet leaves to all pods, `cgroup` for"
                  + " another control group's limit, `cpuset` or `memoryPolicy` for memory nodes,"
                  + " and `unknown`. The victim may well be in a pod.")
          .shownAs("OOM kill", OOM);

  static final EventType TASK_HUNG =
      EventType.warning(
              "TaskHung",
              "A task waits in the kernel and has not run for `blockedSeconds`. The kernel says so"
                  + " again each time that as many seconds have passed, until it has said"
                  + " `kernel.hung_task_warnings` in all; of that one event comes every five"
                  + " minutes at most, with `update` true. `blockerPid` is who is likely to hold"
                  + " what it waits for, where the kernel (from 6.15) reports it. `kernelStack` is"
                  + " the trace in the log, the innermost frame first, 32 at most.")
          .shownAs("Task hung", "process", "pid", "blockedSeconds", "blockerProcess", "lock");

  static final EventType READONLY_FILESYSTEM =
      filesystem(
          "ReadonlyFilesystem",
          "Read-only fault",
          "A file system has become read-only after a fault, or refuses everything: ext4,"
              + " Btrfs, FAT, F2FS. With every source also where mountinfo shows `emergency_ro`,"
              + " `shutdown` or `ro` after `rw`: `source` is `counters` then. Log and state of one"
              + " file system within a minute are one event.");

  static final EventType XFS_SHUTDOWN =
      filesystem(
          "XfsShutdown",
          "XFS shutdown",
          "An XFS file system has shut itself down: every access fails with EIO until it is"
              + " unmounted. Only the kernel's log reports it.");

  static final EventType EXT4_ERROR =
      filesystem(
          "Ext4Error",
          "Ext4 error",
          "An ext4 (or ext3, ext2) file system has met an error in its structures. With"
              + " every source also where `/sys/fs/ext4/DEVICE/errors_count` grows: `source` is"
              + " `counters` then. Further ones within a minute are one event with their `count`.");

  static final EventType EXT4_WARNING =
      filesystem(
          "Ext4Warning",
          "Ext4 warning",
          "An ext4 (or ext3, ext2) file system warns. Further ones within a minute are one"
              + " event with their `count`.");

  static final EventType IO_ERROR =
      filesystem(
          "IOError",
          "I/O error",
          "A block device has failed to read or write, or has not answered in time."
              + " `filesystem` is that on the device, where one is mounted directly. Further ones"
              + " within a minute are one event with their `count`.");

  static final EventType KERNEL_OOPS =
      problem(
          "KernelOops",
          "Kernel oops",
          "The kernel has met a fault of its own: a bad pointer, a BUG, a division by zero."
              + " `subject` is its function, pid and process the task that ran then, often by"
              + " chance.");

  static final EventType SOFT_LOCKUP =
      problem(
          "SoftLockup",
          "Soft lockup",
          "A processor (`subject`) has run one task in the kernel for so long that nothing"
              + " else could run there.");

  static final EventType HARD_LOCKUP =
      problem(
          "HardLockup",
          "Hard lockup",
          "A processor (`subject`) does not even take interrupts any more.");

  static final EventType RCU_STALL =
      problem(
          "RcuStall",
          "RCU stall",
          "A processor has not let the kernel's RCU (`subject` is its flavour) go on.");

  static final EventType UNREGISTER_NET_DEVICE =
      problem(
          "UnregisterNetDevice",
          "Interface in use",
          "A network interface (`subject`) cannot be removed, because something still holds"
              + " a reference: a known sign of leaked network namespaces.");

  static final EventType CONNTRACK_FULL =
      problem(
          "ConntrackFull",
          "Conntrack full",
          "The table of tracked connections is full, so packets are dropped.");

  static final EventType MEMORY_READ_ERROR =
      problem(
          "MemoryReadError",
          "Memory error",
          "The memory controller (`subject`) has met an error, corrected (CE) or not (UE).");

  static final EventType CPER_FATAL =
      problem(
          "CperHardwareErrorFatal",
          "Hardware error",
          "The firmware reports a fault of the hardware that it cannot go on with (UEFI's"
              + " Common Platform Error Record).");

  static final EventType CPER_RECOVERABLE =
      problem(
          "CperHardwareErrorRecoverable",
          "Hardware error",
          "The firmware reports a fault of the hardware that it can recover from (UEFI's"
              + " Common Platform Error Record).");

  static final EventType CPER_CORRECTED =
      EventType.notice(
              "CperHardwareErrorCorrected",
              "The firmware reports a fault of the hardware that it has corrected (UEFI's"
                  + " Common Platform Error Record)."
                  + REPEATED)
          .shownAs("Hardware error", KERNEL);

  /** All of them. */
  static final List<EventType> ALL =
      List.of(
          POD_OOM_KILLING,
          OOM_KILLING,
          TASK_HUNG,
          READONLY_FILESYSTEM,
          XFS_SHUTDOWN,
          EXT4_ERROR,
          EXT4_WARNING,
          IO_ERROR,
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

  /** Returns the type of what happens to a file system or a block device. */
  private static EventType filesystem(String name, String title, String meaning) {
    return EventType.warning(name, meaning + PLACES).shownAs(title, FILESYSTEM);
  }

  /** Returns the type of everything else that only the log has. */
  private static EventType problem(String name, String title, String meaning) {
    return EventType.warning(name, meaning + REPEATED).shownAs(title, KERNEL);
  }

  /** Returns whether it is a state, which is entered once however often the kernel says so. */
  static boolean isState(EventType type) {
    return type.equals(READONLY_FILESYSTEM) || type.equals(XFS_SHUTDOWN);
  }
}
