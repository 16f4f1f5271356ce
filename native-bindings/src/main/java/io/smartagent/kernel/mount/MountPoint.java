package io.smartagent.kernel.mount;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * One line of mountinfo: proc_pid_mountinfo(5).
 *
 * @param id the mount's id, unique while it is mounted
 * @param parentId the mount that it is mounted on; its own for the top of the tree
 * @param device the file system's device number as {@code major:minor}
 * @param root the part of the file system that is mounted
 * @param path where it is mounted, relative to the reader's root, unescaped
 * @param options of this mount, such as {@code ro}, {@code nosuid}
 * @param propagation the optional fields, such as {@code shared:1}; empty means private
 * @param type the kind of file system, such as {@code ext4}
 * @param source what is mounted, such as a device; {@code none} where there is nothing
 * @param superOptions of the file system, common to all its mounts
 */
public record MountPoint(
    int id,
    int parentId,
    String device,
    String root,
    String path,
    Set<String> options,
    List<String> propagation,
    String type,
    String source,
    Set<String> superOptions) {

  /** Copies the collections. */
  public MountPoint {
    options = Set.copyOf(options);
    propagation = List.copyOf(propagation);
    superOptions = Set.copyOf(superOptions);
  }

  /**
   * Returns whether nothing can be written through this mount, whatever becomes of its file system:
   * that may be read-only now and remounted later.
   */
  public boolean isReadOnly() {
    return options.contains("ro");
  }

  /** Returns whether it is one that mounts its file system only when somebody looks: autofs. */
  public boolean isAutomount() {
    return type.equals("autofs");
  }

  /**
   * Returns the flags that a remount of it has to name again, or the kernel takes them away (and
   * refuses to, where they are locked). relatime is left out: it is the kernel's default, but
   * beside nodiratime, where strictatime has to be named.
   */
  public Set<MountFlag> flagsToKeep() {
    Set<MountFlag> flags = EnumSet.noneOf(MountFlag.class);
    keep(flags, "nosuid", MountFlag.MS_NOSUID);
    keep(flags, "nodev", MountFlag.MS_NODEV);
    keep(flags, "noexec", MountFlag.MS_NOEXEC);
    keep(flags, "noatime", MountFlag.MS_NOATIME);
    keep(flags, "nodiratime", MountFlag.MS_NODIRATIME);
    keep(flags, "nosymfollow", MountFlag.MS_NOSYMFOLLOW);
    if (options.contains("nodiratime")
        && !options.contains("noatime")
        && !options.contains("relatime")) {
      flags.add(MountFlag.MS_STRICTATIME);
    }
    return flags;
  }

  private void keep(Set<MountFlag> flags, String option, MountFlag flag) {
    if (options.contains(option)) {
      flags.add(flag);
    }
  }
}
