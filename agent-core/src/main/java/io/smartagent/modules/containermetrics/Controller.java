package io.smartagent.modules.containermetrics;

import java.util.Locale;

/** What a hierarchy of control groups, version 1, is mounted for: cgroups(7). */
enum Controller {
  MEMORY,
  CPUACCT,
  CPU,
  PIDS,
  BLKIO,
  FREEZER;

  /** Returns the name by which it is mounted. */
  String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
