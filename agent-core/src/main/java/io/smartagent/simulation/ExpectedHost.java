package io.smartagent.simulation;

import io.smartagent.config.Mode;
import io.smartagent.config.Settings;
import io.smartagent.config.UserSpec;
import io.smartagent.host.HostRoot;
import io.smartagent.kernel.mount.MountPoint;
import io.smartagent.kernel.mount.MountTable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** A host as the documentation sets it up: its mounts, and the user that is named. */
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
    directories.add(settings.root().installPath());
    directories.add(settings.runtimeDirectory());
    if (MountTable.isAtOrBelow(accountFile, HostRoot.MOUNT_POINT)) {
      directories.add(
          accountFile.substring(HostRoot.MOUNT_POINT.length(), accountFile.lastIndexOf('/')));
    }
    return new AssumedHost(
        table(settings),
        ACCOUNTS + settings.identity().user().map(ExpectedHost::account).orElse(""),
        GROUPS + settings.identity().user().flatMap(ExpectedHost::group).orElse(""),
        directories);
  }

  /** Returns what the mounts are, for people. */
  static String describe(Settings settings) {
    String own = settings.root().installPath() + " " + settings.runtimeDirectory();
    return settings.root().mode() == Mode.MINIMAL
        ? "single directories of the host, ro: "
            + String.join(" ", MINIMAL.keySet())
            + ", writable: "
            + String.join(" ", MINIMAL_WRITABLE)
            + " "
            + own
        : "the host's root " + access(settings) + ", writable: /etc " + own;
  }

  private static String access(Settings settings) {
    return settings.root().mode() == Mode.FULL ? "rw" : "ro";
  }

  /** By path, so that each comes after those that it lies on. */
  private static SortedMap<String, Mount> mounts(Settings settings) {
    SortedMap<String, Mount> mounts = new TreeMap<>();
    mounts.put("/", new Mount("ro", "overlay"));
    if (settings.root().mode() == Mode.MINIMAL) {
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
    mounts.put(onHost(settings.root().installPath()), new Mount("rw", "ext4"));
    mounts.put(onHost(settings.runtimeDirectory()), new Mount("rw", "ext4"));
    return mounts;
  }

  private static String onHost(String path) {
    return HostRoot.MOUNT_POINT + path;
  }

  private static MountTable table(Settings settings) {
    List<MountPoint> table = new ArrayList<>();
    mounts(settings)
        .forEach((path, mount) -> {
          int id = table.size() + 1;
          table.add(
              new MountPoint(
                  id,
                  parent(table, path),
                  "0:" + id,
                  "/",
                  path,
                  Set.of(mount.access()),
                  List.of(),
                  mount.type(),
                  "none",
                  Set.of("rw")));
        });
    return new MountTable(table);
  }

  private static int parent(List<MountPoint> table, String path) {
    for (MountPoint mount : table.reversed()) {
      if (MountTable.isAtOrBelow(path, mount.path())) {
        return mount.id();
      }
    }
    return 0;
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
