package io.smartagent.confinement;

import java.util.List;

/** What every container that is not privileged gets of /dev, /proc and /sys. */
public final class ContainerPaths {

  /**
   * Devices that the device cgroup allows, and file systems that every runtime mounts in /dev: runc
   * libcontainer/specconv AllowedDevices, the same since 1.0.
   */
  public static final List<String> DEVICES =
      List.of(
          "/dev/null",
          "/dev/zero",
          "/dev/full",
          "/dev/random",
          "/dev/urandom",
          "/dev/tty",
          "/dev/ptmx",
          "/dev/pts",
          "/dev/shm");

  /** Paths of /dev that are no devices, so that no device cgroup applies to them. */
  public static final List<String> NOT_DEVICES =
      List.of("/dev/mqueue", "/dev/hugepages", "/dev/log", "/dev/termination-log");

  /**
   * Paths that are hidden unless procMount is Unmasked: moby oci/defaults.go 24.0.7, containerd
   * pkg/oci/spec.go 1.7.9, CRI-O 1.29. Later releases also hide /proc/interrupts and thermal
   * throttling of CPUs.
   */
  public static final List<String> MASKED =
      List.of(
          "/proc/acpi",
          "/proc/asound",
          "/proc/kcore",
          "/proc/keys",
          "/proc/latency_stats",
          "/proc/sched_debug",
          "/proc/scsi",
          "/proc/timer_list",
          "/proc/timer_stats",
          "/sys/devices/virtual/powercap",
          "/sys/firmware");

  /** Paths that are read-only unless procMount is Unmasked: the same files. */
  public static final List<String> READ_ONLY =
      List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

  private ContainerPaths() {}
}
