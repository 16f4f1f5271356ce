package io.smartagent.modules.logdiscovery;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Which files are logs, by their paths: the one place for these rules. What a path leaves open, the
 * content answers.
 */
final class LogRules {

  /** What a path says. */
  enum Verdict {
    /** It is called as logs are: it is one, if its content is not binary. */
    LOG,
    /** It lies where logs do: it is one, if it has text. */
    LOG_IF_TEXT,
    /** Nothing speaks for it: it is one, if it has text and is only ever appended to. */
    LOG_IF_APPENDED,
    /** It is something else. */
    NONE
  }

  /** Where no log is: devices, what the kernel shows, and files without a path. */
  private static final List<String> NO_DIRECTORIES =
      List.of("/dev/", "/proc/", "/sys/", "/memfd:", "/SYSV", "/anon_", "/[aio]", "/dmabuf");

  /** Names that are no logs, though some of them look so. */
  private static final List<Pattern> NO_LOGS =
      patterns(
          // Databases, and the journals that belong to them.
          ".*\\.(?:db|db3|sqlite3?|sdb|mdb|ldb|sst|frm|ibd?|ibdata|myd|myi|dbf|redo|rdb|aof|wt|bolt|realm)",
          ".*-(?:wal|shm|journal)",
          ".*\\.(?:wal|journal|checkpoint|binlog|relaylog)",
          "(?:.*[-.])?(?:mysql|mariadb|relay|master|slave)?-?(?:bin|binlog|relay-bin)\\.(?:\\d{6}|index)",
          "binlog\\.\\d+|ib_logfile\\d+|#?ib_redo\\d*(?:_tmp)?|ibtmp\\d+|undo_\\d+|aria_log.*|tc\\.log",
          "[0-9A-F]{24}(?:\\.partial)?|WiredTiger.*|journal\\.\\d+",
          // LevelDB, RocksDB: 000003.log. Kafka and others: segments named by their first offset.
          "\\d{6,}\\.(?:log|index|timeindex|snapshot|txnindex)",
          "[0-9a-f]{16}-[0-9a-f]{16}\\.wal",
          "CommitLog-.*|__.*_checkpoint|replication-offset-checkpoint",
          // Locks, sockets, what is temporary.
          ".*\\.(?:pid|lock|lck|sock|socket|swp|swo|tmp|temp|part|partial|crdownload|bak|old~|fifo)",
          "LOCK|MANIFEST-.*|lockfile",
          // Records of other kinds.
          "(?:w|b|u)tmpx?|lastlog|faillog|tallylog|sa\\d{2,8}|pacct|.*\\.(?:pcap|pcapng|core|hprof|jfr|trace|perf|prof)",
          ".*_history|known_hosts|authorized_keys",
          // Archives, images and media.
          ".*\\.(?:gz|bz2|xz|zst|lz4|zip|tar|tgz|iso|qcow2|img|vmdk|jar|so|class|bin|dat|png|jpg|mp4)");

  private static final List<Pattern> LOGS =
      patterns(
          ".*[._-]log",
          "log|.*\\.log[._-]?\\w*\\d[\\w.-]*",
          ".*\\.log\\.(?:txt|json|old|prev|previous|current)",
          ".*[._-]log[._-].*\\.(?:txt|log|json)",
          ".*\\.(?:out|err|stdout|stderr|trc|logs)",
          ".*\\.(?:out|err)[.-]\\d+",
          "(?:stdout|stderr|console|catalina|nohup)(?:\\.\\w+)?",
          "messages|syslog|secure|maillog|mail\\.(?:err|info|warn|log)|kern|daemon|debug|auth|boot|cron|dmesg|spooler|user|warn",
          "(?:access|error|audit|slow|query|general)[._-]?log(?:[._-].*)?");

  private static final Pattern LOG_DIRECTORY =
      Pattern.compile(
          "/var/log/.*|.*/(?:logs?|LogFiles)/.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  /** What a rotation leaves behind: nobody writes there any more. */
  private static final Pattern ROTATED =
      Pattern.compile(
          ".*[._-]\\d{1,3}|.*[._-]\\d{8}(?:[-_T]?\\d{2,6})?(?:[.-]\\d+)?|.*[._-]\\d{4}-\\d{2}-\\d{2}.*"
              + "|.*\\.(?:old|prev|previous|gz|bz2|xz|zst|\\d+\\.log)|.*-\\d{8}-\\d{6}",
          Pattern.DOTALL);

  /** The most characters of a path: thousands of them are kept, and some are anybody's to make. */
  private static final int LONGEST = 1024;

  private static final String DELETED = " (deleted)";

  private LogRules() {}

  private static List<Pattern> patterns(String... names) {
    return List.of(names).stream()
        .map(name -> Pattern.compile(name, Pattern.CASE_INSENSITIVE | Pattern.DOTALL))
        .toList();
  }

  /**
   * Returns what a path says.
   *
   * @param path as a link of /proc/PID/fd has it, or of a file in a directory
   */
  static Verdict judge(String path) {
    if (!path.startsWith("/") || isTooLong(path) || path.endsWith(DELETED) || isNowhere(path)) {
      return Verdict.NONE;
    }
    String name = path.substring(path.lastIndexOf('/') + 1);
    if (NO_LOGS.stream().anyMatch(pattern -> pattern.matcher(name).matches())) {
      return Verdict.NONE;
    }
    if (LOGS.stream().anyMatch(pattern -> pattern.matcher(name).matches())) {
      return Verdict.LOG;
    }
    return LOG_DIRECTORY.matcher(path).matches() ? Verdict.LOG_IF_TEXT : Verdict.LOG_IF_APPENDED;
  }

  private static boolean isNowhere(String path) {
    return !path.startsWith("/dev/shm/") && NO_DIRECTORIES.stream().anyMatch(path::startsWith);
  }

  /** Returns whether a path is longer than that of a log may be. */
  static boolean isTooLong(String path) {
    return path.length() > LONGEST;
  }

  /** Returns whether a link of /proc/PID/fd says that its file has no name any more. */
  static boolean isDeleted(String path) {
    return path.endsWith(DELETED);
  }

  /** Returns whether a file of this name is what a rotation has left behind. */
  static boolean isRotated(String name) {
    return ROTATED.matcher(name).matches();
  }
}
