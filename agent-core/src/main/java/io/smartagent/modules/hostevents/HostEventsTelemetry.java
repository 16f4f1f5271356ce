package io.smartagent.modules.hostevents;

import io.smartagent.module.EventType;
import io.smartagent.module.MetricFamily;
import io.smartagent.module.ModuleTelemetry;
import java.util.List;

/**
 * What {@code host-events} tells. Every event of a type has all of its attributes always; what is
 * unknown is null. {@code source} is what told it: {@code kmsg}, {@code syslog} or {@code
 * counters}. {@code historical} is true for what had happened before the module looked first: a
 * restarted agent tells it again, because it has no place to remember what it has told.
 */
public final class HostEventsTelemetry {

  /** By type; what is bounded is the number of types. */
  static final MetricFamily EVENTS =
      MetricFamily.counter(
          "smartagent_host_events_total",
          "What the kernel said had gone wrong since the module started",
          "type");

  static final MetricFamily LOST =
      MetricFamily.counter(
          "smartagent_kernel_log_records_lost_total",
          "Records of the kernel's log that were overwritten before they could be read");

  /** The attributes of an example in a pod. */
  private static final String IN_A_POD =
      "\"containerId\":\"3f1c9a7b5d2e4f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7"
          + "e8\",\"containerName\":\"api\",\"containerRuntime\":\"containerd\","
          + "\"image\":\"registry.example/api:2.1\","
          + "\"podUid\":\"0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11\",\"podName\":\"api-7d4b9\","
          + "\"podNamespace\":\"shop\"";

  /** The attributes of an example of a process of the host. */
  private static final String OF_THE_HOST =
      "\"containerId\":null,\"containerName\":null,\"containerRuntime\":null,\"image\":null,"
          + "\"podUid\":null,\"podName\":null,\"podNamespace\":null";

  /** Those of a file system that one container has mounted. */
  private static final String MOUNTED_IN_A_POD =
      "\"mountPoints\":[\"/var/lib/data\"],\"mountPointsLeftOut\":0,"
          + "\"containers\":[{\"mountPoint\":\"/data\","
          + IN_A_POD
          + "}],\"containersLeftOut\":0,"
          + IN_A_POD;

  /** Its events and metrics. */
  public static final ModuleTelemetry TELEMETRY =
      new ModuleTelemetry(
          List.of(
              new EventType(
                  HostEventTypes.POD_OOM_KILLING,
                  "A container or pod has reached its own memory limit; also for a"
                      + " container that belongs to no pod. `scope` is `container` or `pod`."
                      + " From the source `counters` `count` may be above 1, and pid, process"
                      + " and sizes are null.",
                  "{\"time\":\"2026-03-01T10:15:30.123Z\",\"module\":\"host-events\","
                      + "\"type\":\"PodOOMKilling\",\"source\":\"syslog\",\"historical\":false,"
                      + "\"count\":1,\"scope\":\"container\",\"pid\":7024,\"process\":\"java\","
                      + "\"uid\":1000,"
                      + IN_A_POD
                      + ","
                      + "\"memoryCgroup\":\"/kubepods/burstable/pod0b7e6a4c-5d0e-4c47-9d5e-0c"
                      + "3b1d0a8f11/3f1c9a7b5d2e4f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b"
                      + "5c6d7e8\",\"limitBytes\":268435456,\"anonRssBytes\":266797056,"
                      + "\"totalVmBytes\":2147483648}"),
              new EventType(
                  HostEventTypes.OOM_KILLING,
                  "Memory ran out beyond one workload's own limit. `scope` is `global`"
                      + " for the machine, `allocatable` for what kubelet leaves to all pods,"
                      + " `cgroup` for another control group's limit, `cpuset` or"
                      + " `memoryPolicy` for memory nodes, and `unknown`. The victim may well"
                      + " be in a pod.",
                  "{\"time\":\"2026-03-01T10:15:30.123Z\",\"module\":\"host-events\","
                      + "\"type\":\"OOMKilling\",\"source\":\"kmsg\",\"historical\":true,"
                      + "\"count\":1,\"scope\":\"global\",\"pid\":4015,\"process\":\"python\","
                      + "\"uid\":0,"
                      + OF_THE_HOST
                      + ",\"memoryCgroup\":\"/system.slice/report.service\",\"limitBytes\":null,"
                      + "\"anonRssBytes\":24154112,\"totalVmBytes\":33599488}"),
              new EventType(
                  HostEventTypes.TASK_HUNG,
                  "A task waits in the kernel and has not run for `blockedSeconds`. The"
                      + " kernel says so again each time that as many seconds have passed,"
                      + " until it has said `kernel.hung_task_warnings` in all; of that one"
                      + " event comes every five minutes at most, with `update` true."
                      + " `blockerPid` is who is likely to hold what it waits for, where the"
                      + " kernel (from 6.15) tells. `kernelStack` is the trace in the log, the"
                      + " innermost frame first, 32 at most.",
                  "{\"time\":\"2026-03-01T10:15:30.123Z\",\"module\":\"host-events\","
                      + "\"type\":\"TaskHung\",\"source\":\"kmsg\",\"historical\":false,"
                      + "\"count\":1,\"update\":false,\"pid\":11071,\"process\":\"touch\","
                      + "\"blockedSeconds\":120,\"inIoWait\":false,\"blockerPid\":811,"
                      + "\"blockerProcess\":\"fsfreeze\",\"lock\":\"rw-semaphore\","
                      + "\"kernelStack\":[\"percpu_rwsem_wait+0x15f/0x1d0\","
                      + "\"mnt_want_write+0x96/0xc0\"],"
                      + OF_THE_HOST
                      + "}"),
              new EventType(
                  HostEventTypes.READONLY_FILESYSTEM,
                  "A file system has become read-only after a fault, or refuses"
                      + " everything: ext4, Btrfs, FAT, F2FS. With every source also where"
                      + " mountinfo shows `emergency_ro`, `shutdown` or `ro` after `rw`:"
                      + " `source` is `counters` then. Log and state of one file system within"
                      + " a minute are one event. `mountPoints` are the host's, `containers`"
                      + " have it mounted: 16 of each at most, and how many are left out. The"
                      + " container's own attributes are set where it is the only one.",
                  "{\"time\":\"2026-03-01T10:15:30.123Z\",\"module\":\"host-events\","
                      + "\"type\":\"ReadonlyFilesystem\",\"source\":\"syslog\","
                      + "\"historical\":false,\"count\":1,\"filesystem\":\"ext4\","
                      + "\"device\":\"sdb1\",\"process\":null,"
                      + "\"message\":\"EXT4-fs (sdb1): Remounting filesystem read-only\","
                      + MOUNTED_IN_A_POD
                      + "}"),
              new EventType(
                  HostEventTypes.XFS_SHUTDOWN,
                  "An XFS file system has shut itself down: every access fails with EIO"
                      + " until it is unmounted. Only the kernel's log tells. `mountPoints`"
                      + " are the host's, `containers` have it mounted: 16 of each at most,"
                      + " and how many are left out. The container's own attributes are set"
                      + " where it is the only one.",
                  "{\"time\":\"2026-03-01T10:15:30.123Z\",\"module\":\"host-events\","
                      + "\"type\":\"XfsShutdown\",\"source\":\"syslog\",\"historical\":false,"
                      + "\"count\":1,\"filesystem\":\"xfs\",\"device\":\"sdb1\",\"process\":null,"
                      + "\"message\":\"XFS (sdb1): Log I/O Error (0x6) detected at xfs_fs_goi"
                      + "ngdown+0x63/0xb0 (fs/xfs/xfs_fsops.c:475).  Shutting down filesystem"
                      + ".\","
                      + MOUNTED_IN_A_POD
                      + "}"),
              new EventType(
                  HostEventTypes.EXT4_ERROR,
                  "An ext4 (or ext3, ext2) file system has met an error in its"
                      + " structures. With every source also where"
                      + " `/sys/fs/ext4/DEVICE/errors_count` grows: `source` is `counters`"
                      + " then. Further ones within a minute are one event with their `count`."
                      + " `mountPoints` are the host's, `containers` have it mounted: 16 of"
                      + " each at most, and how many are left out. The container's own"
                      + " attributes are set where it is the only one.",
                  "{\"time\":\"2026-03-01T10:15:30.123Z\",\"module\":\"host-events\","
                      + "\"type\":\"Ext4Error\",\"source\":\"syslog\",\"historical\":false,"
                      + "\"count\":1,\"filesystem\":\"ext4\",\"device\":\"sdb1\","
                      + "\"process\":\"bash\","
                      + "\"message\":\"EXT4-fs error (device sdb1): ext4_lookup:1607: inode #"
                      + "2: comm bash: deleted inode referenced: 12\","
                      + MOUNTED_IN_A_POD
                      + "}"),
              new EventType(
                  HostEventTypes.EXT4_WARNING,
                  "An ext4 (or ext3, ext2) file system warns. Further ones within a"
                      + " minute are one event with their `count`. `mountPoints` are the"
                      + " host's, `containers` have it mounted: 16 of each at most, and how"
                      + " many are left out. The container's own attributes are set where it"
                      + " is the only one.",
                  "{\"time\":\"2026-03-01T10:15:30.123Z\",\"module\":\"host-events\","
                      + "\"type\":\"Ext4Warning\",\"source\":\"syslog\",\"historical\":false,"
                      + "\"count\":1,\"filesystem\":\"ext4\",\"device\":\"sdb1\",\"process\":null,"
                      + "\"message\":\"EXT4-fs warning (device sdb1): ext4_end_bio:343: I/O e"
                      + "rror 10 writing to inode 12 starting block 33280\","
                      + MOUNTED_IN_A_POD
                      + "}"),
              new EventType(
                  HostEventTypes.IO_ERROR,
                  "A block device has failed to read or write, or has not answered in"
                      + " time. `filesystem` is that on the device, where one is mounted"
                      + " directly. Further ones within a minute are one event with their"
                      + " `count`. `mountPoints` are the host's, `containers` have it mounted:"
                      + " 16 of each at most, and how many are left out. The container's own"
                      + " attributes are set where it is the only one.",
                  "{\"time\":\"2026-03-01T10:15:30.123Z\",\"module\":\"host-events\","
                      + "\"type\":\"IOError\",\"source\":\"syslog\",\"historical\":false,"
                      + "\"count\":12,\"filesystem\":\"ext4\",\"device\":\"sdb1\","
                      + "\"process\":null,\"message\":\"Buffer I/O error on dev sdb1,"
                      + " logical block 1056, lost async page write\","
                      + MOUNTED_IN_A_POD
                      + "}"),
              new EventType(
                  HostEventTypes.KERNEL_OOPS,
                  "The kernel has met a fault of its own: a bad pointer, a BUG, a"
                      + " division by zero. `subject` is its function, pid and process the"
                      + " task that ran then, often by chance. Further ones of the same"
                      + " `subject` within a minute are one event with their `count`.",
                  "{\"time\":\"2026-03-01T10:15:30.123Z\",\"module\":\"host-events\","
                      + "\"type\":\"KernelOops\",\"source\":\"syslog\",\"historical\":false,"
                      + "\"count\":1,\"subject\":\"xfs_trans_brelse\",\"pid\":812,"
                      + "\"process\":\"cat\",\"message\":\"BUG: kernel NULL pointer dereference,"
                      + " address: 0000000000000018\","
                      + "\"kernelStack\":[\"xfs_trans_brelse+0x1a/0x90 [xfs]\","
                      + "\"xfs_attr_leaf_get+0x66/0xb0 [xfs]\"],"
                      + IN_A_POD
                      + "}"),
              new EventType(
                  HostEventTypes.SOFT_LOCKUP,
                  "A processor (`subject`) has run one task in the kernel for so long"
                      + " that nothing else could run there. Further ones of the same"
                      + " `subject` within a minute are one event with their `count`.",
                  "{\"time\":\"2026-03-01T10:15:30.123Z\",\"module\":\"host-events\","
                      + "\"type\":\"SoftLockup\",\"source\":\"syslog\",\"historical\":false,"
                      + "\"count\":1,\"subject\":\"CPU#1\",\"pid\":4711,\"process\":\"stress\","
                      + "\"message\":\"watchdog: BUG: soft lockup - CPU#1 stuck for 22s! [str"
                      + "ess:4711]\","
                      + "\"kernelStack\":[\"smp_call_function_many_cond+0x12a/0x580\"],"
                      + OF_THE_HOST
                      + "}"),
              new EventType(
                  HostEventTypes.HARD_LOCKUP,
                  "A processor (`subject`) does not even take interrupts any more."
                      + " Further ones of the same `subject` within a minute are one event"
                      + " with their `count`.",
                  "{\"time\":\"2026-03-01T10:15:30.123Z\",\"module\":\"host-events\","
                      + "\"type\":\"HardLockup\",\"source\":\"syslog\",\"historical\":false,"
                      + "\"count\":1,\"subject\":\"CPU#3\",\"pid\":null,\"process\":null,"
                      + "\"message\":\"watchdog: Watchdog detected hard LOCKUP on cpu 3\","
                      + "\"kernelStack\":[],"
                      + OF_THE_HOST
                      + "}"),
              new EventType(
                  HostEventTypes.RCU_STALL,
                  "A processor has not let the kernel's RCU (`subject` is its flavour)"
                      + " go on. Further ones of the same `subject` within a minute are one"
                      + " event with their `count`.",
                  "{\"time\":\"2026-03-01T10:15:30.123Z\",\"module\":\"host-events\","
                      + "\"type\":\"RcuStall\",\"source\":\"syslog\",\"historical\":false,"
                      + "\"count\":1,\"subject\":\"rcu_preempt\",\"pid\":null,\"process\":null,"
                      + "\"message\":\"rcu: INFO: rcu_preempt self-detected stall on CPU\","
                      + "\"kernelStack\":[],"
                      + OF_THE_HOST
                      + "}"),
              new EventType(
                  HostEventTypes.UNREGISTER_NET_DEVICE,
                  "A network interface (`subject`) cannot be removed, because something"
                      + " still holds a reference: a known sign of leaked network namespaces."
                      + " Further ones of the same `subject` within a minute are one event"
                      + " with their `count`.",
                  "{\"time\":\"2026-03-01T10:15:30.123Z\",\"module\":\"host-events\","
                      + "\"type\":\"UnregisterNetDevice\",\"source\":\"syslog\","
                      + "\"historical\":false,\"count\":1,\"subject\":\"eth0\",\"pid\":null,"
                      + "\"process\":null,"
                      + "\"message\":\"unregister_netdevice: waiting for eth0 to become free."
                      + " Usage count = 1\",\"kernelStack\":[],"
                      + OF_THE_HOST
                      + "}"),
              new EventType(
                  HostEventTypes.CONNTRACK_FULL,
                  "The table of tracked connections is full, so packets are dropped."
                      + " Further ones of the same `subject` within a minute are one event"
                      + " with their `count`.",
                  "{\"time\":\"2026-03-01T10:15:30.123Z\",\"module\":\"host-events\","
                      + "\"type\":\"ConntrackFull\",\"source\":\"syslog\",\"historical\":false,"
                      + "\"count\":1,\"subject\":null,\"pid\":null,\"process\":null,"
                      + "\"message\":\"nf_conntrack: nf_conntrack: table full, dropping packet\","
                      + "\"kernelStack\":[],"
                      + OF_THE_HOST
                      + "}"),
              new EventType(
                  HostEventTypes.MEMORY_READ_ERROR,
                  "The memory controller (`subject`) has met an error, corrected (CE) or"
                      + " not (UE). Further ones of the same `subject` within a minute are one"
                      + " event with their `count`.",
                  "{\"time\":\"2026-03-01T10:15:30.123Z\",\"module\":\"host-events\","
                      + "\"type\":\"MemoryReadError\",\"source\":\"syslog\",\"historical\":false,"
                      + "\"count\":1,\"subject\":\"MC0\",\"pid\":null,\"process\":null,"
                      + "\"message\":\"EDAC MC0: 1 CE memory read error on CPU_SrcID#0_Ha#0_C"
                      + "han#1_DIMM#0 (channel:1 slot:0 page:0x10 offset:0x0 grain:32)\","
                      + "\"kernelStack\":[],"
                      + OF_THE_HOST
                      + "}"),
              new EventType(
                  HostEventTypes.CPER_FATAL,
                  "The firmware reports a fault of the hardware that it cannot go on"
                      + " with (UEFI's Common Platform Error Record). Further ones of the same"
                      + " `subject` within a minute are one event with their `count`.",
                  "{\"time\":\"2026-03-01T10:15:30.123Z\",\"module\":\"host-events\","
                      + "\"type\":\"CperHardwareErrorFatal\",\"source\":\"syslog\","
                      + "\"historical\":false,\"count\":1,\"subject\":null,\"pid\":null,"
                      + "\"process\":null,"
                      + "\"message\":\"{1}[Hardware Error]: event severity: fatal\","
                      + "\"kernelStack\":[],"
                      + OF_THE_HOST
                      + "}"),
              new EventType(
                  HostEventTypes.CPER_RECOVERABLE,
                  "The firmware reports a fault of the hardware that it can recover from"
                      + " (UEFI's Common Platform Error Record). Further ones of the same"
                      + " `subject` within a minute are one event with their `count`.",
                  "{\"time\":\"2026-03-01T10:15:30.123Z\",\"module\":\"host-events\","
                      + "\"type\":\"CperHardwareErrorRecoverable\",\"source\":\"syslog\","
                      + "\"historical\":false,\"count\":1,\"subject\":null,\"pid\":null,"
                      + "\"process\":null,"
                      + "\"message\":\"{1}[Hardware Error]: event severity: recoverable\","
                      + "\"kernelStack\":[],"
                      + OF_THE_HOST
                      + "}"),
              new EventType(
                  HostEventTypes.CPER_CORRECTED,
                  "The firmware reports a fault of the hardware that it has corrected"
                      + " (UEFI's Common Platform Error Record). Further ones of the same"
                      + " `subject` within a minute are one event with their `count`.",
                  "{\"time\":\"2026-03-01T10:15:30.123Z\",\"module\":\"host-events\","
                      + "\"type\":\"CperHardwareErrorCorrected\",\"source\":\"syslog\","
                      + "\"historical\":false,\"count\":1,\"subject\":null,\"pid\":null,"
                      + "\"process\":null,"
                      + "\"message\":\"{1}[Hardware Error]: event severity: corrected\","
                      + "\"kernelStack\":[],"
                      + OF_THE_HOST
                      + "}")),
          List.of(EVENTS, LOST));

  private HostEventsTelemetry() {}
}
