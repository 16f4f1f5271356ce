package io.smartagent.launch;

import io.smartagent.config.ExitStatus;
import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.Kernel;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.file.PathText;
import io.smartagent.kernel.mount.MountFlag;
import io.smartagent.kernel.mount.MountPoint;
import io.smartagent.kernel.mount.MountTable;
import io.smartagent.kernel.mount.TmpfsOptions;
import io.smartagent.plan.MountStep;
import io.smartagent.plan.RootEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Mounts what the agent sees of the host, and enters it. */
final class VirtualRootBuilder {

  private static final TmpfsOptions NOTHING = new TmpfsOptions(4096, 0555);
  private static final int PLACE_MODE = 0755;
  private static final int SHARED_MODE = 0755;
  private static final TmpfsOptions TEMPORARY = new TmpfsOptions(64 << 20, 01777);

  /**
   * Mounts may come and go while they are walked; more rounds than this mean that they do not
   * settle.
   */
  private static final int SEAL_ROUNDS = 8;

  private static final int SHOWN_MOUNTS = 10;
  private static final int SHOWN_PATH = 200;

  private final Kernel kernel;
  private final HostView view;

  VirtualRootBuilder(Kernel kernel, HostView view) {
    this.kernel = kernel;
    this.view = view;
  }

  void seal(MountStep.SealTree step) throws ErrnoException, LaunchFailure {
    List<String> writable = inView(step.writable());
    if (step.recursively()) {
      sealAtOnce(writable);
    } else {
      for (String path : writable) {
        kernel.mounts().bind(path, path, true);
      }
      sealOneByOne(view.root(), writable);
    }
  }

  /** What was kept writable is a separate mount since then. */
  void sealDirectory(MountStep.SealDirectory step) throws ErrnoException, LaunchFailure {
    String path = view.root() + step.path();
    if (step.recursively()) {
      kernel.mounts().sealRecursively(path);
    } else {
      sealOneByOne(path, List.of());
    }
  }

  /** The copies are taken before the seal and put back after it, so nothing is ever unsealed. */
  private void sealAtOnce(List<String> writable) throws ErrnoException {
    List<Descriptor> copies = new ArrayList<>();
    try {
      for (String path : writable) {
        copies.add(kernel.mounts().cloneTree(path));
      }
      kernel.mounts().sealRecursively(view.root());
      for (int i = 0; i < copies.size(); i++) {
        kernel.mounts().attachTree(copies.get(i), writable.get(i));
      }
    } finally {
      copies.forEach(Descriptor::close);
    }
  }

  private void sealOneByOne(String tree, List<String> writable)
      throws ErrnoException, LaunchFailure {
    for (int round = 0; round < SEAL_ROUNDS; round++) {
      List<MountPoint> open = stillWritable(tree, writable);
      if (open.isEmpty()) {
        return;
      }
      for (MountPoint mount : open) {
        remountIfStillThere(mount);
      }
    }
    throw notSealed(stillWritable(tree, writable));
  }

  /**
   * A mount that has gone since it was listed needs no seal; the next round sees what is there
   * then.
   */
  private void remountIfStillThere(MountPoint mount) throws ErrnoException, LaunchFailure {
    try {
      kernel.mounts().remountReadOnly(mount.path(), mount.flagsToKeep());
    } catch (ErrnoException e) {
      if (isBeyondReach(mount, e.errno())) {
        throw beyondReach(mount, e);
      }
      if (e.errno() != Errno.ENOENT && e.errno() != Errno.ENOTDIR && e.errno() != Errno.EINVAL) {
        throw e;
      }
    }
  }

  /** An LSM forbids the mount, and not the way to it. */
  private boolean isBeyondReach(MountPoint mount, Errno errno) {
    if (errno != Errno.EACCES) {
      return errno == Errno.ENAMETOOLONG;
    }
    try (Descriptor _ = kernel.filesystem().locate(mount.path())) {
      return false;
    } catch (ErrnoException e) {
      return e.errno() == Errno.EACCES;
    }
  }

  private static LaunchFailure beyondReach(MountPoint mount, ErrnoException e) {
    boolean closed = e.errno() == Errno.EACCES;
    return new LaunchFailure(
        closed ? ExitStatus.NOT_PERMITTED : ExitStatus.UNAVAILABLE,
        "The mount at "
            + PathText.quote(mount.path(), SHOWN_PATH)
            + " cannot be sealed: "
            + e.errno().name()
            + " ("
            + e.errno().text()
            + "). Without mount_setattr and open_tree each mount is sealed by its path, and "
            + (closed
                ? "a directory above this one is closed to this container. Nothing was started. Add"
                    + " the capability DAC_READ_SEARCH."
                : "this one's is longer than the kernel accepts. Nothing was started. Allow these"
                    + " calls in the seccomp profile, or unmount it on the host."));
  }

  /**
   * An automount has nothing to write to until it is accessed; then it is mounted on the host only.
   */
  private List<MountPoint> stillWritable(String tree, List<String> writable) throws ErrnoException {
    MountTable table = kernel.mounts().table();
    List<MountPoint> still = new ArrayList<>();
    for (MountPoint mount : table.visibleBelow(tree)) {
      boolean isOpen = !mount.isReadOnly() && !mount.isAutomount();
      if (isOpen && !isAtOrBelowAny(mount.path(), writable)) {
        still.add(mount);
      }
    }
    return still;
  }

  private static boolean isAtOrBelowAny(String path, List<String> directories) {
    for (String directory : directories) {
      if (MountTable.isAtOrBelow(path, directory)) {
        return true;
      }
    }
    return false;
  }

  /** Returns paths of the host as this thread sees them, sorted. */
  private List<String> inView(Set<String> paths) {
    List<String> seen = new ArrayList<>();
    for (String path : new TreeSet<>(paths)) {
      seen.add(view.root() + path);
    }
    return seen;
  }

  void verifySeal(Set<String> writable) throws ErrnoException, LaunchFailure {
    List<MountPoint> open = stillWritable(view.root(), inView(writable));
    if (!open.isEmpty()) {
      throw notSealed(open);
    }
  }

  private static LaunchFailure notSealed(List<MountPoint> open) {
    return new LaunchFailure(
        ExitStatus.INTERNAL,
        "The seal of the host does not hold: "
            + String.join(
                ", ",
                open.stream()
                    .limit(SHOWN_MOUNTS)
                    .map(mount -> PathText.printable(mount.path(), SHOWN_PATH))
                    .toList())
            + " can still be written. Nothing was started. Report it with the output of probe and"
            + " the host's /proc/self/mountinfo; until then set SMARTAGENT_NO_REMOUNT_ROOT=true.");
  }

  /** By descriptor, so that what was looked at is what is covered (CVE-2025-31133). */
  void hide(MountStep.HideEntry step) throws ErrnoException {
    try (Descriptor top = kernel.filesystem().openDirectory(view.root());
        Descriptor entry = kernel.filesystem().locateLinkInRoot(top, step.path())) {
      if (step.directory()) {
        kernel
            .mounts()
            .mountTmpfs(entry, NOTHING, Set.of(MountFlag.MS_RDONLY, MountFlag.MS_NOEXEC));
      } else {
        coverFile(entry, step.path());
      }
    }
  }

  private void coverFile(Descriptor file, String path) throws ErrnoException {
    try (Descriptor empty = kernel.filesystem().openFile(RuntimeInstaller.EMPTY_FILE)) {
      kernel.mounts().bind(empty, file, false);
    }
    kernel.mounts().remountReadOnly(view.root() + path, flagsAt(view.root() + path));
  }

  private Set<MountFlag> flagsAt(String path) throws ErrnoException {
    return kernel.mounts().table().at(path).map(MountPoint::flagsToKeep).orElse(Set.of());
  }

  void mountTemporary(String path) throws ErrnoException {
    try (Descriptor top = kernel.filesystem().openDirectory(view.root());
        Descriptor directory = kernel.filesystem().locateLinkInRoot(top, path)) {
      kernel.mounts().mountTmpfs(directory, TEMPORARY, Set.of());
    }
  }

  /** Both ends by descriptor: the directory that it is made in is writable for all users. */
  void share(String path) throws ErrnoException {
    makePlace(path, SHARED_MODE);
    try (Descriptor source = kernel.filesystem().openDirectory(path);
        Descriptor top = kernel.filesystem().openDirectory(view.root());
        Descriptor target = kernel.filesystem().locateLinkInRoot(top, path)) {
      kernel.mounts().bind(source, target, true);
    }
  }

  private void makePlace(String path, int permissions) throws ErrnoException {
    int slash = path.lastIndexOf('/');
    try (Descriptor top = kernel.filesystem().openDirectory(view.root());
        Descriptor parent =
            kernel.filesystem().locateLinkInRoot(top, path.substring(0, Math.max(1, slash)))) {
      kernel.filesystem().makeDirectory(parent, path.substring(slash + 1), permissions);
    } catch (ErrnoException e) {
      if (e.errno() != Errno.EEXIST) {
        throw e;
      }
    }
  }

  void bindRuntime(MountStep.BindRuntime step) throws ErrnoException {
    bindReadOnly(step.source(), step.target(), step.fresh());
  }

  void bindServiceAccount(MountStep.BindServiceAccount step) throws ErrnoException {
    bindReadOnly(step.source(), step.target(), step.fresh());
  }

  private void bindReadOnly(String from, String to, boolean fresh) throws ErrnoException {
    if (fresh) {
      makePlace(to, PLACE_MODE);
    }
    try (Descriptor top = kernel.filesystem().openDirectory(view.root());
        Descriptor source = kernel.filesystem().openDirectory(from);
        Descriptor target = kernel.filesystem().locateLinkInRoot(top, to)) {
      kernel.mounts().bind(source, target, true);
    }
    String place = view.root() + to;
    kernel.mounts().remountReadOnly(place, flagsAt(place));
  }

  void enter(RootEntry entry) throws ErrnoException {
    kernel.namespaces().changeDirectory(view.root());
    switch (entry) {
      case PIVOT_ROOT -> kernel.mounts().pivotToWorkingDirectory();
      case MOVE_AND_CHROOT -> {
        kernel.mounts().move(".", "/");
        kernel.namespaces().changeRoot(".");
      }
      case CHROOT -> {
        kernel.namespaces().changeRoot(".");
        view.enteredByAllThreads();
      }
    }
    // Whatever the way was, a working directory outside the new root would be a way out of it.
    kernel.namespaces().changeDirectory("/");
    view.entered();
  }
}
