package io.smartagent.kernel.file;

import io.smartagent.kernel.ErrnoException;
import java.util.List;

/**
 * Files as the calling thread sees them. A path is {@link PathText}, whatever the locale says.
 *
 * <p>The methods that take a root never leave it: openat2(2) with RESOLVE_IN_ROOT, Linux 5.6, else
 * one component after the other with O_NOFOLLOW. An absolute link, or "..", starts at that root
 * again.
 */
public interface Filesystem {

  /**
   * Opens a directory only as a place to start from (O_PATH).
   *
   * @throws ErrnoException ENOENT, ENOTDIR, EACCES
   */
  Descriptor openDirectory(String path) throws ErrnoException;

  /**
   * Opens a file for reading, following links. Does not wait for a FIFO's writer.
   *
   * @throws ErrnoException ENOENT, ENOTDIR, EACCES
   */
  Descriptor openFile(String path) throws ErrnoException;

  /**
   * Opens a file below {@code root} for reading. Does not wait for a FIFO's writer.
   *
   * @param path relative to the root, a leading slash makes no difference
   * @throws ErrnoException ENOENT, ENOTDIR, EACCES, ELOOP
   */
  Descriptor openInRoot(Descriptor root, String path) throws ErrnoException;

  /**
   * As {@link #openInRoot}, but opens only the place (O_PATH): no permission on the file is needed.
   */
  Descriptor locateInRoot(Descriptor root, String path) throws ErrnoException;

  /** As {@link #locateInRoot}, but a link at the end of the path is not followed. */
  Descriptor locateLinkInRoot(Descriptor root, String path) throws ErrnoException;

  /**
   * Opens only the place that a path leads to (O_PATH), following links, also those of procfs that
   * are no paths: of {@code /proc/PID/fd/N} it is the very file that the process has open. Neither
   * a FIFO nor a device notices.
   *
   * @throws ErrnoException ENOENT, EACCES
   */
  Descriptor locate(String path) throws ErrnoException;

  /**
   * Reads a file from its present position to its end.
   *
   * @param limit the most bytes to read; a longer file is EFBIG
   */
  byte[] readAll(Descriptor file, int limit) throws ErrnoException;

  /**
   * Reads a file by path, from its start to its end, following links.
   *
   * @param limit the most bytes to read; a longer file is EFBIG
   */
  byte[] readAll(String path, int limit) throws ErrnoException;

  /**
   * Reads a file from its present position, but no more than {@code limit} bytes of it: what
   * follows is left unread.
   */
  byte[] readStart(Descriptor file, int limit) throws ErrnoException;

  /** Returns what statx(2) says of an open file. */
  FileStatus status(Descriptor file) throws ErrnoException;

  /**
   * Returns what statx(2) says of what is at a path, following links. Needs no permission on it.
   *
   * @throws ErrnoException ENOENT, ENOTDIR, EACCES
   */
  FileStatus status(String path) throws ErrnoException;

  /** Returns what statfs(2) says of the mount that an open file is on. */
  FilesystemStatus filesystemStatus(Descriptor file) throws ErrnoException;

  /** Returns the names in a directory without "." and "..", in the order of the file system. */
  List<String> list(Descriptor directory) throws ErrnoException;

  /** As {@link #list(Descriptor)}, but ends after {@code limit} names. */
  List<String> list(Descriptor directory, int limit) throws ErrnoException;

  /**
   * Returns the names of the directories in a directory, without "." and "..", in the order of the
   * file system; also other names where the file system does not tell what they are.
   *
   * @param limit the most names that are returned; those beyond it are left out
   * @throws ErrnoException ENOENT, ENOTDIR, EACCES
   */
  List<String> directories(String path, int limit) throws ErrnoException;

  /**
   * Returns the target of a symbolic link; bytes that are not UTF-8 become U+FFFD.
   *
   * @throws ErrnoException EINVAL where it is no link
   */
  String readLink(String path) throws ErrnoException;

  /**
   * As {@link #readLink(String)}, of a link that {@link #locateLinkInRoot} has found. Linux 2.6.39.
   *
   * @throws ErrnoException ENOENT where it is no link
   */
  String readLink(Descriptor link) throws ErrnoException;

  /**
   * Writes a new file beside {@code name} and renames it over it: a reader sees the old or the new
   * one.
   *
   * @param permissions of the new file, whatever the umask is
   */
  void replace(Descriptor directory, String name, byte[] content, int permissions)
      throws ErrnoException;

  /**
   * Makes a directory with exactly {@code permissions}.
   *
   * @throws ErrnoException EEXIST, EROFS, EACCES
   */
  void makeDirectory(Descriptor parent, String name, int permissions) throws ErrnoException;

  /** Removes an empty directory. */
  void removeDirectory(Descriptor parent, String name) throws ErrnoException;

  /**
   * Gives an open file to another owner and group.
   *
   * @throws ErrnoException EPERM without CAP_CHOWN, EROFS
   */
  void changeOwner(Descriptor file, int uid, int gid) throws ErrnoException;

  /**
   * Opens a file for writing, without making or changing it, and closes it again.
   *
   * @throws ErrnoException EROFS on a read-only mount, EACCES, EPERM
   */
  void tryOpenForWriting(String path) throws ErrnoException;

  /**
   * Makes a directory and removes it at once: the way to ask a mount whether it is read-only that
   * nothing can answer for it.
   *
   * @throws ErrnoException EROFS on a read-only mount, whatever the permissions are; EACCES, EPERM
   */
  void tryMakeDirectory(String path) throws ErrnoException;

  /**
   * Locks an open file or directory where nobody else has it locked: flock(2). The lock ends with
   * the descriptor, and so with the process, however that ends.
   *
   * @param shared whether others may have it locked as shared too
   * @return whether it is locked now
   * @throws ErrnoException EBADF for a mere place (O_PATH), and for a directory of NFS; ENOLCK
   */
  boolean tryLock(Descriptor file, boolean shared) throws ErrnoException;
}
