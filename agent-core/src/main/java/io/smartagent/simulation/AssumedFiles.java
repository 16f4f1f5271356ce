package io.smartagent.simulation;

import io.smartagent.host.HostRoot;
import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.file.FileStatus;
import io.smartagent.kernel.file.FileType;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.kernel.file.FilesystemStatus;
import io.smartagent.kernel.mount.MountPoint;
import io.smartagent.kernel.process.Descriptors;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The files of an {@link AssumedHost}, so that the same code reads facts from it as from a real
 * one. It has no links, and cannot be changed.
 */
final class AssumedFiles implements Filesystem, Descriptors {

  private final AssumedHost host;
  private final Map<Integer, String> paths = new HashMap<>();

  AssumedFiles(AssumedHost host) {
    this.host = host;
  }

  private String path(Descriptor descriptor) throws ErrnoException {
    String path = paths.get(descriptor.number());
    if (path == null) {
      throw new ErrnoException(descriptor.toString(), Errno.EBADF);
    }
    return path;
  }

  private FileType type(String call, String path) throws ErrnoException {
    return host.type(path)
        .orElseThrow(() -> new ErrnoException(call + "(\"" + path + "\")", Errno.ENOENT));
  }

  @Override
  public void close(int number) {
    // Its path stays known: numbers are not used twice.
  }

  @Override
  public Descriptor openDirectory(String path) throws ErrnoException {
    if (type("open", path) != FileType.DIRECTORY) {
      throw new ErrnoException("open(\"" + path + "\")", Errno.ENOTDIR);
    }
    return locate(path);
  }

  @Override
  public Descriptor openFile(String path) throws ErrnoException {
    return locate(path);
  }

  @Override
  public Descriptor openInRoot(Descriptor root, String path) throws ErrnoException {
    return locateInRoot(root, path);
  }

  @Override
  public Descriptor locateInRoot(Descriptor root, String path) throws ErrnoException {
    String relative = path.startsWith("/") ? path.substring(1) : path;
    return locate(relative.isEmpty() ? path(root) : path(root) + "/" + relative);
  }

  @Override
  public Descriptor locateLinkInRoot(Descriptor root, String path) throws ErrnoException {
    return locateInRoot(root, path);
  }

  @Override
  public Descriptor locate(String path) throws ErrnoException {
    FileType _ = type("open", path);
    Descriptor descriptor = new Descriptor(paths.size() + 3, this);
    paths.put(descriptor.number(), path);
    return descriptor;
  }

  @Override
  public byte[] readAll(Descriptor file, int limit) throws ErrnoException {
    return readAll(path(file), limit);
  }

  @Override
  public byte[] readAll(String path, int limit) throws ErrnoException {
    String text =
        switch (path) {
          case HostRoot.MOUNT_POINT + "/etc/passwd" -> host.passwd();
          case HostRoot.MOUNT_POINT + "/etc/group" -> host.group();
          default -> throw new ErrnoException("open(\"" + path + "\")", Errno.ENOENT);
        };
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public byte[] readStart(Descriptor file, int limit) throws ErrnoException {
    return readAll(file, limit);
  }

  @Override
  public FileStatus status(Descriptor file) throws ErrnoException {
    return status(path(file));
  }

  @Override
  public FileStatus status(String path) throws ErrnoException {
    return new FileStatus(type("statx", path), 0755, 0, 0, 1, 1, 0, 1);
  }

  @Override
  public FilesystemStatus filesystemStatus(Descriptor file) throws ErrnoException {
    Optional<MountPoint> mount = host.mountOf(path(file));
    boolean readOnly =
        mount.isPresent()
            && (mount.get().isReadOnly() || mount.get().superOptions().contains("ro"));
    boolean proc = mount.map(MountPoint::type).equals(Optional.of("proc"));
    return new FilesystemStatus(proc ? FilesystemStatus.PROC : 0, readOnly, Long.MAX_VALUE);
  }

  @Override
  public List<String> list(Descriptor directory) throws ErrnoException {
    return host.list(path(directory));
  }

  @Override
  public List<String> list(Descriptor directory, int limit) throws ErrnoException {
    List<String> all = list(directory);
    return all.subList(0, Math.min(limit, all.size()));
  }

  @Override
  public List<String> directories(String path, int limit) throws ErrnoException {
    try (Descriptor directory = openDirectory(path)) {
      return list(directory, limit);
    }
  }

  @Override
  public String readLink(String path) throws ErrnoException {
    throw new ErrnoException("readlink(\"" + path + "\")", Errno.ENOENT);
  }

  @Override
  public String readLink(Descriptor link) throws ErrnoException {
    return readLink(path(link));
  }

  private static ErrnoException readOnly(String call) {
    return new ErrnoException(call, Errno.EROFS);
  }

  @Override
  public boolean tryLock(Descriptor file, boolean shared) throws ErrnoException {
    throw readOnly("flock");
  }

  @Override
  public void replace(Descriptor directory, String name, byte[] content, int permissions)
      throws ErrnoException {
    throw readOnly("rename");
  }

  @Override
  public void makeDirectory(Descriptor parent, String name, int permissions) throws ErrnoException {
    throw readOnly("mkdir");
  }

  @Override
  public void removeDirectory(Descriptor parent, String name) throws ErrnoException {
    throw readOnly("rmdir");
  }

  @Override
  public void changeOwner(Descriptor file, int uid, int gid) throws ErrnoException {
    throw readOnly("chown");
  }

  @Override
  public void tryOpenForWriting(String path) throws ErrnoException {
    throw readOnly("open");
  }

  @Override
  public void tryMakeDirectory(String path) throws ErrnoException {
    throw readOnly("mkdir");
  }

  @Override
  public void closeOnExecFrom(int first) throws ErrnoException {
    throw readOnly("close_range");
  }
}
