package io.smartagent.modules.logdiscovery;

import io.smartagent.module.EventType;
import io.smartagent.module.MetricFamily;
import io.smartagent.module.ModuleTelemetry;
import java.util.List;

/** What {@code log-discovery} tells. Nothing of a log's content is ever among it. */
public final class LogDiscoveryTelemetry {

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
              + " smartagent.io/logs leave out: nothing else is told of them");

  static final MetricFamily POD_UNKNOWN =
      MetricFamily.gauge(
          "smartagent_log_files_pod_unknown",
          "Logs of pods whose labels and annotations are not known, so that"
              + " SMARTAGENT_LOG_UNKNOWN_PODS decides: kubernetes-attributes does not run, or has not"
              + " heard of them");

  static final MetricFamily NOT_FOLLOWED =
      MetricFamily.gauge(
          "smartagent_log_files_not_followed",
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

  static final MetricFamily DESCRIPTORS_LEFT_OUT =
      MetricFamily.gauge(
          "smartagent_log_descriptors_left_out",
          "Descriptors that the last pass did not look at, of processes that have more than 1024;"
              + " each pass looks at others. Also those whose paths it had no room for: longer than"
              + " 1024 characters, or beyond 262144 of one process");

  static final MetricFamily PROCESSES_LEFT_OUT =
      MetricFamily.gauge(
          "smartagent_log_processes_left_out",
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

  static final MetricFamily DIRECTORIES_LEFT_OUT =
      MetricFamily.gauge(
          "smartagent_log_directories_left_out",
          "Directories of logs that the last pass had no room for: one looks at 20000 names, and at"
              + " 4096 of one directory. Also files there with paths of more than 1024 characters");

  static final MetricFamily SILENT =
      MetricFamily.gauge(
          "smartagent_log_filesystems_silent", "File systems with logs that do not answer");

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
          DESCRIPTORS_LEFT_OUT,
          PROCESSES_LEFT_OUT,
          PROCESSES_UNREADABLE,
          DIRECTORIES_UNREADABLE,
          DIRECTORIES_LEFT_OUT,
          SILENT,
          PASS);

  private static final String CONTAINER =
      """
      "containerId":"3f1c9a7b5d2e4f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8",\
      "containerName":"shop","containerRuntime":"containerd","image":"registry/shop:1.4",\
      "podUid":"0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11","podName":"shop-7c9f","podNamespace":"web"}\
      """;

  private static final String PLACE =
      """
      "path":"/app/logs/shop.log",\
      "hostPath":"/var/lib/kubelet/pods/0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11/volumes/kubernetes.io~empty-dir/logs/shop.log",\
      "pid":4711,"process":"java",\
      """;

  private static final String GUESS =
      """
      "origin":"file","format":"plain","multiLine":"java","timestamp":"yyyy-MM-dd HH:mm:ss,SSS",\
      """;

  private static final List<EventType> EVENTS =
      List.of(
          new EventType(
              "LogFileFound",
              "A log was not known before. path is the one that its process sees in its container, or"
                  + " that of the host where it is in none or not known; hostPath leads to it from the host's root, null"
                  + " where that cannot be told; pid and process are those of one that writes it."
                  + " origin is file, or container for what a container prints. format is json, cri,"
                  + " docker-json, syslog-rfc3164, syslog-rfc5424, logfmt, access-log, plain, or"
                  + " unknown where the file is empty or could not be read; multiLine says what takes"
                  + " more than one line: java, python, go (stack traces) or indented; timestamp how"
                  + " the time is written that lines start with, in the letters of Java's"
                  + " DateTimeFormatter. All three are guesses from the first 16 KiB.",
              """
              {"time":"2026-03-01T10:15:30.120Z","module":"log-discovery","type":"LogFileFound",\
              """
                  + PLACE
                  + GUESS
                  + """
                  "size":182044,"device":"254:0","inode":1835021,\
                  """
                  + CONTAINER),
          new EventType(
              "LogFileRotated",
              "A log goes on in another file (method create: it was renamed, or removed, and made"
                  + " anew) or at the start of the same one (method copytruncate: both inodes are the"
                  + " same). rotatedTo is where the old file is, null where that was not seen; size is"
                  + " that of the new one.",
              """
              {"time":"2026-03-01T11:00:00.050Z","module":"log-discovery","type":"LogFileRotated",\
              """
                  + PLACE
                  + """
                  "method":"create","rotatedTo":"/app/logs/shop.log.1","oldInode":1835021,\
                  "newInode":1835077,"oldSize":5242880,\
                  """
                  + GUESS
                  + """
                  "size":0,"device":"254:0","inode":1835077,\
                  """
                  + CONTAINER),
          new EventType(
              "LogFileGone",
              "A log is not written to any more, and is not in its place any more: it was removed, or"
                  + " its container was.",
              """
              {"time":"2026-03-01T11:30:00.070Z","module":"log-discovery","type":"LogFileGone",\
              """
                  + PLACE
                  + GUESS
                  + """
                  "size":2044,"device":"254:0","inode":1835077,\
                  """
                  + CONTAINER));

  /** Its events and metrics. */
  public static final ModuleTelemetry TELEMETRY = new ModuleTelemetry(EVENTS, METRICS);

  private LogDiscoveryTelemetry() {}
}
