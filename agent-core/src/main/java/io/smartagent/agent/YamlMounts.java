package io.smartagent.agent;

import io.smartagent.kernel.file.Filesystem;
import io.smartagent.kernel.mount.MountPoint;
import io.smartagent.kernel.mount.MountTable;
import io.smartagent.launch.LaunchRecord;
import io.smartagent.telemetry.AttestationReport.Check;
import java.util.ArrayList;
import java.util.List;

/**
 * The mounts that the YAML made read-only are: tried on each of them. Where nothing was remounted,
 * more is not promised: a mount that arrives later with propagation may be writable, and is named.
 */
final class YamlMounts {

  static final String NAME = "read-only-mounts";

  private final Filesystem filesystem;
  private final Attempts attempts;
  private final LaunchRecord record;
  private final long pid;

  YamlMounts(Filesystem filesystem, Attempts attempts, LaunchRecord record, long pid) {
    this.filesystem = filesystem;
    this.attempts = attempts;
    this.record = record;
    this.pid = pid;
  }

  Check check(MountTable table) throws InterruptedException {
    List<String> writable = new ArrayList<>(record.root().writable());
    List<String> unknown = new ArrayList<>();
    for (MountPoint mount : table.visibleBelow("/")) {
      // The root itself was read-only, or this would be mode full.
      if (!mount.isReadOnly() && !mount.path().equals("/")) {
        if (isNew(mount)) {
          unknown.add(mount.path());
        }
        writable.add(mount.path());
      }
    }
    Check check = new SealedHost(filesystem, attempts, writable, pid).check(table);
    String since =
        unknown.isEmpty()
            ? ""
            : "; these can be written to and could not when the launch was planned: "
                + SealedHost.describe(unknown);
    return new Check(NAME, check.passed(), check.detail() + since);
  }

  /** Where there were too many to be listed, nobody can tell. */
  private boolean isNew(MountPoint mount) {
    return record.root().openMountsUnlisted() == 0
        && !mount.isAutomount()
        && !record.root().openMounts().contains(mount.path())
        && record.root().writable().stream()
            .noneMatch(directory -> MountTable.isAtOrBelow(mount.path(), directory));
  }
}
