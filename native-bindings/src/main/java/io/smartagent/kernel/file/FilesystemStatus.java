package io.smartagent.kernel.file;

/**
 * What statfs(2) says of the mount that a file is on.
 *
 * @param magic the kind of file system, as include/uapi/linux/magic.h numbers it
 * @param readOnly whether the mount or its file system is read-only
 * @param availableBytes what a user without privilege may still write
 */
public record FilesystemStatus(long magic, boolean readOnly, long availableBytes) {

  /** PROC_SUPER_MAGIC. */
  public static final long PROC = 0x9fa0;

  /** Returns whether it is a procfs. */
  public boolean isProc() {
    return magic == PROC;
  }
}
