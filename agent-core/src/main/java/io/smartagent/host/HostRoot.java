package io.smartagent.host;

import io.smartagent.config.HiddenDirectories;
import io.smartagent.host.DirectoryFacts.State;
import io.smartagent.host.HostFacts.PrunedEntry;
import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.file.FileStatus;
import io.smartagent.kernel.file.FileType;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.kernel.mount.MountTable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Reads {@link HostFacts} without leaving the host's root and without changing anything. */
public final class HostRoot {

  /** Where the host's root is mounted in the container. A contract. */
  public static final String MOUNT_POINT = "/mnt/root";

  /**
   * Entries of a host's root, of which each one has most: what a root has and other directories do
   * not.
   */
  private static final List<String> MARKS = List.of("etc", "bin", "usr", "proc", "var");

  private static final int MARKS_NEEDED = 3;

  private static final List<String> SEARCH_PATH =
      List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin");

  private static final int PASSWD_LIMIT = 64 << 20;
  private static final int CLOSED = 0755;

  private final Filesystem files;
  private final MountTable table;
  private final String mountPoint;

  /** Returns a reader. */
  public HostRoot(HostFiles host) {
    this.files = host.files();
    this.table = host.mounts();
    this.mountPoint = host.mountPoint();
  }

  /**
   * What to look for.
   *
   * @param installPath on the host
   * @param runtimeDirectory on the host
   * @param runtimeEntries names to look for in the runtime directory
   * @param program that {@code run} executes
   */
  public record Question(
      String installPath,
      String runtimeDirectory,
      List<String> runtimeEntries,
      Optional<String> program) {}

  /** Returns what is there. */
  public HostFacts read(Question question) {
    try (Descriptor root = files.openDirectory(mountPoint)) {
      return read(root, question);
    } catch (ErrnoException e) {
      HostFacts.State state =
          switch (e.errno()) {
            case ENOENT -> HostFacts.State.ABSENT;
            case ENOTDIR -> HostFacts.State.NOT_A_DIRECTORY;
            default -> HostFacts.State.UNREADABLE;
          };
      return absent(state, e.getMessage(), question);
    }
  }

  private HostFacts absent(HostFacts.State state, String detail, Question question) {
    DirectoryFacts nothing =
        new DirectoryFacts(
            question.installPath(), State.ABSENT, "", false, 0, 0, List.of(), List.of());
    return new HostFacts(
        new HostFacts.Root(mountPoint, state, detail, false, false),
        new HostFacts.Users(Optional.empty(), detail, AccountFacts.NONE),
        new HostFacts.Directories(nothing, nothing, nothing),
        new HostFacts.Entries(List.of(), false, false, false),
        Optional.empty(),
        LayoutFacts.NOTHING,
        HostMounts.NONE);
  }

  private HostFacts read(Descriptor root, Question question) throws ErrnoException {
    List<String> top = files.list(root);
    int marks = 0;
    for (String mark : MARKS) {
      marks += top.contains(mark) ? 1 : 0;
    }
    if (marks < MARKS_NEEDED) {
      String detail = "of " + String.join(", ", MARKS) + " it has " + marks;
      return absent(HostFacts.State.NOT_A_ROOT, detail, question);
    }
    String runtime = question.runtimeDirectory();
    return new HostFacts(
        new HostFacts.Root(
            mountPoint,
            HostFacts.State.ROOT,
            "",
            files.filesystemStatus(root).readOnly(),
            table.at(mountPoint).isPresent()),
        users(root),
        new HostFacts.Directories(
            directory(root, question.installPath(), List.of()),
            directory(root, runtime, question.runtimeEntries()),
            directory(
                root, runtime.substring(0, Math.max(1, runtime.lastIndexOf('/'))), List.of())),
        new HostFacts.Entries(
            pruned(root, top), isProc(root), isDirectory(root, "/proc"), isDirectory(root, "/tmp")),
        question.program().map(name -> program(root, name)),
        new LayoutReader(files, mountPoint, root, table).read(question.installPath(), runtime),
        HostMounts.of(table.visibleBelow(mountPoint), mountPoint));
  }

  private HostFacts.Users users(Descriptor root) {
    AccountFacts accounts = AccountFactsReader.read(files, root);
    try {
      HostUsers users = new HostUsers(text(root, "/etc/passwd"), groups(root));
      return new HostFacts.Users(Optional.of(users), "", accounts);
    } catch (ErrnoException e) {
      return new HostFacts.Users(Optional.empty(), e.getMessage(), accounts);
    }
  }

  private String text(Descriptor root, String path) throws ErrnoException {
    try (Descriptor file = files.openInRoot(root, path)) {
      if (files.status(file).type() != FileType.REGULAR) {
        throw new ErrnoException("open(\"" + path + "\")", Errno.EINVAL);
      }
      return new String(files.readAll(file, PASSWD_LIMIT), StandardCharsets.UTF_8);
    }
  }

  private String groups(Descriptor root) {
    try {
      return text(root, "/etc/group");
    } catch (ErrnoException none) {
      return "";
    }
  }

  private boolean isProc(Descriptor root) {
    try (Descriptor proc = files.locateInRoot(root, "/proc")) {
      return files.filesystemStatus(proc).isProc();
    } catch (ErrnoException none) {
      return false;
    }
  }

  private boolean isDirectory(Descriptor root, String path) {
    try (Descriptor directory = files.locateLinkInRoot(root, path)) {
      return files.status(directory).isDirectory();
    } catch (ErrnoException none) {
      return false;
    }
  }

  private DirectoryFacts directory(Descriptor root, String path, List<String> entries) {
    List<String> tooClosed = new ArrayList<>();
    String level = "";
    for (String name : path.substring(1).split("/", -1)) {
      level = level + "/" + name;
      try (Descriptor here = files.locateLinkInRoot(root, level)) {
        FileStatus status = files.status(here);
        if (status.type() == FileType.SYMBOLIC_LINK) {
          return found(path, State.LINK, level, tooClosed);
        }
        if (!status.isDirectory()) {
          return found(path, State.NOT_A_DIRECTORY, level, tooClosed);
        }
        if ((status.permissions() & CLOSED) != CLOSED) {
          tooClosed.add(level + " (0" + Integer.toOctalString(status.permissions()) + ")");
        }
        if (level.equals(path)) {
          return new DirectoryFacts(
              path,
              State.DIRECTORY,
              "",
              files.filesystemStatus(here).readOnly(),
              status.uid(),
              status.gid(),
              tooClosed,
              directoriesAmong(root, path, entries));
        }
      } catch (ErrnoException e) {
        State state = e.errno() == Errno.ENOENT ? State.ABSENT : State.UNREADABLE;
        return found(path, state, level, tooClosed);
      }
    }
    return found(path, State.ABSENT, level, tooClosed);
  }

  private List<String> directoriesAmong(Descriptor root, String path, List<String> entries) {
    List<String> there = new ArrayList<>();
    for (String entry : entries) {
      if (isDirectory(root, path + "/" + entry)) {
        there.add(entry);
      }
    }
    return there;
  }

  private static DirectoryFacts found(String path, State state, String at, List<String> tooClosed) {
    return new DirectoryFacts(path, state, at, false, 0, 0, tooClosed, List.of());
  }

  /** On a link nothing can be mounted: what it leads to is hidden in its place. */
  private List<PrunedEntry> pruned(Descriptor root, List<String> top) {
    List<PrunedEntry> entries = new ArrayList<>();
    for (String name : new TreeSet<>(top)) {
      if (HiddenDirectories.contain(name)) {
        try (Descriptor entry = files.locateLinkInRoot(root, name)) {
          FileType type = files.status(entry).type();
          if (type == FileType.DIRECTORY || type == FileType.REGULAR) {
            entries.add(new PrunedEntry("/" + name, type == FileType.DIRECTORY));
          } else if (type == FileType.SYMBOLIC_LINK) {
            linked(root, files.readLink(entry)).ifPresent(entries::add);
          }
        } catch (ErrnoException vanished) {
          // What has gone by now need not be hidden.
        }
      }
    }
    return entries;
  }

  /**
   * Returns the directory that a link of the root leads to, such as /var/roothome: images of ostree
   * have root's home there. What it leads to in /boot is hidden with that.
   */
  private Optional<PrunedEntry> linked(Descriptor root, String target) throws ErrnoException {
    String path = target.startsWith("/") ? target : "/" + target;
    if (path.contains("/..") || HiddenDirectories.hold(path)) {
      return Optional.empty();
    }
    try (Descriptor place = files.locateLinkInRoot(root, path)) {
      return files.status(place).isDirectory()
          ? Optional.of(new PrunedEntry(path, true))
          : Optional.empty();
    }
  }

  private ProgramFacts program(Descriptor root, String name) {
    List<String> candidates = name.contains("/") ? List.of(name) : new ArrayList<>();
    if (candidates.isEmpty()) {
      for (String directory : SEARCH_PATH) {
        candidates.add(directory + "/" + name);
      }
    }
    String fault = "is not in " + String.join(", ", SEARCH_PATH) + " of the host";
    for (String candidate : candidates) {
      if (!candidate.startsWith("/")) {
        return new ProgramFacts(name, "", "is not an absolute path of the host");
      }
      try (Descriptor file = files.locateInRoot(root, candidate)) {
        FileStatus status = files.status(file);
        if (status.type() != FileType.REGULAR) {
          fault = "is no file";
        } else if ((status.permissions() & 0111) == 0) {
          fault = "is not executable";
        } else {
          return new ProgramFacts(name, candidate, "");
        }
      } catch (ErrnoException e) {
        if (name.contains("/")) {
          fault =
              e.errno() == Errno.ENOENT
                  ? "does not exist on the host"
                  : "cannot be reached: " + e.getMessage();
        }
      }
    }
    return new ProgramFacts(name, "", fault);
  }
}
