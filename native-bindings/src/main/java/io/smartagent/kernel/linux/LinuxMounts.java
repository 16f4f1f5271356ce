package io.smartagent.kernel.linux;

import static io.smartagent.kernel.linux.SystemCalls.AT_FDCWD;
import static io.smartagent.kernel.linux.SystemCalls.quote;
import static io.smartagent.kernel.mount.MountFlag.MS_BIND;
import static io.smartagent.kernel.mount.MountFlag.MS_MOVE;
import static io.smartagent.kernel.mount.MountFlag.MS_NODEV;
import static io.smartagent.kernel.mount.MountFlag.MS_NOSUID;
import static io.smartagent.kernel.mount.MountFlag.MS_PRIVATE;
import static io.smartagent.kernel.mount.MountFlag.MS_RDONLY;
import static io.smartagent.kernel.mount.MountFlag.MS_REC;
import static io.smartagent.kernel.mount.MountFlag.MS_REMOUNT;

import com.sun.jna.Memory;
import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.file.PathText;
import io.smartagent.kernel.mount.MountFlag;
import io.smartagent.kernel.mount.MountTable;
import io.smartagent.kernel.mount.MountWatch;
import io.smartagent.kernel.mount.Mounts;
import io.smartagent.kernel.mount.TmpfsOptions;
import java.util.EnumSet;
import java.util.Set;

final class LinuxMounts implements Mounts {

  private static final int MNT_DETACH = 2;
  private static final int UMOUNT_NOFOLLOW = 8;
  static final int AT_RECURSIVE = 0x8000;
  static final int MOUNT_ATTR_RDONLY = 1;
  static final int MOUNT_ATTR_SIZE = 32;
  private static final int OPEN_TREE_CLONE = 1;
  private static final int OPEN_TREE_CLOEXEC = 02000000;
  private static final int MOVE_MOUNT_F_EMPTY_PATH = 4;

  /** A host with 100,000 mounts has about 15 MB of mountinfo. */
  private static final int MOUNTINFO_LIMIT = 64 << 20;

  private final SystemCalls calls;
  private final LinuxDescriptors descriptors;
  private final LinuxFilesystem filesystem;

  LinuxMounts(SystemCalls calls, LinuxDescriptors descriptors, LinuxFilesystem filesystem) {
    this.calls = calls;
    this.descriptors = descriptors;
    this.filesystem = filesystem;
  }

  @Override
  public MountTable table() throws ErrnoException {
    try (Descriptor mountinfo = mountinfo()) {
      return MountTable.parse(PathText.of(filesystem.readAll(mountinfo, MOUNTINFO_LIMIT)));
    }
  }

  @Override
  public MountWatch watch() throws ErrnoException {
    return new LinuxMountWatch(calls, mountinfo());
  }

  private Descriptor mountinfo() throws ErrnoException {
    try {
      return filesystem.openFile("/proc/thread-self/mountinfo");
    } catch (ErrnoException e) {
      if (e.errno() != Errno.ENOENT) {
        throw e;
      }
      long thread = calls.raw(SystemCall.GETTID);
      return filesystem.openFile("/proc/self/task/" + thread + "/mountinfo");
    }
  }

  @Override
  public void makePrivateRecursively(String tree) throws ErrnoException {
    mount("none", tree, "", EnumSet.of(MS_REC, MS_PRIVATE), "");
  }

  @Override
  public void bind(String source, String target, boolean recursive) throws ErrnoException {
    mount(source, target, "", bindFlags(recursive), "");
  }

  @Override
  public void bind(Descriptor source, Descriptor target, boolean recursive) throws ErrnoException {
    mount(inProc(source), inProc(target), "", bindFlags(recursive), "");
  }

  private static Set<MountFlag> bindFlags(boolean recursive) {
    return recursive ? EnumSet.of(MS_BIND, MS_REC) : EnumSet.of(MS_BIND);
  }

  /** The link that names an open file, whatever stands at its path by now: proc_pid_fd(5). */
  private static String inProc(Descriptor descriptor) {
    return "/proc/self/fd/" + descriptor.number();
  }

  @Override
  public void move(String source, String target) throws ErrnoException {
    mount(source, target, "", EnumSet.of(MS_MOVE), "");
  }

  @Override
  public void remountReadOnly(String path, Set<MountFlag> flagsToKeep) throws ErrnoException {
    Set<MountFlag> flags = EnumSet.of(MS_REMOUNT, MS_BIND, MS_RDONLY);
    flags.addAll(flagsToKeep);
    mount("none", path, "", flags, "");
  }

  @Override
  public void mountTmpfs(String target, TmpfsOptions options, Set<MountFlag> flags)
      throws ErrnoException {
    Set<MountFlag> all = EnumSet.of(MS_NOSUID, MS_NODEV);
    all.addAll(flags);
    mount("tmpfs", target, "tmpfs", all, options.data());
  }

  @Override
  public void mountTmpfs(Descriptor target, TmpfsOptions options, Set<MountFlag> flags)
      throws ErrnoException {
    mountTmpfs(inProc(target), options, flags);
  }

  private void mount(String source, String target, String type, Set<MountFlag> flags, String data)
      throws ErrnoException {
    String description =
        "mount("
            + ((flags.contains(MS_BIND) && !flags.contains(MS_REMOUNT)) || flags.contains(MS_MOVE)
                ? quote(source) + ", "
                : "")
            + quote(target)
            + ", "
            + (type.isEmpty() ? "" : type + ", ")
            + MountFlag.names(flags)
            + ")";
    calls.check(description, SystemCall.MOUNT, source, target, type, MountFlag.bits(flags), data);
  }

  @Override
  public void sealRecursively(String tree) throws ErrnoException {
    Memory attributes = SystemCalls.zeroed(MOUNT_ATTR_SIZE);
    attributes.setLong(0, MOUNT_ATTR_RDONLY);
    calls.check(
        "mount_setattr(" + quote(tree) + ", AT_RECURSIVE, MOUNT_ATTR_RDONLY)",
        SystemCall.MOUNT_SETATTR,
        AT_FDCWD,
        tree,
        AT_RECURSIVE,
        attributes,
        MOUNT_ATTR_SIZE);
  }

  @Override
  public Descriptor cloneTree(String path) throws ErrnoException {
    long number =
        calls.check(
            "open_tree(" + quote(path) + ", OPEN_TREE_CLONE|AT_RECURSIVE)",
            SystemCall.OPEN_TREE,
            AT_FDCWD,
            path,
            OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
    return new Descriptor((int) number, descriptors);
  }

  @Override
  public void attachTree(Descriptor tree, String path) throws ErrnoException {
    calls.check(
        "move_mount(" + quote(path) + ")",
        SystemCall.MOVE_MOUNT,
        tree,
        "",
        AT_FDCWD,
        path,
        MOVE_MOUNT_F_EMPTY_PATH);
  }

  @Override
  public void detach(String path) throws ErrnoException {
    calls.check(
        "umount2(" + quote(path) + ", MNT_DETACH|UMOUNT_NOFOLLOW)",
        SystemCall.UMOUNT2,
        path,
        MNT_DETACH | UMOUNT_NOFOLLOW);
  }

  @Override
  public void pivotToWorkingDirectory() throws ErrnoException {
    calls.check("pivot_root(\".\", \".\")", SystemCall.PIVOT_ROOT, ".", ".");
    calls.check("umount2(\".\", MNT_DETACH)", SystemCall.UMOUNT2, ".", MNT_DETACH);
  }
}
