package io.smartagent.kernel;

import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.file.FileStatus;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.kernel.file.FilesystemStatus;
import io.smartagent.kernel.linux.LinuxKernel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Real files, but nothing outside the test's own directory is changed. */
final class RecordingFilesystem implements Filesystem {

  private record Owner(int uid, int gid) {}

  private record Inode(long device, long number) {}

  private final CallLog log;
  private final ThreadState thread;
  private final LinuxKernel real = new LinuxKernel();
  private final Map<Inode, Owner> owners = new HashMap<>();
  private Predicate<String> isReadOnly = path -> false;
  private @Nullable String top;

  RecordingFilesystem(CallLog log, ThreadState thread) {
    this.log = log;
    this.thread = thread;
  }

  void readOnlyWhere(Predicate<String> test) {
    isReadOnly = test;
  }

  void top(Path directory) throws java.io.IOException {
    top = directory.toRealPath().toString();
  }

  void close(int number) {
    real.descriptors().close(number);
  }

  /** Returns what the thread calls the place that a descriptor stands for. */
  String pathOf(Descriptor descriptor) throws ErrnoException {
    String path = real.filesystem().readLink("/proc/self/fd/" + descriptor.number());
    String root = (top == null ? "" : top) + thread.root;
    if (path.equals(root)) {
      return "/";
    }
    return path.startsWith(root + "/") ? path.substring(root.length()) : path;
  }

  private Descriptor locate(String path, boolean followLast) throws ErrnoException {
    try (Descriptor start = real.filesystem().openDirectory(top == null ? "/" : top)) {
      String below = thread.root + thread.absolute(path);
      return followLast
          ? real.filesystem().locateInRoot(start, below)
          : real.filesystem().locateLinkInRoot(start, below);
    }
  }

  private static String quote(String text) {
    return '"' + text + '"';
  }

  @Override
  public Descriptor openDirectory(String path) throws ErrnoException {
    String call = "open(" + quote(path) + ")";
    log.read(call);
    Descriptor found = locate(path, true);
    if (!real.filesystem().status(found).isDirectory()) {
      found.close();
      throw new ErrnoException(call, Errno.ENOTDIR);
    }
    return found;
  }

  @Override
  public Descriptor openFile(String path) throws ErrnoException {
    log.read("open(" + quote(path) + ")");
    if (path.startsWith("/proc/self/fd/")) {
      // Of what was opened before, whatever the root is.
      return real.filesystem().openFile(path);
    }
    try (Descriptor start = real.filesystem().openDirectory(top == null ? "/" : top)) {
      return real.filesystem().openInRoot(start, thread.root + thread.absolute(path));
    }
  }

  @Override
  public Descriptor openInRoot(Descriptor root, String path) throws ErrnoException {
    log.read("openat2(" + quote(path) + ")");
    return real.filesystem().openInRoot(root, path);
  }

  @Override
  public Descriptor locateInRoot(Descriptor root, String path) throws ErrnoException {
    log.read("openat2(" + quote(path) + ")");
    return real.filesystem().locateInRoot(root, path);
  }

  @Override
  public Descriptor locateLinkInRoot(Descriptor root, String path) throws ErrnoException {
    log.read("openat2(" + quote(path) + ")");
    return real.filesystem().locateLinkInRoot(root, path);
  }

  @Override
  public Descriptor locate(String path) throws ErrnoException {
    log.read("open(" + quote(path) + ", O_PATH)");
    return locate(path, true);
  }

  @Override
  public byte[] readStart(Descriptor file, int limit) throws ErrnoException {
    log.read("read(" + quote(pathOf(file)) + ")");
    return real.filesystem().readStart(file, limit);
  }

  @Override
  public byte[] readAll(Descriptor file, int limit) throws ErrnoException {
    log.read("read(" + quote(pathOf(file)) + ")");
    return real.filesystem().readAll(file, limit);
  }

  @Override
  public byte[] readAll(String path, int limit) throws ErrnoException {
    log.read("open(" + quote(path) + ")");
    if (top == null && thread.root.isEmpty()) {
      return real.filesystem().readAll(thread.absolute(path), limit);
    }
    try (Descriptor start = real.filesystem().openDirectory(top == null ? "/" : top);
        Descriptor file =
            real.filesystem().openInRoot(start, thread.root + thread.absolute(path))) {
      return real.filesystem().readAll(file, limit);
    }
  }

  @Override
  public FileStatus status(Descriptor file) throws ErrnoException {
    log.read("statx(" + quote(pathOf(file)) + ")");
    FileStatus status = real.filesystem().status(file);
    Owner owner = owners.get(new Inode(status.device(), status.inode()));
    return owner == null
        ? status
        : new FileStatus(
            status.type(),
            status.permissions(),
            owner.uid(),
            owner.gid(),
            status.inode(),
            status.device(),
            status.size(),
            status.links());
  }

  @Override
  public FilesystemStatus filesystemStatus(Descriptor file) throws ErrnoException {
    log.read("fstatfs(" + quote(pathOf(file)) + ")");
    FilesystemStatus status = real.filesystem().filesystemStatus(file);
    return new FilesystemStatus(
        status.magic(),
        status.readOnly() || isReadOnly.test(pathOf(file)),
        status.availableBytes());
  }

  @Override
  public FileStatus status(String path) throws ErrnoException {
    log.read("statx(" + quote(path) + ")");
    try (Descriptor found = locate(path, true)) {
      return real.filesystem().status(found);
    }
  }

  @Override
  public List<String> directories(String path, int limit) throws ErrnoException {
    log.read("getdents64(" + quote(path) + ")");
    try (Descriptor found = locate(path, true)) {
      return real.filesystem().directories("/proc/self/fd/" + found.number(), limit);
    }
  }

  @Override
  public List<String> list(Descriptor directory) throws ErrnoException {
    log.read("getdents64(" + quote(pathOf(directory)) + ")");
    return real.filesystem().list(directory);
  }

  @Override
  public List<String> list(Descriptor directory, int limit) throws ErrnoException {
    log.read("getdents64(" + quote(pathOf(directory)) + ")");
    return real.filesystem().list(directory, limit);
  }

  @Override
  public String readLink(String path) throws ErrnoException {
    log.read("readlink(" + quote(path) + ")");
    if (top == null && thread.root.isEmpty()) {
      return real.filesystem().readLink(thread.absolute(path));
    }
    try (Descriptor link = locate(path, false)) {
      return real.filesystem()
          .readLink(real.filesystem().readLink("/proc/self/fd/" + link.number()));
    }
  }

  @Override
  public String readLink(Descriptor link) throws ErrnoException {
    log.read("readlink(" + quote(pathOf(link)) + ")");
    return real.filesystem().readLink(link);
  }

  @Override
  public void replace(Descriptor directory, String name, byte[] content, int permissions)
      throws ErrnoException {
    changeBelow(
        directory,
        name,
        "rename(%s)",
        () -> real.filesystem().replace(directory, name, content, permissions));
  }

  @Override
  public void makeDirectory(Descriptor parent, String name, int permissions) throws ErrnoException {
    changeBelow(
        parent,
        name,
        "mkdir(%s, 0" + Integer.toOctalString(permissions) + ")",
        () -> real.filesystem().makeDirectory(parent, name, permissions));
  }

  @Override
  public void removeDirectory(Descriptor parent, String name) throws ErrnoException {
    changeBelow(parent, name, "rmdir(%s)", () -> real.filesystem().removeDirectory(parent, name));
  }

  private void changeBelow(Descriptor directory, String name, String call, CallLog.Effect effect)
      throws ErrnoException {
    String parent = pathOf(directory);
    String path = parent.equals("/") ? "/" + name : parent + "/" + name;
    log.change(
        call.formatted(quote(path)),
        () -> {
          requireWritable(path);
          if (top != null) {
            effect.apply();
          }
        });
  }

  private void requireWritable(String path) throws CallLog.Refusal {
    if (isReadOnly.test(path)) {
      throw new CallLog.Refusal(Errno.EROFS);
    }
    if (!thread.mayWrite(path)) {
      throw new CallLog.Refusal(Errno.EACCES);
    }
  }

  @Override
  public void changeOwner(Descriptor file, int uid, int gid) throws ErrnoException {
    String path = pathOf(file);
    String owner = Integer.toUnsignedString(uid) + ":" + Integer.toUnsignedString(gid);
    FileStatus status = real.filesystem().status(file);
    log.change(
        "fchown(" + quote(path) + ", " + owner + ")",
        () -> {
          requireWritable(path);
          thread.require(Capability.CAP_CHOWN);
          owners.put(new Inode(status.device(), status.inode()), new Owner(uid, gid));
        });
  }

  @Override
  public void tryOpenForWriting(String path) throws ErrnoException {
    log.change("open(" + quote(path) + ", O_WRONLY)", () -> requireWritable(path));
  }

  @Override
  public void tryMakeDirectory(String path) throws ErrnoException {
    log.change("mkdir(" + quote(path) + ")", () -> requireWritable(path));
  }

  /** Not really: a launch keeps its lock until the execve, which returns here. */
  @Override
  public boolean tryLock(Descriptor file, boolean shared) throws ErrnoException {
    log.change("flock(" + quote(pathOf(file)) + ", " + operation(shared) + "|LOCK_NB)", () -> {});
    return true;
  }

  private static String operation(boolean shared) {
    return shared ? "LOCK_SH" : "LOCK_EX";
  }
}
