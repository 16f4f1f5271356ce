package io.smartagent.plan;

import io.smartagent.host.HostUser;
import io.smartagent.kernel.capability.CapabilitySet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One thing that the launcher does to its own view of the host or to itself. A plan holds them in
 * the order in which they run. Paths are those of the host.
 */
public sealed interface Step {

  /** Why the plan has this step: printed by {@code plan}, shown when it fails. */
  String reason();

  /** Which of the records below it is. */
  Kind kind();

  /** What is done, as a verb with dashes. */
  default String action() {
    return kind().action;
  }

  /** What it is done to. */
  String subject();

  /** Makes the agent's data directory, with mode 0755. */
  record CreateRuntimeDirectory(String path, String reason) implements Step {
    @Override
    public Kind kind() {
      return Kind.CREATE_RUNTIME_DIRECTORY;
    }

    @Override
    public String subject() {
      return path;
    }
  }

  /** Makes the place that the runtime is bound to, in the data directory. */
  record CreateRuntimeMountPoint(String directory, String name, String reason) implements Step {
    @Override
    public Kind kind() {
      return Kind.CREATE_RUNTIME_MOUNT_POINT;
    }

    @Override
    public String subject() {
      return directory + "/" + name;
    }
  }

  /** Gives the data directory to the user that the agent becomes. */
  record GiveRuntimeDirectory(String path, int uid, int gid, String reason) implements Step {
    @Override
    public Kind kind() {
      return Kind.GIVE_RUNTIME_DIRECTORY;
    }

    @Override
    public String subject() {
      return path + " to " + Integer.toUnsignedString(uid) + ":" + Integer.toUnsignedString(gid);
    }
  }

  /** Leaves the container's mount namespace, root and working directory: unshare(2). */
  record UnshareMounts(String reason) implements Step {
    @Override
    public Kind kind() {
      return Kind.UNSHARE_MOUNTS;
    }

    @Override
    public String subject() {
      return "CLONE_NEWNS|CLONE_FS";
    }
  }

  /** Ends propagation of mounts in both directions. */
  record MakePrivate(String reason) implements Step {
    @Override
    public Kind kind() {
      return Kind.MAKE_PRIVATE;
    }

    @Override
    public String subject() {
      return "/";
    }
  }

  /** Mounts the host's root on itself where it is no mount of its own. */
  record BindTree(String reason) implements Step {
    @Override
    public Kind kind() {
      return Kind.BIND_TREE;
    }

    @Override
    public String subject() {
      return "/";
    }
  }

  /**
   * Makes the host's whole tree read-only for good, but for {@code writable}.
   *
   * @param recursively by mount_setattr(2) in one call, else by one remount for each mount
   */
  record SealTree(Set<String> writable, boolean recursively, String reason) implements Step {
    /** Copies the set. */
    public SealTree {
      writable = Set.copyOf(writable);
    }

    @Override
    public Kind kind() {
      return Kind.SEAL_TREE;
    }

    @Override
    public String subject() {
      return writable.isEmpty()
          ? "/"
          : "/ except " + writable.stream().sorted().collect(Collectors.joining(", "));
    }
  }

  /** Covers an entry of the host's root with nothing. */
  record HideEntry(String path, boolean directory, String reason) implements Step {
    @Override
    public Kind kind() {
      return Kind.HIDE_ENTRY;
    }

    @Override
    public String subject() {
      return path;
    }
  }

  /** Shows the container's procfs where the host's root has none. */
  record BindProc(String reason) implements Step {
    @Override
    public Kind kind() {
      return Kind.BIND_PROC;
    }

    @Override
    public String subject() {
      return "/proc";
    }
  }

  /** Mounts an empty tmpfs. */
  record MountTmpfs(String path, String reason) implements Step {
    @Override
    public Kind kind() {
      return Kind.MOUNT_TMPFS;
    }

    @Override
    public String subject() {
      return path;
    }
  }

  /** Shows the image's runtime in the virtual root, read-only. */
  record BindRuntime(String source, String target, String reason) implements Step {
    @Override
    public Kind kind() {
      return Kind.BIND_RUNTIME;
    }

    @Override
    public String subject() {
      return target;
    }
  }

  /** Copies the image's runtime to the host, for containers that may not mount. */
  record InstallRuntime(String source, String directory, String reason) implements Step {
    @Override
    public Kind kind() {
      return Kind.INSTALL_RUNTIME;
    }

    @Override
    public String subject() {
      return directory;
    }
  }

  /** Reads the mounts again and refuses to go on where one can still be written. */
  record VerifySeal(Set<String> writable, String reason) implements Step {
    /** Copies the set. */
    public VerifySeal {
      writable = Set.copyOf(writable);
    }

    @Override
    public Kind kind() {
      return Kind.VERIFY_SEAL;
    }

    @Override
    public String subject() {
      return "/";
    }
  }

  /** How the host's root becomes the root. */
  enum Entry {
    PIVOT_ROOT,
    MOVE_AND_CHROOT,
    CHROOT
  }

  /** Makes the host's root the root of the launching thread. */
  record EnterRoot(Entry entry, String reason) implements Step {
    @Override
    public Kind kind() {
      return Kind.ENTER_ROOT;
    }

    @Override
    public String subject() {
      return switch (entry) {
        case PIVOT_ROOT -> "pivot_root";
        case MOVE_AND_CHROOT -> "MS_MOVE and chroot";
        case CHROOT -> "chroot";
      };
    }
  }

  /** Writes no core: it would hold what the agent's memory holds. */
  record ForbidCoreDumps(String reason) implements Step {
    @Override
    public Kind kind() {
      return Kind.FORBID_CORE_DUMPS;
    }

    @Override
    public String subject() {
      return "RLIMIT_CORE 0";
    }
  }

  /** Closes every descriptor above 2 at the execve. */
  record CloseDescriptors(String reason) implements Step {
    @Override
    public Kind kind() {
      return Kind.CLOSE_DESCRIPTORS;
    }

    @Override
    public String subject() {
      return "above 2, on exec";
    }
  }

  /** Unblocks all signals and ignores none. */
  record ResetSignals(String reason) implements Step {
    @Override
    public Kind kind() {
      return Kind.RESET_SIGNALS;
    }

    @Override
    public String subject() {
      return "mask and dispositions";
    }
  }

  /** Sets the umask. */
  record SetUmask(int mask, String reason) implements Step {
    @Override
    public Kind kind() {
      return Kind.SET_UMASK;
    }

    @Override
    public String subject() {
      return "0" + Integer.toOctalString(mask);
    }
  }

  /** Takes capabilities out of the bounding set. */
  record DropBounding(CapabilitySet capabilities, String reason) implements Step {
    @Override
    public Kind kind() {
      return Kind.DROP_BOUNDING;
    }

    @Override
    public String subject() {
      return capabilities.toString();
    }
  }

  /**
   * Sets supplementary groups, group and user.
   *
   * @param changeGroups whether the container may set groups
   * @param changeUser whether the container may set users
   */
  record BecomeUser(HostUser user, boolean changeGroups, boolean changeUser, String reason)
      implements Step {
    @Override
    public Kind kind() {
      return Kind.BECOME_USER;
    }

    @Override
    public String subject() {
      return user.name()
          + " ("
          + Integer.toUnsignedString(user.uid())
          + ":"
          + Integer.toUnsignedString(user.gid())
          + ", groups "
          + user.groups().stream().map(Integer::toUnsignedString).collect(Collectors.joining(" "))
          + ")";
    }
  }

  /** Leaves the plan in the data directory, as the agent's user. */
  record WriteLaunchRecord(String directory, String reason) implements Step {
    @Override
    public Kind kind() {
      return Kind.WRITE_LAUNCH_RECORD;
    }

    @Override
    public String subject() {
      return directory + "/launch.json";
    }
  }

  /** Makes the kept capabilities inheritable. */
  record InheritCapabilities(CapabilitySet kept, String reason) implements Step {
    @Override
    public Kind kind() {
      return Kind.INHERIT_CAPABILITIES;
    }

    @Override
    public String subject() {
      return kept.toString();
    }
  }

  /**
   * Raises the kept capabilities in the ambient set. Ambient capabilities do not survive a change
   * of user, so this comes after {@link BecomeUser}: capabilities(7).
   */
  record RaiseAmbient(CapabilitySet kept, String reason) implements Step {
    @Override
    public Kind kind() {
      return Kind.RAISE_AMBIENT;
    }

    @Override
    public String subject() {
      return kept.toString();
    }
  }

  /** Takes the meaning from uid 0 and locks it: securebits. */
  record LockSecurebits(String reason) implements Step {
    @Override
    public Kind kind() {
      return Kind.LOCK_SECUREBITS;
    }

    @Override
    public String subject() {
      return "NOROOT NO_SETUID_FIXUP NO_CAP_AMBIENT_RAISE";
    }
  }

  /** Gives up every capability but the kept ones. */
  record LimitCapabilities(CapabilitySet kept, String reason) implements Step {
    @Override
    public Kind kind() {
      return Kind.LIMIT_CAPABILITIES;
    }

    @Override
    public String subject() {
      return kept.toString();
    }
  }

  /** Forbids that an execve gives anything. */
  record ForbidNewPrivileges(String reason) implements Step {
    @Override
    public Kind kind() {
      return Kind.FORBID_NEW_PRIVILEGES;
    }

    @Override
    public String subject() {
      return "PR_SET_NO_NEW_PRIVS";
    }
  }

  /**
   * Reads user, groups and capabilities again and refuses to go on where they are not as planned.
   */
  record VerifyIdentity(
      HostUser user, boolean groups, CapabilitySet kept, CapabilitySet bounding, String reason)
      implements Step {
    @Override
    public Kind kind() {
      return Kind.VERIFY_IDENTITY;
    }

    @Override
    public String subject() {
      return user.name() + " with " + kept;
    }
  }

  /**
   * Becomes another program.
   *
   * @param path of the program in the virtual root
   * @param arguments with the program's name first
   */
  record Execute(String path, List<String> arguments, boolean agent, String reason)
      implements Step {
    /** Copies the list. */
    public Execute {
      arguments = List.copyOf(arguments);
    }

    @Override
    public Kind kind() {
      return Kind.EXECUTE;
    }

    @Override
    public String subject() {
      return agent ? "the built-in agent" : String.join(" ", arguments);
    }
  }

  /**
   * One constant for each record. The executor's switch is over these: a switch over the records
   * would spin a class at run time, which is a third of the way to exec.
   */
  enum Kind {
    CREATE_RUNTIME_DIRECTORY("create-directory"),
    CREATE_RUNTIME_MOUNT_POINT("create-directory"),
    GIVE_RUNTIME_DIRECTORY("change-owner"),
    UNSHARE_MOUNTS("unshare-mounts"),
    MAKE_PRIVATE("make-private"),
    BIND_TREE("bind-tree"),
    SEAL_TREE("seal-tree"),
    HIDE_ENTRY("hide"),
    BIND_PROC("bind-proc"),
    MOUNT_TMPFS("mount-tmpfs"),
    BIND_RUNTIME("bind-runtime"),
    INSTALL_RUNTIME("install-runtime"),
    VERIFY_SEAL("verify-seal"),
    ENTER_ROOT("enter-root"),
    FORBID_CORE_DUMPS("set-limit"),
    CLOSE_DESCRIPTORS("close-descriptors"),
    RESET_SIGNALS("reset-signals"),
    SET_UMASK("set-umask"),
    DROP_BOUNDING("drop-bounding"),
    BECOME_USER("become-user"),
    WRITE_LAUNCH_RECORD("write-launch-record"),
    INHERIT_CAPABILITIES("inherit-capabilities"),
    RAISE_AMBIENT("raise-ambient"),
    LOCK_SECUREBITS("lock-securebits"),
    LIMIT_CAPABILITIES("limit-capabilities"),
    FORBID_NEW_PRIVILEGES("set-no-new-privileges"),
    VERIFY_IDENTITY("verify-identity"),
    EXECUTE("execute");

    private final String action;

    Kind(String action) {
      this.action = action;
    }
  }
}
