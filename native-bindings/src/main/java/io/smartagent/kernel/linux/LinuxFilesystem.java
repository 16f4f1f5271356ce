package io.smartagent.kernel.linux;

import static io.smartagent.kernel.linux.SystemCalls.AT_EMPTY_PATH;
import static io.smartagent.kernel.linux.SystemCalls.AT_FDCWD;
import static io.smartagent.kernel.linux.SystemCalls.quote;

import com.sun.jna.Memory;
import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.file.FileStatus;
import io.smartagent.kernel.file.FileType;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.kernel.file.FilesystemStatus;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

final class LinuxFilesystem implements Filesystem {

  static final int O_WRONLY = 1;
  static final int O_NONBLOCK = 04000;
  static final int O_NOCTTY = 0400;
  private static final int O_CLOEXEC = 02000000;
  private static final int O_PATH = 010000000;
  private static final int RESOLVE_NO_MAGICLINKS = 2;
  private static final int RESOLVE_IN_ROOT = 0x10;
  private static final int OPEN_HOW_SIZE = 24;

  private static final int LOCK_SH = 1;
  private static final int LOCK_EX = 2;
  private static final int LOCK_NB = 4;

  private static final int AT_REMOVEDIR = 0x200;
  private static final int STATX_BASIC_STATS = 0x7ff;
  private static final int STATX_SIZE = 256;
  private static final int STAT_SIZE = 144;
  private static final int STATFS_SIZE = 120;
  private static final int ST_RDONLY = 1;
  private static final int DIRENTS_SIZE = 32768;
  private static final int DT_UNKNOWN = 0;
  private static final int DT_DIR = 4;
  private static final int PATH_MAX = 4096;
  private static final int BUFFER = 65536;
  private static final byte[] NOTHING = {};

  /** One for each thread that reads; its pages are the kernel's until something is read. */
  private static final ThreadLocal<Memory> BUFFERS =
      new ThreadLocal<>() {
        @Override
        protected Memory initialValue() {
          return new Memory(BUFFER);
        }
      };

  /**
   * How often openat2(2) is asked again when a rename or mount anywhere on the machine came
   * between, which is EAGAIN.
   */
  private static final int RACES = 16;

  /** As many links as the kernel follows in one path: path_resolution(7). */
  private static final int MAXSYMLINKS = 40;

  private final SystemCalls calls;
  private final LinuxDescriptors descriptors;

  LinuxFilesystem(SystemCalls calls, LinuxDescriptors descriptors) {
    this.calls = calls;
    this.descriptors = descriptors;
  }

  @Override
  public Descriptor openDirectory(String path) throws ErrnoException {
    return open(AT_FDCWD, path, O_PATH | calls.architecture().directoryFlag());
  }

  @Override
  public Descriptor openFile(String path) throws ErrnoException {
    return open(AT_FDCWD, path, O_NONBLOCK | O_NOCTTY);
  }

  @Override
  public Descriptor openInRoot(Descriptor root, String path) throws ErrnoException {
    return inRoot(root, path, O_NONBLOCK | O_NOCTTY);
  }

  @Override
  public Descriptor locateInRoot(Descriptor root, String path) throws ErrnoException {
    return inRoot(root, path, O_PATH);
  }

  @Override
  public Descriptor locateLinkInRoot(Descriptor root, String path) throws ErrnoException {
    return inRoot(root, path, O_PATH | calls.architecture().noFollowFlag());
  }

  @Override
  public Descriptor locate(String path) throws ErrnoException {
    return open(AT_FDCWD, path, O_PATH);
  }

  private Descriptor inRoot(Descriptor root, String path, int flags) throws ErrnoException {
    try (Memory how = SystemCalls.zeroed(OPEN_HOW_SIZE)) {
      how.setLong(0, flags | O_CLOEXEC);
      how.setLong(16, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
      for (int tries = 0; tries < RACES; tries++) {
        long result = calls.raw(SystemCall.OPENAT2, root, path, how, OPEN_HOW_SIZE);
        if (result >= 0) {
          return descriptor(result);
        }
        if (SystemCalls.failedWith(result, Errno.ENOSYS)
            || SystemCalls.failedWith(result, Errno.EPERM)) {
          break;
        }
        if (!SystemCalls.failedWith(result, Errno.EAGAIN)) {
          throw new ErrnoException("openat2(" + quote(path) + ", RESOLVE_IN_ROOT)", (int) -result);
        }
      }
    }
    return byComponents(root, path, flags);
  }

  /**
   * The same without openat2(2): each component is opened by itself and never followed, each link
   * is read and its components come next, and ".." goes back to the directory that was really
   * passed.
   */
  Descriptor byComponents(Descriptor root, String path, int flags) throws ErrnoException {
    if (path.isEmpty()) {
      throw failure(path, Errno.ENOENT);
    }
    Deque<String> ahead = new ArrayDeque<>(components(path));
    Deque<Descriptor> passed = new ArrayDeque<>();
    int noFollow = calls.architecture().noFollowFlag();
    boolean followLast = (flags & noFollow) == 0;
    int links = 0;
    try {
      while (!ahead.isEmpty()) {
        String name = ahead.removeFirst();
        if (name.equals(".")) {
          continue;
        }
        if (name.equals("..")) {
          if (!passed.isEmpty()) {
            passed.pop().close();
          }
          continue;
        }
        int here = passed.isEmpty() ? root.number() : passed.peek().number();
        Descriptor next = open(here, name, O_PATH | noFollow);
        passed.push(next);
        FileType type = status(next).type();
        if (type == FileType.SYMBOLIC_LINK && (followLast || !ahead.isEmpty())) {
          String target = readLink(next.number(), "");
          passed.pop().close();
          if (++links > MAXSYMLINKS) {
            throw failure(path, Errno.ELOOP);
          }
          if (target.startsWith("/")) {
            closeAll(passed);
          }
          List<String> more = components(target);
          for (int i = more.size() - 1; i >= 0; i--) {
            ahead.addFirst(more.get(i));
          }
        } else if (!ahead.isEmpty() && type != FileType.DIRECTORY) {
          throw failure(path, Errno.ENOTDIR);
        } else if (ahead.isEmpty() && (flags & O_PATH) == 0) {
          passed.pop().close();
          here = passed.isEmpty() ? root.number() : passed.peek().number();
          return open(here, name, flags | noFollow);
        }
      }
      if (passed.isEmpty() || (flags & O_PATH) == 0) {
        return open(passed.isEmpty() ? root.number() : passed.peek().number(), ".", flags);
      }
      return passed.pop();
    } finally {
      closeAll(passed);
    }
  }

  private static ErrnoException failure(String path, Errno errno) {
    return new ErrnoException("open(" + quote(path) + ")", errno);
  }

  /** A slash at the end asks for a directory, as "." behind it does. */
  private static List<String> components(String path) {
    String whole = path.endsWith("/") ? path + "." : path;
    return Arrays.stream(whole.split("/", -1)).filter(name -> !name.isEmpty()).toList();
  }

  private static void closeAll(Deque<Descriptor> open) {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }

  private Descriptor open(int directory, String path, int flags) throws ErrnoException {
    return open(directory, path, flags, 0);
  }

  Descriptor open(int directory, String path, int flags, int permissions) throws ErrnoException {
    long result = calls.raw(SystemCall.OPENAT, directory, path, flags | O_CLOEXEC, permissions);
    if (result < 0) {
      throw new ErrnoException("open(" + quote(path) + ")", (int) -result);
    }
    return descriptor(result);
  }

  private Descriptor descriptor(long number) {
    return new Descriptor((int) number, descriptors);
  }

  @Override
  public byte[] readAll(Descriptor file, int limit) throws ErrnoException {
    return readAll(file, limit, file.toString());
  }

  @Override
  public byte[] readAll(String path, int limit) throws ErrnoException {
    try (Descriptor file = open(AT_FDCWD, path, O_NONBLOCK | O_NOCTTY)) {
      return readAll(file, limit, path);
    }
  }

  /** Modules read tens of thousands of small files in a pass: what is not needed is not made. */
  private byte[] readAll(Descriptor file, int limit, String subject) throws ErrnoException {
    Memory buffer = BUFFERS.get();
    byte[] first = readOnce(file, limit, 0, buffer, subject);
    byte[] more = first.length == 0 ? first : readOnce(file, limit, first.length, buffer, subject);
    if (more.length == 0) {
      return first;
    }
    ByteArrayOutputStream content = new ByteArrayOutputStream(first.length + more.length);
    content.writeBytes(first);
    while (more.length > 0) {
      content.writeBytes(more);
      more = readOnce(file, limit, content.size(), buffer, subject);
    }
    return content.toByteArray();
  }

  private byte[] readOnce(Descriptor file, int limit, int before, Memory buffer, String subject)
      throws ErrnoException {
    long count = calls.raw(SystemCall.READ, file, buffer, BUFFER);
    if (count < 0) {
      throw new ErrnoException("read(" + quote(subject) + ")", (int) -count);
    }
    if (before + count > limit) {
      throw new ErrnoException("read(" + quote(subject) + ")", Errno.EFBIG);
    }
    return count == 0 ? NOTHING : buffer.getByteArray(0, (int) count);
  }

  @Override
  public byte[] readStart(Descriptor file, int limit) throws ErrnoException {
    Memory buffer = BUFFERS.get();
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    while (content.size() < limit) {
      int wanted = Math.min(BUFFER, limit - content.size());
      int count = (int) calls.check("read(" + file + ")", SystemCall.READ, file, buffer, wanted);
      if (count == 0) {
        break;
      }
      content.writeBytes(buffer.getByteArray(0, count));
    }
    return content.toByteArray();
  }

  @Override
  public FileStatus status(Descriptor file) throws ErrnoException {
    try (Memory buffer = SystemCalls.zeroed(STATX_SIZE)) {
      long result = calls.raw(SystemCall.STATX, file, "", AT_EMPTY_PATH, STATX_BASIC_STATS, buffer);
      if (result >= 0) {
        return status(buffer);
      }
      if (!SystemCalls.failedWith(result, Errno.ENOSYS)
          && !SystemCalls.failedWith(result, Errno.EPERM)) {
        throw new ErrnoException("statx(" + file + ")", (int) -result);
      }
    }
    return statusWithoutStatx(file);
  }

  @Override
  public FileStatus status(String path) throws ErrnoException {
    try (Memory buffer = SystemCalls.zeroed(STATX_SIZE)) {
      long result = calls.raw(SystemCall.STATX, AT_FDCWD, path, 0, STATX_BASIC_STATS, buffer);
      if (result >= 0) {
        return status(buffer);
      }
      if (!SystemCalls.failedWith(result, Errno.ENOSYS)
          && !SystemCalls.failedWith(result, Errno.EPERM)) {
        throw new ErrnoException("statx(" + quote(path) + ")", (int) -result);
      }
    }
    try (Descriptor file = open(AT_FDCWD, path, O_PATH)) {
      return statusWithoutStatx(file);
    }
  }

  /** Reads a struct statx. */
  private static FileStatus status(Memory buffer) {
    int mode = Short.toUnsignedInt(buffer.getShort(28));
    return new FileStatus(
        FileType.ofMode(mode),
        mode & 07777,
        buffer.getInt(20),
        buffer.getInt(24),
        buffer.getLong(32),
        device(buffer.getInt(136), buffer.getInt(140)),
        buffer.getLong(40),
        Integer.toUnsignedLong(buffer.getInt(16)));
  }

  /** For kernels before 4.11, and seccomp filters that do not know statx(2). */
  FileStatus statusWithoutStatx(Descriptor file) throws ErrnoException {
    Memory buffer = SystemCalls.zeroed(STAT_SIZE);
    String description = "newfstatat(" + file + ")";
    calls.check(description, SystemCall.NEWFSTATAT, file, "", buffer, AT_EMPTY_PATH);
    Architecture architecture = calls.architecture();
    int mode = buffer.getInt(architecture.statModeOffset());
    int owner = architecture.statOwnerOffset();
    int device = buffer.getInt(0);
    return new FileStatus(
        FileType.ofMode(mode),
        mode & 07777,
        buffer.getInt(owner),
        buffer.getInt(owner + Integer.BYTES),
        buffer.getLong(8),
        // include/linux/kdev_t.h, new_encode_dev(): 12 bits of major amid 20 of minor.
        device((device >>> 8) & 0xfff, (device & 0xff) | ((device >>> 12) & 0xfff00)),
        buffer.getLong(48),
        Integer.toUnsignedLong(buffer.getInt(architecture.statLinksOffset())));
  }

  private static long device(int major, int minor) {
    return Integer.toUnsignedLong(major) << 32 | Integer.toUnsignedLong(minor);
  }

  @Override
  public FilesystemStatus filesystemStatus(Descriptor file) throws ErrnoException {
    try (Memory buffer = SystemCalls.zeroed(STATFS_SIZE)) {
      calls.check("fstatfs(" + file + ")", SystemCall.FSTATFS, file, buffer);
      // The unit of the counts; FUSE and NFS report a larger one for transfers in f_bsize.
      long fragment = buffer.getLong(72);
      return new FilesystemStatus(
          buffer.getLong(0),
          (buffer.getLong(80) & ST_RDONLY) != 0,
          buffer.getLong(32) * (fragment == 0 ? buffer.getLong(8) : fragment));
    }
  }

  /** Returns the names in the directory at {@code path}. */
  List<String> list(String path) throws ErrnoException {
    try (Descriptor directory = open(AT_FDCWD, path, calls.architecture().directoryFlag())) {
      return entries(directory, Integer.MAX_VALUE, false);
    }
  }

  @Override
  public List<String> directories(String path, int limit) throws ErrnoException {
    try (Descriptor directory = open(AT_FDCWD, path, calls.architecture().directoryFlag())) {
      return entries(directory, limit, true);
    }
  }

  @Override
  public List<String> list(Descriptor directory) throws ErrnoException {
    return list(directory, Integer.MAX_VALUE);
  }

  @Override
  public List<String> list(Descriptor directory, int limit) throws ErrnoException {
    try (Descriptor readable =
        open(directory.number(), ".", calls.architecture().directoryFlag())) {
      return entries(readable, limit, false);
    }
  }

  private List<String> entries(Descriptor directory, int limit, boolean onlyDirectories)
      throws ErrnoException {
    List<String> names = new ArrayList<>();
    try (Memory buffer = new Memory(DIRENTS_SIZE)) {
      while (true) {
        int end =
            (int)
                calls.check(
                    "getdents64(" + directory + ")",
                    SystemCall.GETDENTS64,
                    directory,
                    buffer,
                    DIRENTS_SIZE);
        if (end == 0) {
          return names;
        }
        for (int at = 0; at < end; at += Short.toUnsignedInt(buffer.getShort(at + 16))) {
          byte type = buffer.getByte(at + 18);
          if (onlyDirectories && type != DT_DIR && type != DT_UNKNOWN) {
            continue;
          }
          String name = buffer.getString(at + 19, StandardCharsets.UTF_8.name());
          if (!name.equals(".") && !name.equals("..")) {
            if (names.size() == limit) {
              return names;
            }
            names.add(name);
          }
        }
      }
    }
  }

  @Override
  public String readLink(String path) throws ErrnoException {
    return readLink(AT_FDCWD, path);
  }

  @Override
  public String readLink(Descriptor link) throws ErrnoException {
    return readLink(link.number(), "");
  }

  private String readLink(int directory, String path) throws ErrnoException {
    // Closed at once: who reads a hundred thousand links would fill memory before it is collected.
    try (Memory target = new Memory(PATH_MAX)) {
      long length =
          calls.check(
              "readlink(" + quote(path) + ")",
              SystemCall.READLINKAT,
              directory,
              path,
              target,
              PATH_MAX);
      return new String(target.getByteArray(0, (int) length), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void replace(Descriptor directory, String name, byte[] content, int permissions)
      throws ErrnoException {
    new Replacement(calls, this, directory, name).write(content, permissions);
  }

  void write(Descriptor file, String name, byte[] content) throws ErrnoException {
    Memory buffer = SystemCalls.text(content);
    for (int written = 0; written < content.length; ) {
      written +=
          (int)
              calls.check(
                  "write(" + quote(name) + ")",
                  SystemCall.WRITE,
                  file,
                  buffer.share(written),
                  content.length - written);
    }
  }

  @Override
  public void makeDirectory(Descriptor parent, String name, int permissions) throws ErrnoException {
    String description = "mkdir(" + quote(name) + ")";
    calls.check(description, SystemCall.MKDIRAT, parent, name, 0700);
    int flags = calls.architecture().directoryFlag() | calls.architecture().noFollowFlag();
    try (Descriptor made = open(parent.number(), name, flags)) {
      calls.check("fchmod(" + quote(name) + ")", SystemCall.FCHMOD, made, permissions);
    } catch (ErrnoException e) {
      calls.raw(SystemCall.UNLINKAT, parent, name, AT_REMOVEDIR);
      throw e;
    }
  }

  @Override
  public void removeDirectory(Descriptor parent, String name) throws ErrnoException {
    calls.check("rmdir(" + quote(name) + ")", SystemCall.UNLINKAT, parent, name, AT_REMOVEDIR);
  }

  @Override
  public void changeOwner(Descriptor file, int uid, int gid) throws ErrnoException {
    String owner = Integer.toUnsignedString(uid) + ":" + Integer.toUnsignedString(gid);
    calls.check(
        "fchown(" + file + ", " + owner + ")",
        SystemCall.FCHOWNAT,
        file,
        "",
        uid,
        gid,
        AT_EMPTY_PATH);
  }

  @Override
  public void tryOpenForWriting(String path) throws ErrnoException {
    long number =
        calls.check(
            "open(" + quote(path) + ", O_WRONLY)",
            SystemCall.OPENAT,
            AT_FDCWD,
            path,
            O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
            0);
    descriptors.close((int) number);
  }

  @Override
  public void tryMakeDirectory(String path) throws ErrnoException {
    calls.check("mkdir(" + quote(path) + ")", SystemCall.MKDIRAT, AT_FDCWD, path, 0700);
    calls.raw(SystemCall.UNLINKAT, AT_FDCWD, path, AT_REMOVEDIR);
  }

  @Override
  public boolean tryLock(Descriptor file, boolean shared) throws ErrnoException {
    int operation = (shared ? LOCK_SH : LOCK_EX) | LOCK_NB;
    long result = calls.raw(SystemCall.FLOCK, file, operation);
    if (result < 0 && !SystemCalls.failedWith(result, Errno.EAGAIN)) {
      throw new ErrnoException("flock(" + file + ", LOCK_NB)", (int) -result);
    }
    return result >= 0;
  }
}
