package io.smartagent.modules.logdiscovery;

import io.smartagent.module.ContainerIdentity;
import io.smartagent.module.Event;
import io.smartagent.module.MetricFamily;
import io.smartagent.module.ModuleTelemetry;
import io.smartagent.modules.cgroup.CgroupOwner;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What {@code log-discovery} reports. Nothing of a log's content is ever among it. */
final class LogDiscoveryTelemetry {

  static final MetricFamily FILES =
      MetricFamily.gauge(
          "smartagent_log_files",
          "Logs that are followed, by the format that a sample of their content suggests and by"
              + " origin: file for those that processes write, container for what containers print",
          "format",
          "origin");

  static final MetricFamily EXCLUDED =
      MetricFamily.gauge(
          "smartagent_log_files_excluded",
          "Logs of pods that SMARTAGENT_LOG_PODS, SMARTAGENT_LOG_NAMESPACES or the annotation"
              + " smartagent.io/logs exclude: nothing else is reported of them");

  static final MetricFamily POD_UNKNOWN =
      MetricFamily.gauge(
          "smartagent_log_files_pod_unknown",
          "Logs of pods whose labels and annotations are not known, so that"
              + " SMARTAGENT_LOG_UNKNOWN_PODS decides: kubernetes-attributes does not run, or does"
              + " not know them");

  static final MetricFamily NOT_FOLLOWED =
      MetricFamily.gauge(
          "smartagent_log_files_dropped",
          "Files that may be logs and are not followed: there are more than 5000, or more than 1000"
              + " of one container");

  static final MetricFamily UNREAD =
      MetricFamily.gauge(
          "smartagent_log_files_unread",
          "Files of the last pass that may be logs and could not be read, or have to wait for the"
              + " next pass");

  static final MetricFamily ROTATIONS =
      MetricFamily.counter("smartagent_log_rotations_total", "Rotations of logs that were seen");

  static final MetricFamily DESCRIPTORS =
      MetricFamily.gauge(
          "smartagent_log_descriptors", "Descriptors of processes that the last pass looked at");

  static final MetricFamily DESCRIPTORS_TRUNCATED =
      MetricFamily.gauge(
          "smartagent_log_descriptors_truncated",
          "Descriptors that the last pass did not look at, of processes that have more than 1024;"
              + " each pass looks at others. Also those whose paths it had no room for: longer than"
              + " 1024 characters, or beyond 262144 of one process");

  static final MetricFamily PROCESSES_TRUNCATED =
      MetricFamily.gauge(
          "smartagent_log_processes_truncated",
          "Processes whose turn comes in a later pass: one looks at 50000 descriptors, and keeps"
              + " 4194304 characters of their paths");

  static final MetricFamily PROCESSES_UNREADABLE =
      MetricFamily.gauge(
          "smartagent_log_processes_unreadable",
          "Processes that do not show this agent their descriptors");

  static final MetricFamily DIRECTORIES_UNREADABLE =
      MetricFamily.gauge(
          "smartagent_log_directories_unreadable",
          "Directories of logs that this agent may not read");

  static final MetricFamily DIRECTORIES_TRUNCATED =
      MetricFamily.gauge(
          "smartagent_log_directories_truncated",
          "Directories of logs that the last pass had no room for: one looks at 20000 names, and at"
              + " 4096 of one directory. Also files there with paths of more than 1024 characters");

  static final MetricFamily SILENT =
      MetricFamily.gauge(
          "smartagent_log_filesystems_unresponsive", "File systems with logs that do not answer");

  static final MetricFamily PASS =
      MetricFamily.gauge(
          "smartagent_log_discovery_pass_seconds", "How long the last look at all logs took");

  static final List<MetricFamily> METRICS =
      List.of(
          FILES,
          EXCLUDED,
          POD_UNKNOWN,
          NOT_FOLLOWED,
          UNREAD,
          ROTATIONS,
          DESCRIPTORS,
          DESCRIPTORS_TRUNCATED,
          PROCESSES_TRUNCATED,
          PROCESSES_UNREADABLE,
          DIRECTORIES_UNREADABLE,
          DIRECTORIES_TRUNCATED,
          SILENT,
          PASS);

  private LogDiscoveryTelemetry() {}

  /** Returns an example of each event, and the metrics. */
  static ModuleTelemetry telemetry() {
    return new ModuleTelemetry(
        List.of(
            event("2026-03-01T10:15:30.120Z", new LogChange.Found(log(1_835_021, 182_044))),
            event(
                "2026-03-01T11:00:00.050Z",
                new LogChange.Rotated(
                    log(1_835_021, 5_242_880),
                    log(1_835_077, 0),
                    LogChange.Method.CREATE,
                    "/app/logs/shop.log.1")),
            event("2026-03-01T11:30:00.070Z", new LogChange.Gone(log(1_835_077, 2044)))),
        METRICS);
  }

  private static Event event(String time, LogChange change) {
    return LogEvents.of(Instant.parse(time), change);
  }

  private static LogFile log(long inode, long size) {
    String id = "3f1c9a7b5d2e4f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8";
    String pod = "0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11";
    ContainerIdentity container =
        new ContainerIdentity(
            id,
            "containerd",
            "shop",
            "registry/shop:1.4",
            pod,
            "shop-7c9f",
            "web",
            false,
            null,
            Map.of());
    Place place = new Place(id, "/app/logs/shop.log");
    String volume = "/var/lib/kubelet/pods/" + pod + "/volumes/kubernetes.io~empty-dir/logs";
    return new LogFile(
        new FileId(254L << 32, inode),
        place,
        place,
        size,
        new LogFile.Writer(new Spot.Held(4711, 3), "java"),
        0,
        new Spot.InHost("", volume + "/shop.log"),
        CgroupOwner.ofPath("/kubepods/pod" + pod + "/" + id),
        container,
        LogFile.Origin.FILE,
        new LogGuess(LogFormat.PLAIN, MultiLine.JAVA, "yyyy-MM-dd HH:mm:ss,SSS"));
  }
}
