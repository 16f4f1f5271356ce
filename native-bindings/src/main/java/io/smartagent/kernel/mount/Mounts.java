package io.smartagent.kernel.mount;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Descriptor;
import java.util.Set;

/**
 * Mounts of the calling thread's mount namespace. Every method needs CAP_SYS_ADMIN in the user
 * namespace that owns it (EPERM without; EACCES is an LSM's no), but for reading the table.
 */
public interface Mounts {

  /**
   * Returns the table of the calling thread, from /proc/thread-self/mountinfo, or
   * /proc/self/task/TID before Linux 3.17.
   *
   * @throws ErrnoException ENOENT where no /proc is mounted
   */
  MountTable table() throws ErrnoException;

  /**
   * Opens a watch on the table of the calling thread. What changes from here on is told.
   *
   * @throws ErrnoException ENOENT where no /proc is mounted
   */
  MountWatch watch() throws ErrnoException;

  /** Ends all propagation to and from the mounts at and below {@code tree}: MS_REC|MS_PRIVATE. */
  void makePrivateRecursively(String tree) throws ErrnoException;

  /**
   * Makes {@code source} visible at {@code target} too, with its submounts where {@code recursive}.
   *
   * @throws ErrnoException ENOENT, ENOTDIR where one is a directory and the other is not
   */
  void bind(String source, String target, boolean recursive) throws ErrnoException;

  /**
   * As {@link #bind}, by descriptors, so that nothing can be exchanged between the check of a place
   * and its use (CVE-2025-31133). Needs /proc.
   */
  void bind(Descriptor source, Descriptor target, boolean recursive) throws ErrnoException;

  /** Moves the mount at {@code source} to {@code target}: MS_MOVE. */
  void move(String source, String target) throws ErrnoException;

  /**
   * Makes one mount read-only, and only that one: MS_REMOUNT|MS_BIND|MS_RDONLY does not recurse,
   * whatever MS_REC says.
   *
   * @param flagsToKeep what the mount has now: {@link MountPoint#flagsToKeep()}
   * @throws ErrnoException EPERM where a locked flag is left out
   */
  void remountReadOnly(String path, Set<MountFlag> flagsToKeep) throws ErrnoException;

  /**
   * Makes every mount at and below {@code tree} read-only in one call: mount_setattr(2) with
   * AT_RECURSIVE, Linux 5.12.
   *
   * @throws ErrnoException ENOSYS before 5.12 or where seccomp hides it; EPERM without
   *     CAP_SYS_ADMIN or where seccomp denies it; EACCES where an LSM forbids it
   */
  void sealRecursively(String tree) throws ErrnoException;

  /**
   * Copies the mount at {@code path} with its submounts without mounting the copy anywhere:
   * open_tree(2) with OPEN_TREE_CLONE|AT_RECURSIVE, Linux 5.2. What happens to the original later
   * does not touch the copy.
   *
   * @throws ErrnoException ENOSYS before 5.2 or where seccomp hides it; EPERM; EACCES
   */
  Descriptor cloneTree(String path) throws ErrnoException;

  /** Mounts what {@link #cloneTree} returned over {@code path}: move_mount(2), Linux 5.2. */
  void attachTree(Descriptor tree, String path) throws ErrnoException;

  /** Mounts an empty tmpfs with nosuid and nodev, and {@code flags} beside them. */
  void mountTmpfs(String target, TmpfsOptions options, Set<MountFlag> flags) throws ErrnoException;

  /** As {@link #mountTmpfs(String, TmpfsOptions, Set)}, on an open directory. Needs /proc. */
  void mountTmpfs(Descriptor target, TmpfsOptions options, Set<MountFlag> flags)
      throws ErrnoException;

  /** Unmounts {@code path} at once, although it is in use: umount2(MNT_DETACH|UMOUNT_NOFOLLOW). */
  void detach(String path) throws ErrnoException;

  /**
   * Makes the working directory the root of the mount namespace and detaches the old one:
   * pivot_root(".", ".") and umount2(".", MNT_DETACH), pivot_root(2) "pivot_root(".", ".")".
   *
   * @throws ErrnoException EINVAL where it is no mount point or a parent is shared; EPERM without
   *     CAP_SYS_ADMIN or where seccomp denies it, as Docker's default profile does
   */
  void pivotToWorkingDirectory() throws ErrnoException;
}
