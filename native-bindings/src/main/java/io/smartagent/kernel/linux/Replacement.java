package io.smartagent.kernel.linux;

import static io.smartagent.kernel.linux.LinuxFilesystem.O_NOCTTY;
import static io.smartagent.kernel.linux.LinuxFilesystem.O_NONBLOCK;
import static io.smartagent.kernel.linux.LinuxFilesystem.O_WRONLY;
import static io.smartagent.kernel.linux.SystemCalls.quote;

import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Descriptor;

/**
 * Writes a file beside another one and renames it over that. Any number of processes may replace
 * the same file at once, in different PID namespaces too: each has a temporary file of its own,
 * which it keeps locked, so that one without a lock is known to have lost its writer.
 */
final class Replacement {

  private static final int O_CREAT = 0100;
  private static final int O_EXCL = 0200;

  private static final String SUFFIX = ".new";

  /** Names that were taken already, or files that a cleaner removed, before it gives up. */
  private static final int ATTEMPTS = 100;

  /** More names than that are not searched for abandoned files. */
  private static final int MAX_NAMES = 1000;

  private final SystemCalls calls;
  private final LinuxFilesystem files;
  private final Descriptor directory;
  private final String name;
  private final String prefix;

  Replacement(SystemCalls calls, LinuxFilesystem files, Descriptor directory, String name) {
    this.calls = calls;
    this.files = files;
    this.directory = directory;
    this.name = name;
    prefix = "." + name + ".";
  }

  /** Replaces the file, and removes what writers that were killed have left. */
  void write(byte[] content, int permissions) throws ErrnoException {
    removeAbandoned();
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      String temporary = prefix + Long.toHexString(System.nanoTime()) + SUFFIX;
      int flags = O_WRONLY | O_CREAT | O_EXCL | calls.architecture().noFollowFlag();
      try (Descriptor file = files.open(directory.number(), temporary, flags, 0600)) {
        if (isLocked(file)) {
          fill(file, temporary, content, permissions);
          return;
        }
      } catch (ErrnoException e) {
        if (e.errno() != Errno.EEXIST) {
          throw e;
        }
      }
    }
    throw new ErrnoException("open(" + quote(name) + ", O_WRONLY|O_CREAT|O_EXCL)", Errno.EEXIST);
  }

  /** Not where another process took it for abandoned, between its creation and the lock. */
  private boolean isLocked(Descriptor file) throws ErrnoException {
    try {
      return files.tryLock(file, false) && files.status(file).links() > 0;
    } catch (ErrnoException noLocks) {
      // Nor can another process lock it, then, and take it for abandoned.
      return true;
    }
  }

  private void fill(Descriptor file, String temporary, byte[] content, int permissions)
      throws ErrnoException {
    try {
      files.write(file, name, content);
      calls.check("fchmod(" + quote(name) + ")", SystemCall.FCHMOD, file, permissions);
      calls.check(
          "rename(" + quote(name) + ")",
          SystemCall.RENAMEAT,
          directory,
          temporary,
          directory,
          name);
    } catch (ErrnoException e) {
      calls.raw(SystemCall.UNLINKAT, directory, temporary, 0);
      throw e;
    }
  }

  private void removeAbandoned() {
    try {
      for (String entry : files.list(directory, MAX_NAMES)) {
        if (entry.startsWith(prefix) && entry.endsWith(SUFFIX)) {
          removeIfAbandoned(entry);
        }
      }
    } catch (ErrnoException unreadable) {
      // They take space, and nothing else.
    }
  }

  private void removeIfAbandoned(String entry) {
    int flags = O_NONBLOCK | O_NOCTTY | calls.architecture().noFollowFlag();
    try (Descriptor file = files.open(directory.number(), entry, flags, 0)) {
      if (files.tryLock(file, false)) {
        calls.raw(SystemCall.UNLINKAT, directory, entry, 0);
      }
    } catch (ErrnoException stays) {
      // Renamed meanwhile, or another user's.
    }
  }
}
