package io.smartagent.kernel.mount;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The mounts of a mount namespace, as mountinfo lists them. */
public final class MountTable {

  private final List<MountPoint> mounts;
  private final Map<Integer, MountPoint> byId = new HashMap<>();

  /** For each mount that has any: the paths at which others are mounted directly on it. */
  private final Map<Integer, Set<String>> pathsOnTopOf = new HashMap<>();

  /**
   * Returns the table of {@code mounts}.
   *
   * @param mounts in the order of the file
   */
  public MountTable(List<MountPoint> mounts) {
    this.mounts = List.copyOf(mounts);
    for (MountPoint mount : mounts) {
      byId.put(mount.id(), mount);
      if (mount.parentId() != mount.id()) {
        pathsOnTopOf.computeIfAbsent(mount.parentId(), id -> new HashSet<>()).add(mount.path());
      }
    }
  }

  /** Returns all mounts, covered ones too, in the order of the file. */
  public List<MountPoint> mounts() {
    return mounts;
  }

  /**
   * Parses the text of a mountinfo file: proc_pid_mountinfo(5).
   *
   * @throws IllegalArgumentException with the line that is none of mountinfo
   */
  public static MountTable parse(String text) {
    List<MountPoint> mounts = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      if (!line.isEmpty()) {
        mounts.add(parseLine(line));
      }
    }
    return new MountTable(mounts);
  }

  private static MountPoint parseLine(String line) {
    String[] fields = line.split(" ", -1);
    int separator = 6;
    while (separator < fields.length && !fields[separator].equals("-")) {
      separator++;
    }
    if (fields.length < separator + 3) {
      throw new IllegalArgumentException("not a line of mountinfo: " + line);
    }
    String superOptions = separator + 3 < fields.length ? fields[separator + 3] : "";
    return new MountPoint(
        Integer.parseInt(fields[0]),
        Integer.parseInt(fields[1]),
        fields[2],
        unescape(fields[3]),
        unescape(fields[4]),
        options(fields[5]),
        Arrays.asList(fields).subList(6, separator),
        unescape(fields[separator + 1]),
        unescape(fields[separator + 2]),
        options(superOptions));
  }

  private static Set<String> options(String field) {
    return new HashSet<>(Arrays.asList(field.split(",", -1)));
  }

  /** Undoes the kernel's mangle(): space, tab, newline and backslash stand there in octal. */
  private static String unescape(String field) {
    if (field.indexOf('\\') < 0) {
      return field;
    }
    byte[] escaped = field.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream plain = new ByteArrayOutputStream(escaped.length);
    for (int i = 0; i < escaped.length; i++) {
      if (escaped[i] == '\\' && i + 3 < escaped.length) {
        plain.write(Integer.parseInt(new String(escaped, i + 1, 3, StandardCharsets.US_ASCII), 8));
        i += 3;
      } else {
        plain.write(escaped[i]);
      }
    }
    return plain.toString(StandardCharsets.UTF_8);
  }

  /**
   * Returns the mounts at or below {@code path} that can be reached by a path: of mounts at the
   * same place only the top one, and none that lies below another that was mounted over it later.
   */
  public List<MountPoint> visibleBelow(String path) {
    return mounts.stream()
        .filter(mount -> isAtOrBelow(mount.path(), path))
        .filter(this::isVisible)
        .toList();
  }

  /**
   * Returns the mount that {@code path} lies on: the visible one with the longest path above it.
   */
  public Optional<MountPoint> containing(String path) {
    Optional<MountPoint> best = Optional.empty();
    for (MountPoint mount : visibleBelow("/")) {
      boolean deeper =
          best.isEmpty() || mount.path().length() >= best.orElseThrow().path().length();
      if (deeper && isAtOrBelow(path, mount.path())) {
        best = Optional.of(mount);
      }
    }
    return best;
  }

  /** Returns the visible mount whose mount point is exactly {@code path}. */
  public Optional<MountPoint> at(String path) {
    return containing(path).filter(mount -> mount.path().equals(path));
  }

  private boolean isVisible(MountPoint mount) {
    if (isMountPoint(mount.path(), mount.id())) {
      return false;
    }
    MountPoint here = mount;
    while (!isCutOff(here)) {
      MountPoint parent = byId.get(here.parentId());
      if (parent == null || parent.id() == here.id()) {
        return true;
      }
      here = parent;
    }
    return false;
  }

  /**
   * Returns whether another mount stands on the way from the top of this one's parent to this one:
   * that one must have come later, or this one would have been mounted on it.
   */
  private boolean isCutOff(MountPoint mount) {
    String parentPath = path(mount.parentId());
    String above = mount.path();
    while (above.length() > parentPath.length()) {
      above = parentOf(above);
      if (isMountPoint(above, mount.parentId())) {
        return true;
      }
    }
    return false;
  }

  private boolean isMountPoint(String path, int parentId) {
    return pathsOnTopOf.getOrDefault(parentId, Set.of()).contains(path);
  }

  private String path(int id) {
    MountPoint mount = byId.get(id);
    return mount == null ? "/" : mount.path();
  }

  private static String parentOf(String path) {
    int slash = path.lastIndexOf('/');
    return slash <= 0 ? "/" : path.substring(0, slash);
  }

  /** Returns whether {@code path} is {@code ancestor} or lies below it. */
  public static boolean isAtOrBelow(String path, String ancestor) {
    return path.equals(ancestor)
        || ancestor.equals("/")
        || (path.startsWith(ancestor) && path.charAt(ancestor.length()) == '/');
  }
}
