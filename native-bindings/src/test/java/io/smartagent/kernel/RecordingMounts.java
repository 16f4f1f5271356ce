package io.smartagent.kernel;

import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.mount.MountFlag;
import io.smartagent.kernel.mount.MountPoint;
import io.smartagent.kernel.mount.MountTable;
import io.smartagent.kernel.mount.MountWatch;
import io.smartagent.kernel.mount.Mounts;
import io.smartagent.kernel.mount.TmpfsOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** A mount table that mount calls change as the kernel's would change. */
final class RecordingMounts implements Mounts {

  /** Above any number that the kernel hands out to a test, so that the two cannot be confused. */
  private static final int FIRST_TREE = 1 << 30;

  private final CallLog log;
  private final ThreadState thread;
  private final RecordingFilesystem filesystem;
  private final Map<Integer, List<MountPoint>> clonedTrees = new HashMap<>();
  private final List<Semaphore> watches = new CopyOnWriteArrayList<>();
  private volatile List<MountPoint> mounts;
  private int nextId;
  private int nextTree = FIRST_TREE;
  private boolean sealIsEffective = true;

  RecordingMounts(CallLog log, ThreadState thread, RecordingFilesystem filesystem, String table) {
    this.log = log;
    this.thread = thread;
    this.filesystem = filesystem;
    mounts = parse(table);
    nextId = idAfter(mounts);
  }

  void table(String mountinfo) {
    mounts = parse(mountinfo);
    nextId = idAfter(mounts);
    watches.forEach(Semaphore::release);
  }

  private static List<MountPoint> parse(String mountinfo) {
    return new ArrayList<>(MountTable.parse(mountinfo).mounts());
  }

  private static int idAfter(List<MountPoint> mounts) {
    return 1 + mounts.stream().mapToInt(MountPoint::id).max().orElse(0);
  }

  void ignoreSeals() {
    sealIsEffective = false;
  }

  boolean isReadOnly(String path) {
    return present()
        .containing(thread.absolute(path))
        .map(MountPoint::isReadOnly)
        .orElse(Boolean.FALSE);
  }

  void forgetTree(int number) {
    clonedTrees.remove(number);
  }

  boolean isTree(int number) {
    return number >= FIRST_TREE;
  }

  /** What mountinfo shows after chroot(2): paths from the new root on, and nothing outside it. */
  void changeRoot(String newRoot) {
    Set<MountPoint> visible = new HashSet<>(present().visibleBelow(newRoot));
    mounts.removeIf(mount -> !visible.contains(mount));
    mounts.replaceAll(mount -> at(mount, rebase(mount.path(), newRoot, "/")));
  }

  @Override
  public MountTable table() throws ErrnoException {
    log.read("open(\"/proc/thread-self/mountinfo\")");
    return present();
  }

  /** Only a table that a test sets is a change: nobody else mounts here. */
  @Override
  public MountWatch watch() throws ErrnoException {
    log.read("open(\"/proc/thread-self/mountinfo\")");
    Semaphore told = new Semaphore(0);
    watches.add(told);
    return new MountWatch() {
      @Override
      public boolean await(Duration timeout) throws ErrnoException {
        log.read("ppoll(\"mountinfo\", POLLPRI)");
        try {
          return told.tryAcquire(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return false;
        }
      }

      @Override
      public void close() {
        watches.remove(told);
      }
    };
  }

  private MountTable present() {
    return new MountTable(mounts);
  }

  @Override
  public void makePrivateRecursively(String tree) throws ErrnoException {
    change(
        "mount(%s, MS_REC|MS_PRIVATE)".formatted(quote(tree)),
        () -> {
          requireMountPoint(tree);
          update(tree, mount -> withPropagation(mount, List.of()));
        });
  }

  @Override
  public void bind(String source, String target, boolean recursive) throws ErrnoException {
    String flags = recursive ? "MS_BIND|MS_REC" : "MS_BIND";
    change(
        "mount(%s, %s, %s)".formatted(quote(source), quote(target), flags),
        () -> attach(copy(thread.absolute(source), recursive), thread.absolute(target)));
  }

  @Override
  public void bind(Descriptor source, Descriptor target, boolean recursive) throws ErrnoException {
    bind(filesystem.pathOf(source), filesystem.pathOf(target), recursive);
  }

  @Override
  public void move(String source, String target) throws ErrnoException {
    change(
        "mount(%s, %s, MS_MOVE)".formatted(quote(source), quote(target)),
        () -> {
          requireMountPoint(source);
          String from = thread.absolute(source);
          List<MountPoint> tree = copy(from, true);
          Set<MountPoint> originals = new HashSet<>(present().visibleBelow(from));
          mounts.removeIf(originals::contains);
          attach(tree, thread.absolute(target));
          if (thread.absolute(target).equals("/")) {
            thread.movedOverRoot = from;
          }
          if (MountTable.isAtOrBelow(thread.workingDirectory, from)) {
            thread.workingDirectory =
                rebase(thread.workingDirectory, from, thread.absolute(target));
          }
        });
  }

  @Override
  public void remountReadOnly(String path, Set<MountFlag> flagsToKeep) throws ErrnoException {
    Set<MountFlag> flags = EnumSet.of(MountFlag.MS_RDONLY, MountFlag.MS_REMOUNT, MountFlag.MS_BIND);
    flags.addAll(flagsToKeep);
    change(
        "mount(%s, %s)".formatted(quote(path), MountFlag.names(flags)),
        () -> {
          requireMountPoint(path);
          int top = present().at(thread.absolute(path)).orElseThrow().id();
          updateWhere(
              mount -> mount.id() == top && sealIsEffective,
              mount -> readOnly(withoutUnnamed(mount, flags)));
        });
  }

  @Override
  public void sealRecursively(String tree) throws ErrnoException {
    change(
        "mount_setattr(%s, AT_RECURSIVE, MOUNT_ATTR_RDONLY)".formatted(quote(tree)),
        () -> {
          requireMountPoint(tree);
          if (sealIsEffective) {
            update(tree, RecordingMounts::readOnly);
          }
        });
  }

  @Override
  public Descriptor cloneTree(String path) throws ErrnoException {
    int number = nextTree++;
    change(
        "open_tree(%s, OPEN_TREE_CLONE|AT_RECURSIVE)".formatted(quote(path)),
        () -> clonedTrees.put(number, copy(thread.absolute(path), true)));
    return new Descriptor(number, new RecordingDescriptors(log, this, filesystem));
  }

  @Override
  public void attachTree(Descriptor tree, String path) throws ErrnoException {
    change(
        "move_mount(%s)".formatted(quote(path)),
        () -> {
          List<MountPoint> cloned = clonedTrees.remove(tree.number());
          if (cloned == null) {
            throw new CallLog.Refusal(Errno.EINVAL);
          }
          attach(cloned, thread.absolute(path));
        });
  }

  @Override
  public void mountTmpfs(String target, TmpfsOptions options, Set<MountFlag> flags)
      throws ErrnoException {
    Set<MountFlag> all = EnumSet.of(MountFlag.MS_NOSUID, MountFlag.MS_NODEV);
    all.addAll(flags);
    change(
        "mount(%s, tmpfs, %s)".formatted(quote(target), MountFlag.names(all)),
        () -> attach(List.of(tmpfs(options, all)), thread.absolute(target)));
  }

  @Override
  public void mountTmpfs(Descriptor target, TmpfsOptions options, Set<MountFlag> flags)
      throws ErrnoException {
    mountTmpfs(filesystem.pathOf(target), options, flags);
  }

  private static MountPoint tmpfs(TmpfsOptions options, Collection<MountFlag> flags) {
    Set<String> names = new HashSet<>(Set.of("relatime"));
    for (MountFlag flag : flags) {
      names.add(
          flag == MountFlag.MS_RDONLY
              ? "ro"
              : flag.name().substring("MS_".length()).toLowerCase(Locale.ROOT));
    }
    if (!names.contains("ro")) {
      names.add("rw");
    }
    Set<String> superOptions = Set.of(("rw," + options.data()).split(","));
    return new MountPoint(0, 0, "0:99", "/", "/", names, List.of(), "tmpfs", "tmpfs", superOptions);
  }

  @Override
  public void detach(String path) throws ErrnoException {
    change(
        "umount2(%s, MNT_DETACH|UMOUNT_NOFOLLOW)".formatted(quote(path)),
        () -> {
          requireMountPoint(path);
          Set<MountPoint> gone = new HashSet<>(present().visibleBelow(thread.absolute(path)));
          mounts.removeIf(gone::contains);
        });
  }

  @Override
  public void pivotToWorkingDirectory() throws ErrnoException {
    change(
        "pivot_root(\".\", \".\")",
        () -> {
          requireMountPoint(".");
          String newRoot = thread.workingDirectory;
          changeRoot(newRoot);
          thread.root = thread.root + (newRoot.equals("/") ? "" : newRoot);
          thread.workingDirectory = "/";
        });
    change("umount2(\".\", MNT_DETACH)", () -> {});
  }

  private void change(String call, CallLog.Effect effect) throws ErrnoException {
    log.change(
        call,
        () -> {
          thread.require(Capability.CAP_SYS_ADMIN);
          effect.apply();
        });
  }

  private void requireMountPoint(String path) throws CallLog.Refusal {
    if (present().at(thread.absolute(path)).isEmpty()) {
      throw new CallLog.Refusal(Errno.EINVAL);
    }
  }

  /** Returns copies of what is mounted at and below {@code path}, with paths from there on. */
  private List<MountPoint> copy(String path, boolean recursive) throws CallLog.Refusal {
    MountPoint top =
        present().containing(path).orElseThrow(() -> new CallLog.Refusal(Errno.ENOENT));
    String within = rebase(path, top.path(), top.root());
    List<MountPoint> tree = new ArrayList<>();
    tree.add(withRoot(at(top, "/"), within));
    if (recursive) {
      for (MountPoint mount : present().visibleBelow(path)) {
        if (mount.id() != top.id()) {
          tree.add(at(mount, rebase(mount.path(), path, "/")));
        }
      }
    }
    return tree;
  }

  /** Mounts {@code tree}, whose paths start at its own top, over {@code target}. */
  private void attach(List<MountPoint> tree, String target) {
    for (MountPoint mount : tree) {
      String path = rebase(mount.path(), "/", target);
      int parent = present().containing(path).map(MountPoint::id).orElse(0);
      mounts.add(withIds(at(mount, path), nextId++, parent));
    }
  }

  private void update(String tree, UnaryOperator<MountPoint> operator) {
    String top = thread.absolute(tree);
    updateWhere(mount -> MountTable.isAtOrBelow(mount.path(), top), operator);
  }

  private void updateWhere(Predicate<MountPoint> which, UnaryOperator<MountPoint> operator) {
    mounts.replaceAll(mount -> which.test(mount) ? operator.apply(mount) : mount);
  }

  /**
   * Returns {@code path}, which lies at or below {@code from}, as it is called below {@code to}.
   */
  private static String rebase(String path, String from, String to) {
    String rest = from.equals("/") ? path : path.substring(from.length());
    if (rest.equals("/") || rest.isEmpty()) {
      return to;
    }
    return to.equals("/") ? rest : to + rest;
  }

  /** A remount takes away what it does not name: mount(2), "Remounting an existing mount". */
  private static MountPoint withoutUnnamed(MountPoint mount, Set<MountFlag> named) {
    Set<String> options = new HashSet<>(mount.options());
    for (MountFlag flag : Set.of(MountFlag.MS_NOSUID, MountFlag.MS_NODEV, MountFlag.MS_NOEXEC)) {
      if (!named.contains(flag)) {
        options.remove(flag.name().substring("MS_".length()).toLowerCase(Locale.ROOT));
      }
    }
    return withOptions(mount, options);
  }

  private static MountPoint readOnly(MountPoint mount) {
    Set<String> options = new HashSet<>(mount.options());
    options.remove("rw");
    options.add("ro");
    return withOptions(mount, options);
  }

  private static MountPoint withOptions(MountPoint mount, Set<String> options) {
    return new MountPoint(
        mount.id(),
        mount.parentId(),
        mount.device(),
        mount.root(),
        mount.path(),
        options,
        mount.propagation(),
        mount.type(),
        mount.source(),
        mount.superOptions());
  }

  private static MountPoint at(MountPoint mount, String path) {
    return new MountPoint(
        mount.id(),
        mount.parentId(),
        mount.device(),
        mount.root(),
        path,
        mount.options(),
        mount.propagation(),
        mount.type(),
        mount.source(),
        mount.superOptions());
  }

  private static MountPoint withIds(MountPoint mount, int id, int parentId) {
    return new MountPoint(
        id,
        parentId,
        mount.device(),
        mount.root(),
        mount.path(),
        mount.options(),
        mount.propagation(),
        mount.type(),
        mount.source(),
        mount.superOptions());
  }

  private static MountPoint withRoot(MountPoint mount, String root) {
    return new MountPoint(
        mount.id(),
        mount.parentId(),
        mount.device(),
        root,
        mount.path(),
        mount.options(),
        mount.propagation(),
        mount.type(),
        mount.source(),
        mount.superOptions());
  }

  private static MountPoint withPropagation(MountPoint mount, List<String> propagation) {
    return new MountPoint(
        mount.id(),
        mount.parentId(),
        mount.device(),
        mount.root(),
        mount.path(),
        mount.options(),
        propagation,
        mount.type(),
        mount.source(),
        mount.superOptions());
  }

  private static String quote(String text) {
    return '"' + text + '"';
  }
}
