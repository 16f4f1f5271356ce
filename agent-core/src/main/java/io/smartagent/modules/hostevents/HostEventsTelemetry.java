package io.smartagent.modules.hostevents;

import io.smartagent.module.Event;
import io.smartagent.module.EventOwner;
import io.smartagent.module.EventType;
import io.smartagent.module.MetricFamily;
import io.smartagent.module.ModuleTelemetry;
import io.smartagent.modules.hostevents.KernelEvents.Fault;
import io.smartagent.modules.hostevents.KernelReport.Blocker;
import io.smartagent.modules.hostevents.KernelReport.HungTask;
import io.smartagent.modules.hostevents.KernelReport.OomKill;
import io.smartagent.modules.hostevents.KernelReport.Problem;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code host-events} reports. {@code source} is where it is from: {@code kmsg}, {@code
 * syslog} or {@code counters}. {@code historical} is true for what had happened before the module
 * looked first: a restarted agent reports it again, because it keeps no record of what it has
 * reported.
 */
final class HostEventsTelemetry {

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

  private static final Instant TIME = Instant.parse("2026-03-01T10:15:30.123Z");
  private static final Origin SYSLOG = new Origin("syslog", false);

  private static final EventOwner POD =
      new EventOwner(
          "3f1c9a7b5d2e4f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8",
          "api",
          "containerd",
          "registry.example/api:2.1",
          "0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11",
          "api-7d4b9",
          "shop");

  private HostEventsTelemetry() {}

  /** Returns an example of each event, and the metrics. */
  static ModuleTelemetry telemetry() {
    return new ModuleTelemetry(
        List.of(
            podKill(),
            hostKill(),
            hungTask(),
            filesystem(
                HostEventTypes.READONLY_FILESYSTEM,
                "ext4",
                null,
                "EXT4-fs (sdb1): Remounting filesystem read-only"),
            filesystem(
                HostEventTypes.XFS_SHUTDOWN,
                "xfs",
                null,
                "XFS (sdb1): Log I/O Error (0x6) detected at xfs_fs_goingdown+0x63/0xb0"
                    + " (fs/xfs/xfs_fsops.c:475).  Shutting down filesystem."),
            filesystem(
                HostEventTypes.EXT4_ERROR,
                "ext4",
                "bash",
                "EXT4-fs error (device sdb1): ext4_lookup:1607: inode #2: comm bash: deleted inode"
                    + " referenced: 12"),
            filesystem(
                HostEventTypes.EXT4_WARNING,
                "ext4",
                null,
                "EXT4-fs warning (device sdb1): ext4_end_bio:343: I/O error 10 writing to inode 12"
                    + " starting block 33280"),
            filesystem(
                    HostEventTypes.IO_ERROR,
                    "ext4",
                    null,
                    "Buffer I/O error on dev sdb1, logical block 1056, lost async page write")
                .repeated(TIME, 12),
            task(
                HostEventTypes.KERNEL_OOPS,
                "xfs_trans_brelse",
                812,
                "cat",
                "BUG: kernel NULL pointer dereference, address: 0000000000000018",
                List.of("xfs_trans_brelse+0x1a/0x90 [xfs]", "xfs_attr_leaf_get+0x66/0xb0 [xfs]"),
                POD),
            task(
                HostEventTypes.SOFT_LOCKUP,
                "CPU#1",
                4711,
                "stress",
                "watchdog: BUG: soft lockup - CPU#1 stuck for 22s! [stress:4711]",
                List.of("smp_call_function_many_cond+0x12a/0x580"),
                EventOwner.HOST),
            problem(
                HostEventTypes.HARD_LOCKUP,
                "CPU#3",
                "watchdog: Watchdog detected hard LOCKUP on cpu 3"),
            problem(
                HostEventTypes.RCU_STALL,
                "rcu_preempt",
                "rcu: INFO: rcu_preempt self-detected stall on CPU"),
            problem(
                HostEventTypes.UNREGISTER_NET_DEVICE,
                "eth0",
                "unregister_netdevice: waiting for eth0 to become free. Usage count = 1"),
            problem(
                HostEventTypes.CONNTRACK_FULL,
                null,
                "nf_conntrack: nf_conntrack: table full, dropping packet"),
            problem(
                HostEventTypes.MEMORY_READ_ERROR,
                "MC0",
                "EDAC MC0: 1 CE memory read error on CPU_SrcID#0_Ha#0_Chan#1_DIMM#0 (channel:1"
                    + " slot:0 page:0x10 offset:0x0 grain:32)"),
            problem(HostEventTypes.CPER_FATAL, null, "{1}[Hardware Error]: event severity: fatal"),
            problem(
                HostEventTypes.CPER_RECOVERABLE,
                null,
                "{1}[Hardware Error]: event severity: recoverable"),
            problem(
                HostEventTypes.CPER_CORRECTED,
                null,
                "{1}[Hardware Error]: event severity: corrected")),
        List.of(EVENTS, LOST));
  }

  private static Event podKill() {
    String cgroup = "/kubepods/burstable/pod" + POD.podUid() + "/" + POD.containerId();
    OomKill kill =
        new OomKill(
            0,
            7024,
            "java",
            1000L,
            OomScope.CONTAINER,
            cgroup,
            cgroup,
            268_435_456L,
            2_147_483_648L,
            266_797_056);
    return KernelEvents.oomKill(TIME, SYSLOG, OomScope.CONTAINER, 1, kill, cgroup, POD);
  }

  private static Event hostKill() {
    String cgroup = "/system.slice/report.service";
    OomKill kill =
        new OomKill(
            0, 4015, "python", 0L, OomScope.GLOBAL, null, cgroup, null, 33_599_488, 24_154_112);
    Origin origin = new Origin("kmsg", true);
    return KernelEvents.oomKill(TIME, origin, OomScope.GLOBAL, 1, kill, cgroup, EventOwner.HOST);
  }

  private static Event hungTask() {
    HungTask task =
        new HungTask(
            0,
            11071,
            "touch",
            120,
            false,
            new Blocker(811, "fsfreeze", "rw-semaphore"),
            List.of("percpu_rwsem_wait+0x15f/0x1d0", "mnt_want_write+0x96/0xc0"));
    return KernelEvents.hungTask(TIME, new Origin("kmsg", false), false, 1, task, EventOwner.HOST);
  }

  private static Event filesystem(
      EventType type, String kind, @Nullable String process, String message) {
    AffectedPlaces places =
        new AffectedPlaces(
            List.of("/var/lib/data"), 0, List.of(new AffectedPlaces.Place("/data", POD)), 0);
    return KernelEvents.filesystem(
        type, TIME, SYSLOG, new Fault(kind, "sdb1", process, message, 1), places);
  }

  private static Event problem(EventType type, @Nullable String subject, String message) {
    Problem problem = new Problem(0, type, subject, null, null, message, List.of());
    return KernelEvents.problem(TIME, SYSLOG, problem, EventOwner.HOST);
  }

  private static Event task(
      EventType type,
      String subject,
      int pid,
      String process,
      String message,
      List<String> kernelStack,
      EventOwner owner) {
    Problem problem = new Problem(0, type, subject, pid, process, message, kernelStack);
    return KernelEvents.problem(TIME, SYSLOG, problem, owner);
  }
}
