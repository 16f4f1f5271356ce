package io.smartagent.kernel.file;

/**
 * What statx(2) says of a file.
 *
 * @param type its kind
 * @param permissions its permission bits, 0 to 07777
 * @param uid its owner
 * @param gid its group
 * @param inode its number within its file system
 * @param device its file system's device number, major in the upper half
 * @param size its bytes
 * @param links how many names it has
 */
public record FileStatus(
    FileType type,
    int permissions,
    int uid,
    int gid,
    long inode,
    long device,
    long size,
    long links) {

  /** Returns whether it is a directory. */
  public boolean isDirectory() {
    return type == FileType.DIRECTORY;
  }
}
