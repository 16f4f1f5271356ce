package io.smartagent.modules.containermetrics;

import io.smartagent.module.MetricFamily;
import java.util.ArrayList;
import java.util.List;

/**
 * The metrics of {@code container-metrics}. What cAdvisor measures too has cAdvisor's name, unit
 * and labels (its docs/storage/prometheus.md), but that {@code id} is the container's own id and
 * not the path of its control group.
 */
final class ContainerFamilies {

  /** Labels of everything about one container; in a pod it has no {@code name} of its own. */
  static final List<String> LABELS =
      List.of("container", "id", "image", "name", "namespace", "pod");

  private static final List<MetricFamily> ALL = new ArrayList<>();

  static final MetricFamily CPU_USAGE =
      counter("container_cpu_usage_seconds_total", "CPU time consumed, in seconds");
  static final MetricFamily CPU_USER =
      counter("container_cpu_user_seconds_total", "CPU time consumed in user mode, in seconds");
  static final MetricFamily CPU_SYSTEM =
      counter("container_cpu_system_seconds_total", "CPU time consumed in the kernel, in seconds");
  static final MetricFamily CFS_PERIODS =
      counter(
          "container_cpu_cfs_periods_total",
          "Periods of the CPU limit in which the container wanted to run");
  static final MetricFamily CFS_THROTTLED_PERIODS =
      counter(
          "container_cpu_cfs_throttled_periods_total",
          "Periods of the CPU limit in which the container was throttled");
  static final MetricFamily CFS_THROTTLED =
      counter(
          "container_cpu_cfs_throttled_seconds_total",
          "Time for which the container was throttled, in seconds");
  static final MetricFamily CPU_QUOTA =
      gauge(
          "container_spec_cpu_quota",
          "CPU limit: CPU time that the container may use in each period, in microseconds");
  static final MetricFamily CPU_PERIOD =
      gauge("container_spec_cpu_period", "Period of the CPU limit, in microseconds");
  static final MetricFamily MEMORY_USAGE =
      gauge(
          "container_memory_usage_bytes",
          "Memory charged to the container with its caches, in bytes");
  static final MetricFamily MEMORY_WORKING_SET =
      gauge(
          "container_memory_working_set_bytes",
          "Memory charged to the container without file pages that were not used lately, in bytes");
  static final MetricFamily MEMORY_RSS =
      gauge("container_memory_rss", "Anonymous memory, in bytes");
  static final MetricFamily MEMORY_CACHE =
      gauge("container_memory_cache", "Memory of cached files, in bytes");
  static final MetricFamily MEMORY_LIMIT =
      gauge(
          "container_spec_memory_limit_bytes",
          "Memory limit of the container, in bytes; 0 without a limit");
  static final MetricFamily OOM_EVENTS =
      counter(
          "container_oom_events_total",
          "Processes that the kernel killed because the container was out of memory");
  static final MetricFamily READ_BYTES =
      counter("container_fs_reads_bytes_total", "Bytes read from a block device", "device");
  static final MetricFamily WRITTEN_BYTES =
      counter("container_fs_writes_bytes_total", "Bytes written to a block device", "device");
  static final MetricFamily READS =
      counter("container_fs_reads_total", "Reads from a block device", "device");
  static final MetricFamily WRITES =
      counter("container_fs_writes_total", "Writes to a block device", "device");
  static final MetricFamily PROCESSES = gauge("container_processes", "Processes of the container");
  static final MetricFamily THREADS = gauge("container_threads", "Threads of the container");
  static final MetricFamily THREADS_MAX =
      gauge("container_threads_max", "Threads that the container may have; 0 without a limit");
  static final MetricFamily FILE_DESCRIPTORS =
      gauge(
          "container_file_descriptors",
          "File descriptors that the container's processes have open");
  static final MetricFamily RECEIVED_BYTES =
      counter("container_network_receive_bytes_total", "Bytes received", "interface");
  static final MetricFamily RECEIVED_PACKETS =
      counter("container_network_receive_packets_total", "Packets received", "interface");
  static final MetricFamily RECEIVE_ERRORS =
      counter("container_network_receive_errors_total", "Errors while receiving", "interface");
  static final MetricFamily RECEIVE_DROPS =
      counter(
          "container_network_receive_packets_dropped_total",
          "Packets dropped while receiving",
          "interface");
  static final MetricFamily SENT_BYTES =
      counter("container_network_transmit_bytes_total", "Bytes transmitted", "interface");
  static final MetricFamily SENT_PACKETS =
      counter("container_network_transmit_packets_total", "Packets transmitted", "interface");
  static final MetricFamily SEND_ERRORS =
      counter("container_network_transmit_errors_total", "Errors while transmitting", "interface");
  static final MetricFamily SEND_DROPS =
      counter(
          "container_network_transmit_packets_dropped_total",
          "Packets dropped while transmitting",
          "interface");
  static final MetricFamily START_TIME =
      gauge(
          "container_start_time_seconds",
          "When the container's first process started, in seconds since 1970");
  static final MetricFamily STATE =
      gauge(
          "smartagent_container_state",
          "1 for the state that the container is in: running, paused, or what Docker says of one"
              + " that has no processes",
          "state");

  /** Not by container: how many there are, and what the bounds leave out. */
  static final MetricFamily CONTAINERS =
      plain(
          "smartagent_containers",
          "Containers that have metrics, with sandboxes of pods",
          "runtime",
          "state");

  static final MetricFamily NOT_SHOWN =
      plain(
          "smartagent_containers_truncated",
          "Containers that have no metrics because there are more than 1000");
  static final MetricFamily DEVICES_NOT_SHOWN =
      plain(
          "smartagent_container_devices_truncated",
          "Block devices that have no metrics because a container uses more than 8");
  static final MetricFamily INTERFACES_NOT_SHOWN =
      plain(
          "smartagent_container_interfaces_truncated",
          "Network interfaces that have no metrics because a container has more than 8");
  static final MetricFamily PASS_SECONDS =
      plain(
          "smartagent_container_metrics_pass_seconds",
          "How long the last look at all containers took, in seconds");

  private ContainerFamilies() {}

  /** Returns all of them. */
  static List<MetricFamily> all() {
    return List.copyOf(ALL);
  }

  private static MetricFamily counter(String name, String help, String... more) {
    return add(MetricFamily.counter(name, help, labels(more)));
  }

  private static MetricFamily gauge(String name, String help, String... more) {
    return add(MetricFamily.gauge(name, help, labels(more)));
  }

  private static MetricFamily plain(String name, String help, String... labels) {
    return add(MetricFamily.gauge(name, help, labels));
  }

  private static String[] labels(String... more) {
    List<String> labels = new ArrayList<>(LABELS);
    labels.addAll(List.of(more));
    return labels.toArray(String[]::new);
  }

  private static MetricFamily add(MetricFamily family) {
    ALL.add(family);
    return family;
  }
}
