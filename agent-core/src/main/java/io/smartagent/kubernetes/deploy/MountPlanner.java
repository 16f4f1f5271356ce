package io.smartagent.kubernetes.deploy;

import io.smartagent.config.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Decides which directories of the host are mounted. Pure. */
final class MountPlanner {

  /** Where the launcher looks for the host's root. */
  static final String HOST_ROOT = "/mnt/root";

  /** Documented: it stays mounted where another one is used, so that what is in it is not lost. */
  static final String DEFAULT_RUNTIME_DIRECTORY = "/var/lib/bonree";

  /** Documented for CRI-O: where its storage.conf may be. */
  static final List<String> CRIO_DIRECTORIES = List.of("/etc/containers", "/usr/share/containers");

  private final Wishes wishes;
  private final AgentUser user;
  private final List<String> modules;
  private final Map<String, HostMount> mounts = new TreeMap<>();

  /**
   * @param modules that open anything of the host
   */
  MountPlanner(Wishes wishes, AgentUser user, List<String> modules) {
    this.wishes = wishes;
    this.user = user;
    this.modules = List.copyOf(modules);
  }

  /** Returns the name of the volume of a directory. */
  static String nameOf(HostDirectory directory) {
    return "host" + directory.path().replace('/', '-');
  }

  /** Returns the name of the volume of one of CRI-O's directories. */
  static String nameOfCrio(String path) {
    return "host-crio" + path.replace('/', '-');
  }

  /** Returns the mounts by path: those above others first. */
  List<HostMount> plan() {
    addWritable();
    if (wishes.mode() == Mode.MINIMAL) {
      addDirectories();
    } else {
      addRoot();
    }
    return List.copyOf(mounts.values());
  }

  private void add(HostMount mount) {
    mounts.putIfAbsent(mount.path(), mount);
  }

  private void addWritable() {
    String runtime = wishes.runtimeDirectory();
    add(
        new HostMount(
            "host-runtime-path", runtime, false, true, "launch and agent: the agent's data."));
    add(
        new HostMount(
            "host-install-path",
            wishes.installPath(),
            false,
            true,
            wishes.installer().isPresent()
                ? "installer: the agent that it brings."
                : wishes.remount()
                    ? "launch: the installation directory."
                    : "launch: nothing may be mounted, so the runtime is installed there."));
    if (!runtime.equals(DEFAULT_RUNTIME_DIRECTORY)) {
      add(
          new HostMount(
              "host-default-runtime-path",
              DEFAULT_RUNTIME_DIRECTORY,
              false,
              true,
              "Documented: stays where another runtime directory is used, with what is in it."));
    }
  }

  private void addRoot() {
    boolean readOnly = wishes.mode() == Mode.READ_ONLY;
    add(
        new HostMount(
            "host-root",
            "/",
            readOnly,
            false,
            readOnly
                ? "launch: the host's root, read-only; every module reads it."
                : "launch: the host's root, writable; mode full seals nothing."));
    if (user.made() && readOnly) {
      add(
          new HostMount(
              "host-etc",
              "/etc",
              false,
              false,
              "launch: makes the agent's user there, then seals it."));
    }
  }

  private void addDirectories() {
    for (HostDirectory directory : HostDirectory.values()) {
      boolean installer = wishes.installer().isPresent();
      boolean needed =
          directory.isForAll() || installer || (directory.isForModules() && !modules.isEmpty());
      if (needed) {
        add(
            new HostMount(
                nameOf(directory), directory.path(), true, false, directory.reason(modules)));
      }
    }
    if (wishes.crio()) {
      for (String path : CRIO_DIRECTORIES) {
        add(
            new HostMount(
                nameOfCrio(path), path, true, false, readers() + ": CRI-O's storage.conf."));
      }
    }
    addContainerRoots();
  }

  private void addContainerRoots() {
    List<String> runtimes = new ArrayList<>(wishes.containerRoots().keySet());
    runtimes.sort(null);
    int number = 0;
    for (String runtime : runtimes) {
      for (String path : wishes.containerRoots().getOrDefault(runtime, List.of())) {
        number++;
        if (!isShown(path)) {
          String name = "container-root-" + number;
          add(new HostMount(name, path, true, false, readers() + ": state of " + runtime + "."));
        }
      }
    }
  }

  private String readers() {
    return HostDirectory.readers(modules);
  }

  private boolean isShown(String path) {
    return mounts.keySet().stream().anyMatch(above -> (path + "/").startsWith(above + "/"));
  }
}
