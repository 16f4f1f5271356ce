package io.smartagent.modules.hostevents;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What the state of a file system shows to have happened, without the kernel's log. */
sealed interface FilesystemReport {

  /** Returns the block device's name. */
  String device();

  /**
   * A file system that has become read-only after a fault, or refuses everything.
   *
   * @param historical whether it was so at the first look
   */
  record TurnedReadOnly(MountedFilesystem filesystem, boolean historical)
      implements FilesystemReport {

    @Override
    public String device() {
      return filesystem.device();
    }

    /** Returns what its options say, as the attribute {@code message}. */
    String message() {
      return filesystem.stopped()
          ? "mountinfo shows shutdown"
          : filesystem.emergency() ? "mountinfo shows emergency_ro" : "mountinfo shows ro after rw";
    }
  }

  /**
   * Errors that ext4 has counted in its superblock.
   *
   * @param count how many
   * @param lastAt when the last of them was; null if unknown
   * @param function the kernel's one that met it; null if unknown
   * @param historical whether they happened before the first look
   */
  record Ext4Errors(
      String device,
      long count,
      @Nullable Instant lastAt,
      @Nullable String function,
      boolean historical)
      implements FilesystemReport {

    /** Returns what the superblock says, as the attribute {@code message}. */
    String message() {
      return "errors_count has grown"
          + (function == null ? "" : ", the last error was met by " + function);
    }
  }
}
