package io.smartagent.simulation;

import static io.smartagent.simulation.PlanOnly.noPlanAsksFor;

import io.smartagent.host.HostRoot;
import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.file.FileStatus;
import io.smartagent.kernel.file.FileType;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.kernel.file.FilesystemStatus;
import io.smartagent.kernel.mount.MountPoint;
import io.smartagent.kernel.mount.MountTable;
import io.smartagent.probe.ClusterQuestion;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The host's root and the processes of an assumed container. What the image holds is real: it is
 * the same everywhere.
 */
final class AssumedFilesystem implements Filesystem {

  private static final String PROC = "/proc";
  private static final String HOST_PROC = HostRoot.MOUNT_POINT + PROC;

  /** The container's own first process, and one of another user. */
  private static final List<String> PROCESSES = List.of("1", "2");

  private final AssumedContainer container;
  private final AssumedCalls calls;
  private final Filesystem image;
  private final Map<Integer, String> paths = new HashMap<>();
  private final OpenFiles table = new OpenFiles(paths);

  AssumedFilesystem(AssumedContainer container, AssumedCalls calls, Filesystem image) {
    this.container = container;
    this.calls = calls;
    this.image = image;
  }

  private Descriptor open(String path) {
    Descriptor descriptor = new Descriptor(paths.size() + 3, table);
    paths.put(descriptor.number(), path);
    return descriptor;
  }

  private String path(Descriptor descriptor) {
    String path = paths.get(descriptor.number());
    if (path == null) {
      throw noPlanAsksFor("a closed file");
    }
    return path;
  }

  private static String below(String root, String path) {
    String relative = path.startsWith("/") ? path.substring(1) : path;
    return relative.isEmpty() ? root : (root.equals("/") ? "" : root) + "/" + relative;
  }

  private FileType typeOf(String call, String path) throws ErrnoException {
    return type(path)
        .orElseThrow(() -> new ErrnoException(call + "(\"" + path + "\")", Errno.ENOENT));
  }

  private Optional<FileType> type(String path) {
    if (path.equals(container.accountFile())) {
      return Optional.of(FileType.REGULAR);
    }
    if (container.accountFile().equals(path + ClusterQuestion.TOKEN)) {
      return Optional.of(FileType.DIRECTORY);
    }
    if (path.equals(PROC) || path.startsWith(PROC + "/") || path.equals("/")) {
      return Optional.of(FileType.DIRECTORY);
    }
    return MountTable.isAtOrBelow(path, HostRoot.MOUNT_POINT)
        ? container.host().type(path)
        : Optional.empty();
  }

  boolean exists(String path) {
    return type(path).isPresent();
  }

  @Override
  public Descriptor openDirectory(String path) throws ErrnoException {
    if (typeOf("open", path) != FileType.DIRECTORY) {
      throw new ErrnoException("open(\"" + path + "\")", Errno.ENOTDIR);
    }
    return open(path);
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
    return locate(below(path(root), path));
  }

  @Override
  public Descriptor locateLinkInRoot(Descriptor root, String path) throws ErrnoException {
    return locateInRoot(root, path);
  }

  @Override
  public Descriptor locate(String path) throws ErrnoException {
    FileType _ = typeOf("open", path);
    return open(path);
  }

  @Override
  public byte[] readAll(Descriptor file, int limit) throws ErrnoException {
    String path = path(file);
    Optional<String> text =
        switch (path.substring(HostRoot.MOUNT_POINT.length())) {
          case "/etc/passwd" -> Optional.of(container.host().passwd());
          case "/etc/group" -> Optional.of(container.host().group());
          default -> Optional.empty();
        };
    return text.orElseThrow(() -> noPlanAsksFor("the content of " + path))
        .getBytes(StandardCharsets.UTF_8);
  }

  /** What the kernel tells by /proc and /sys is another's. */
  @Override
  public byte[] readAll(String path, int limit) throws ErrnoException {
    if (path.startsWith(PROC + "/") || path.startsWith("/sys/")) {
      throw new ErrnoException("open(\"" + path + "\")", Errno.ENOENT);
    }
    return image.readAll(path, limit);
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
    return new FileStatus(typeOf("statx", path), 0755, 0, 0, 1, 1, 0, 1);
  }

  @Override
  public FilesystemStatus filesystemStatus(Descriptor file) {
    Optional<MountPoint> mount = container.host().mountOf(path(file));
    boolean readOnly =
        mount.isPresent()
            && (mount.get().isReadOnly() || mount.get().superOptions().contains("ro"));
    boolean proc = mount.map(MountPoint::type).equals(Optional.of("proc"));
    return new FilesystemStatus(proc ? FilesystemStatus.PROC : 0, readOnly, Long.MAX_VALUE);
  }

  @Override
  public List<String> list(Descriptor directory) {
    String path = path(directory);
    if (path.equals(HOST_PROC)) {
      return PROCESSES;
    }
    if (path.equals(PROC)) {
      return container.hostPid() ? PROCESSES : PROCESSES.subList(0, 1);
    }
    return container.host().list(path);
  }

  @Override
  public List<String> list(Descriptor directory, int limit) {
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
    String call = "readlink(\"" + path + "\")";
    if (path.startsWith(HOST_PROC + "/") && !exists(HOST_PROC)) {
      throw new ErrnoException(call, Errno.ENOENT);
    }
    if (path.endsWith("/self")) {
      return PROCESSES.getFirst();
    }
    calls.ptraceRead(call);
    return "/sbin/init";
  }

  /** No link is assumed: what would be one is what it leads to. */
  @Override
  public String readLink(Descriptor link) throws ErrnoException {
    throw new ErrnoException("readlink(\"" + path(link) + "\")", Errno.ENOENT);
  }

  @Override
  public boolean tryLock(Descriptor file, boolean shared) {
    throw noPlanAsksFor("a lock");
  }

  @Override
  public void replace(Descriptor directory, String name, byte[] content, int permissions) {
    throw noPlanAsksFor("a new file");
  }

  @Override
  public void makeDirectory(Descriptor parent, String name, int permissions) {
    throw noPlanAsksFor("a new directory");
  }

  @Override
  public void removeDirectory(Descriptor parent, String name) {
    throw noPlanAsksFor("the end of a directory");
  }

  @Override
  public void changeOwner(Descriptor file, int uid, int gid) {
    throw noPlanAsksFor("another owner");
  }

  @Override
  public void tryOpenForWriting(String path) {
    throw noPlanAsksFor("a file to write to");
  }

  @Override
  public void tryMakeDirectory(String path) {
    throw noPlanAsksFor("a directory for a moment");
  }
}
