package io.smartagent.kernel.mount;

import io.smartagent.kernel.file.PathText;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The mounts of a mount namespace, as mountinfo lists them. */
public final class MountTable {

  private final List<MountPoint> mounts;
  private final Map<Integer, MountPoint> byId = new HashMap<>();

  /** For each mount that has any: the paths at which others are mounted directly on it. */
  private final Map<Integer, Set<String>> pathsOnTopOf = new HashMap<>();

  /** Made when it is first asked for. */
  private @Nullable Visible visible;

  /**
   * The mounts that a path leads to.
   *
   * @param inOrder of the file; two may have the same path, for before Linux 4.11 (1064f874abc0)
   *     propagation could mount beside what was there, and which one a path led to was chance
   * @param byPath the later one of these
   */
  private record Visible(List<MountPoint> inOrder, Map<String, MountPoint> byPath) {}

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
    // Thousands of mounts have a handful of different options between them.
    Map<String, Set<String>> known = new HashMap<>();
    for (String line : text.split("\n", -1)) {
      if (!line.isEmpty()) {
        mounts.add(parseLine(line, known));
      }
    }
    return new MountTable(mounts);
  }

  private static MountPoint parseLine(String line, Map<String, Set<String>> known) {
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
        options(fields[5], known),
        Arrays.asList(fields).subList(6, separator),
        unescape(fields[separator + 1]),
        unescape(fields[separator + 2]),
        options(superOptions, known));
  }

  private static Set<String> options(String field, Map<String, Set<String>> known) {
    Set<String> options = known.get(field);
    if (options == null) {
      options = Set.copyOf(Arrays.asList(field.split(",", -1)));
      known.put(field, options);
    }
    return options;
  }

  /**
   * Undoes the kernel's mangle(): space, tab, newline and backslash stand there in octal. A
   * backslash that a file system writes by itself stands for itself.
   */
  private static String unescape(String field) {
    if (field.indexOf('\\') < 0) {
      return field;
    }
    byte[] escaped = PathText.bytes(field);
    ByteArrayOutputStream plain = new ByteArrayOutputStream(escaped.length);
    for (int i = 0; i < escaped.length; i++) {
      if (escaped[i] == '\\' && isOctal(escaped, i + 1)) {
        plain.write(
            (escaped[i + 1] - '0') << 6 | (escaped[i + 2] - '0') << 3 | (escaped[i + 3] - '0'));
        i += 3;
      } else {
        plain.write(escaped[i]);
      }
    }
    return PathText.of(plain.toByteArray());
  }

  private static boolean isOctal(byte[] text, int from) {
    if (from + 3 > text.length || text[from] > '3') {
      return false;
    }
    for (int i = from; i < from + 3; i++) {
      if (text[i] < '0' || text[i] > '7') {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns the mounts at or below {@code path} that can be reached by a path: of mounts at the
   * same place only the top one, and none that lies below another that was mounted over it later.
   */
  public List<MountPoint> visibleBelow(String path) {
    List<MountPoint> below = new ArrayList<>();
    for (MountPoint mount : visible().inOrder()) {
      if (isAtOrBelow(mount.path(), path)) {
        below.add(mount);
      }
    }
    return below;
  }

  /**
   * Returns the mount that {@code path} lies on: the visible one with the longest path above it.
   */
  public Optional<MountPoint> containing(String path) {
    Map<String, MountPoint> candidates = visible().byPath();
    String above = path;
    while (!candidates.containsKey(above) && !above.equals("/")) {
      above = parentOf(above);
    }
    return Optional.ofNullable(candidates.get(above));
  }

  /** Returns the visible mount whose mount point is exactly {@code path}. */
  public Optional<MountPoint> at(String path) {
    return Optional.ofNullable(visible().byPath().get(path));
  }

  private Visible visible() {
    Visible made = visible;
    if (made == null) {
      made = new Visible(new ArrayList<>(), new HashMap<>());
      Map<Integer, Boolean> reached = new HashMap<>();
      for (MountPoint mount : mounts) {
        if (!isMountPoint(mount.path(), mount.id()) && isReached(mount, reached)) {
          made.inOrder().add(mount);
          made.byPath().put(mount.path(), mount);
        }
      }
      visible = made;
    }
    return made;
  }

  /**
   * Returns whether nothing cuts off this mount, nor any of those that it is mounted on.
   *
   * @param reached what is known already; a deep stack would be climbed for each mount otherwise
   */
  private boolean isReached(MountPoint mount, Map<Integer, Boolean> reached) {
    List<Integer> climbed = new ArrayList<>();
    MountPoint here = mount;
    Boolean answer = reached.get(here.id());
    while (answer == null) {
      climbed.add(here.id());
      MountPoint parent = byId.get(here.parentId());
      if (isCutOff(here)) {
        answer = false;
      } else if (parent == null || parent.id() == here.id()) {
        answer = true;
      } else {
        here = parent;
        answer = climbed.size() > mounts.size() ? Boolean.FALSE : reached.get(here.id());
      }
    }
    for (Integer id : climbed) {
      reached.put(id, answer);
    }
    return answer;
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
