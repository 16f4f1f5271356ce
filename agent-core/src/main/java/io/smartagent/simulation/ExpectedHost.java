package io.smartagent.simulation;

import io.smartagent.config.Mode;
import io.smartagent.config.Settings;
import io.smartagent.config.UserSpec;
import io.smartagent.host.HostRoot;
import io.smartagent.kernel.mount.MountTable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The host of somebody who followed the documentation: its mounts, and the user that is named. */
final class ExpectedHost {

  private static final String ACCOUNTS =
      """
      root:x:0:0:root:/root:/bin/sh
      nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
      """;

  private static final String GROUPS =
      """
      root:x:0:
      nogroup:x:65534:
      """;

  private static final int FIRST_USER = 1000;

  /** What the documented manifest of mode minimal mounts read-only, each by itself. */
  private static final SortedMap<String, String> MINIMAL =
      new TreeMap<>(
          Map.of(
              "/bin", "ext4",
              "/dev", "devtmpfs",
              "/etc", "ext4",
              "/lib", "ext4",
              "/lib64", "ext4",
              "/proc", "proc",
              "/run", "tmpfs",
              "/sbin", "ext4",
              "/sys", "sysfs",
              "/var", "ext4"));

  private static final List<String> MINIMAL_WRITABLE =
      List.of("/etc/containers", "/usr/share/containers");

  private record Mount(String access, String type) {}

  private ExpectedHost() {}

  /**
   * Returns the host.
   *
   * @param accountFile the token of the pod's ServiceAccount, as a path of the container
   */
  static AssumedHost of(Settings settings, String accountFile) {
    Set<String> directories = new HashSet<>();
    directories.add(settings.installPath());
    directories.add(settings.runtimeDirectory());
    if (MountTable.isAtOrBelow(accountFile, HostRoot.MOUNT_POINT)) {
      directories.add(
          accountFile.substring(HostRoot.MOUNT_POINT.length(), accountFile.lastIndexOf('/')));
    }
    return new AssumedHost(
        MountTable.parse(mountinfo(settings)),
        ACCOUNTS + settings.user().map(ExpectedHost::account).orElse(""),
        GROUPS + settings.user().flatMap(ExpectedHost::group).orElse(""),
        directories);
  }

  /** Returns what the mounts are, for people. */
  static String describe(Settings settings) {
    String own = settings.installPath() + " " + settings.runtimeDirectory();
    return settings.mode() == Mode.MINIMAL
        ? "single directories of the host, ro: "
            + String.join(" ", MINIMAL.keySet())
            + ", writable: "
            + String.join(" ", MINIMAL_WRITABLE)
            + " "
            + own
        : "the host's root " + access(settings) + ", writable: /etc " + own;
  }

  private static String access(Settings settings) {
    return settings.mode() == Mode.FULL ? "rw" : "ro";
  }

  /** By path, so that each comes after those that it lies on. */
  private static SortedMap<String, Mount> mounts(Settings settings) {
    SortedMap<String, Mount> mounts = new TreeMap<>();
    mounts.put("/", new Mount("ro", "overlay"));
    if (settings.mode() == Mode.MINIMAL) {
      mounts.put("/mnt", new Mount("rw", "ext4"));
      MINIMAL.forEach((path, type) -> mounts.put(onHost(path), new Mount("ro", type)));
      MINIMAL_WRITABLE.forEach(path -> mounts.put(onHost(path), new Mount("rw", "ext4")));
    } else {
      String access = access(settings);
      mounts.put(HostRoot.MOUNT_POINT, new Mount(access, "ext4"));
      mounts.put(onHost("/proc"), new Mount(access, "proc"));
      mounts.put(onHost("/sys"), new Mount(access, "sysfs"));
      mounts.put(onHost("/dev"), new Mount(access, "devtmpfs"));
      mounts.put(onHost("/etc"), new Mount("rw", "ext4"));
    }
    mounts.put(onHost(settings.installPath()), new Mount("rw", "ext4"));
    mounts.put(onHost(settings.runtimeDirectory()), new Mount("rw", "ext4"));
    return mounts;
  }

  private static String onHost(String path) {
    return HostRoot.MOUNT_POINT + path;
  }

  private static String mountinfo(Settings settings) {
    StringBuilder text = new StringBuilder();
    List<String> paths = new ArrayList<>();
    mounts(settings)
        .forEach((path, mount) -> {
          text.append(line(paths.size() + 1, parent(paths, path), path, mount));
          paths.add(path);
        });
    return text.toString();
  }

  private static int parent(List<String> paths, String path) {
    for (int id = paths.size(); id > 0; id--) {
      if (MountTable.isAtOrBelow(path, paths.get(id - 1))) {
        return id;
      }
    }
    return 0;
  }

  /** The path is escaped as the kernel's mangle() does it. */
  private static String line(int id, int parent, String path, Mount mount) {
    String mangled = path.replace("\\", "\\134").replace(" ", "\\040").replace("\n", "\\012");
    return id
        + " "
        + parent
        + " 0:"
        + id
        + " / "
        + mangled
        + " "
        + mount.access()
        + " - "
        + mount.type()
        + " none rw\n";
  }

  private static String account(UserSpec user) {
    boolean known = user.name().equals("root") || user.name().equals("nobody");
    long uid = user.uid().orElse((long) FIRST_USER);
    boolean knownNumber = user.uid().isPresent() && (uid == 0 || uid == 65534);
    return known || knownNumber
        ? ""
        : user.name() + ":x:" + uid + ":" + uid + "::/:/usr/sbin/nologin\n";
  }

  private static Optional<String> group(UserSpec user) {
    return Optional.ofNullable(user.group())
        .filter(name -> !name.equals("root") && !name.equals("nogroup"))
        .map(name -> name + ":x:" + FIRST_USER + ":\n");
  }
}
