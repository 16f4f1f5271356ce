package io.smartagent.modules.cgroup;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who a control group belongs to, by the names that container runtimes and kubelet give: Docker,
 * containerd, CRI-O and Podman, with the cgroupfs and the systemd driver, version 1 and 2. A path
 * may have several such names, as in kind or a container in a container: the innermost one counts.
 *
 * @param level what the group was made for
 * @param containerId the container's id; null where the group is no container's
 * @param runtime "docker", "containerd", "cri-o", "podman", "runc" or "crun", as far as the name
 *     tells; null where it does not
 * @param podUid the pod's uid with dashes (a static pod's may have none); null where the path names
 *     no pod
 */
public record CgroupOwner(
    CgroupLevel level,
    @Nullable String containerId,
    @Nullable String runtime,
    @Nullable String podUid) {

  /** Of a group that is neither a container's nor a pod's. */
  public static final CgroupOwner NONE = new CgroupOwner(CgroupLevel.OTHER, null, null, null);

  private static final String CONTAINER_ID = "[0-9a-f]{64}|[0-9a-f]{32}-[0-9]{8,10}";

  private static final Pattern CONTAINER =
      Pattern.compile(
          "(?:[^:]*:(?=cri-containerd:|crio:|docker:))?(?:(docker|cri-containerd|nerdctl|crio|cri-o|libpod)[-:])?("
              + CONTAINER_ID
              + ")(?:\\.scope)?");

  /** What runc and crun call a scope themselves; the id is what their user has typed. */
  private static final Pattern BARE = Pattern.compile("(runc|crun)-([\\w+.-]{1,1024})\\.scope");

  /** Below kubelet's --cgroup-root, as in kind, the slice's name starts with that of the root. */
  private static final String KUBEPODS =
      "(?:\\w[\\w.-]{0,127}-)?kubepods(?:-burstable|-besteffort)?";

  private static final Pattern POD =
      Pattern.compile("(?:" + KUBEPODS + "-)?pod([0-9a-f][0-9a-f_-]{31,35})(?:\\.slice)?");

  /** containerd's systemd driver without a real slice: slice, prefix and id in one name. */
  private static final Pattern POD_BEFORE_COLON =
      Pattern.compile(KUBEPODS + "-pod([0-9a-f_-]{32,36})\\.slice:.*");

  private static final Pattern ALLOCATABLE = Pattern.compile(KUBEPODS + "(?:\\.slice)?");

  private static final List<String> QUALITIES = List.of("burstable", "besteffort");

  /**
   * Returns whom the group at {@code path} belongs to.
   *
   * @param path as /proc/PID/cgroup or the kernel's log has it; names of no runtime give {@link
   *     #NONE}
   */
  public static CgroupOwner ofPath(String path) {
    List<String> names = Arrays.asList(path.split("/", -1));
    for (int i = names.size() - 1; i >= 0; i--) {
      String name = names.get(i);
      List<String> above = names.subList(0, i);
      Matcher container = CONTAINER.matcher(name);
      if (container.matches() && !isPodmanPod(name, above)) {
        return new CgroupOwner(
            CgroupLevel.CONTAINER,
            container.group(2),
            runtime(container.group(1), above),
            podOf(name, above));
      }
      Matcher bare = BARE.matcher(name);
      if (bare.matches()) {
        return new CgroupOwner(
            CgroupLevel.CONTAINER, bare.group(2), bare.group(1), podOf(name, above));
      }
      Matcher pod = POD.matcher(name);
      if (pod.matches()) {
        return new CgroupOwner(CgroupLevel.POD, null, null, uid(pod.group(1)));
      }
      boolean quality = QUALITIES.contains(name) && i > 0 && names.get(i - 1).equals("kubepods");
      if (quality || ALLOCATABLE.matcher(name).matches()) {
        return new CgroupOwner(CgroupLevel.ALLOCATABLE, null, null, null);
      }
    }
    return NONE;
  }

  /**
   * Returns whom a process belongs to: the first hierarchy that names a container, else the first
   * one that names a pod.
   *
   * @param file the text of /proc/PID/cgroup: cgroups(7)
   */
  public static CgroupOwner ofProcess(String file) {
    CgroupOwner best = NONE;
    for (String line : file.split("\n", -1)) {
      String[] fields = line.split(":", 3);
      if (fields.length == 3) {
        String path = fields[2];
        String deleted = " (deleted)";
        CgroupOwner owner =
            ofPath(
                path.endsWith(deleted)
                    ? path.substring(0, path.length() - deleted.length())
                    : path);
        if (owner.level().compareTo(best.level()) < 0) {
          best = owner;
        }
      }
    }
    return best;
  }

  private static @Nullable String runtime(@Nullable String prefix, List<String> above) {
    if (prefix != null) {
      return switch (prefix) {
        case "docker" -> "docker";
        case "cri-containerd", "nerdctl" -> "containerd";
        case "crio", "cri-o" -> "cri-o";
        case "libpod" -> "podman";
        default -> null;
      };
    }
    return !above.isEmpty() && above.getLast().equals("docker") ? "docker" : null;
  }

  /** With the cgroupfs driver Podman's pods have groups too: only their ids are in the names. */
  private static boolean isPodmanPod(String name, List<String> above) {
    return !above.isEmpty()
        && above.getLast().equals("libpod_parent")
        && !name.startsWith("libpod-");
  }

  private static @Nullable String podOf(String name, List<String> above) {
    Matcher joined = POD_BEFORE_COLON.matcher(name);
    if (joined.matches()) {
      return uid(joined.group(1));
    }
    for (String parent : above.reversed()) {
      Matcher pod = POD.matcher(parent);
      if (pod.matches()) {
        return uid(pod.group(1));
      }
      if (CONTAINER.matcher(parent).matches()) {
        // What is further out is the pod of the container around it.
        return null;
      }
    }
    return null;
  }

  /** systemd gives a dash in a slice's name another meaning, so kubelet writes underscores. */
  private static String uid(String name) {
    return name.replace('_', '-');
  }
}
