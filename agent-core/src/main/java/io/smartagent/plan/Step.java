package io.smartagent.plan;

import io.smartagent.host.HostUser;
import io.smartagent.host.ShownEntry;
import io.smartagent.kernel.capability.CapabilitySet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;

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
   * Makes a root that shows nothing of the host but {@code entries}: from here on it stands for the
   * host's root.
   *
   * @param entries in the order of their paths, none below another
   * @param emptyDirectories that there are beside them, of the root itself
   */
  record BuildMinimalRoot(List<ShownEntry> entries, List<String> emptyDirectories, String reason)
      implements Step {
    /** Copies the lists. */
    public BuildMinimalRoot {
      entries = List.copyOf(entries);
      emptyDirectories = List.copyOf(emptyDirectories);
    }

    @Override
    public Kind kind() {
      return Kind.BUILD_MINIMAL_ROOT;
    }

    @Override
    public String subject() {
      StringJoiner paths = new StringJoiner(", ");
      for (ShownEntry entry : entries) {
        paths.add(entry.path());
      }
      return "/ with " + paths;
    }
  }

  /** Shows a directory of the container at the same path, as it is mounted there. */
  record ShareDirectory(String path, String reason) implements Step {
    @Override
    public Kind kind() {
      return Kind.SHARE_DIRECTORY;
    }

    @Override
    public String subject() {
      return path;
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
      return writable.isEmpty() ? "/" : "/ except " + String.join(", ", new TreeSet<>(writable));
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

  /**
   * Shows the image's runtime in the virtual root, read-only.
   *
   * @param fresh whether the place has to be made, in a tmpfs of the launcher's own
   */
  record BindRuntime(String source, String target, boolean fresh, String reason) implements Step {
    @Override
    public Kind kind() {
      return Kind.BIND_RUNTIME;
    }

    @Override
    public String subject() {
      return target;
    }
  }

  /**
   * Shows the token of the pod's ServiceAccount in the virtual root, read-only. kubelet exchanges
   * the files below the directory, so it is the directory that is bound.
   *
   * @param fresh whether the place has to be made, in a tmpfs of the launcher's own
   */
  record BindServiceAccount(String source, String target, boolean fresh, String reason)
      implements Step {
    @Override
    public Kind kind() {
      return Kind.BIND_SERVICE_ACCOUNT;
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

  /** Makes the agent's account with the host's own programs, inside the host's root. */
  record CreateUser(NewAccount account, String reason) implements Step {
    @Override
    public Kind kind() {
      return Kind.CREATE_USER;
    }

    @Override
    public String subject() {
      return account.user().name()
          + " ("
          + Integer.toUnsignedString(account.user().uid())
          + ":"
          + Integer.toUnsignedString(account.user().gid())
          + ") with "
          + account.tool().addUser();
    }
  }

  /** Makes a directory read-only for good that {@link SealTree} had to leave writable. */
  record SealDirectory(String path, boolean recursively, String reason) implements Step {
    @Override
    public Kind kind() {
      return Kind.SEAL_DIRECTORY;
    }

    @Override
    public String subject() {
      return path;
    }
  }

  /**
   * Gives the program that is executed the kept capabilities as inheritable ones.
   *
   * @param directory of the program
   * @param name of the program in it
   * @param mounted whether the directory is the image's own, so that a copy has to cover it
   */
  record SetFileCapabilities(
      String directory, String name, boolean mounted, CapabilitySet kept, String reason)
      implements Step {
    @Override
    public Kind kind() {
      return Kind.SET_FILE_CAPABILITIES;
    }

    @Override
    public String subject() {
      return directory + "/" + name + " " + kept;
    }
  }

  /**
   * Brings back the last complete installation where a start was killed amid the next one, and
   * keeps others from installing meanwhile.
   *
   * @param directory that the installed agent's own one is in
   */
  record RecoverInstallation(String directory, String reason) implements Step {
    @Override
    public Kind kind() {
      return Kind.RECOVER_INSTALLATION;
    }

    @Override
    public String subject() {
      return directory;
    }
  }

  /**
   * Has the script sent, into the launcher's memory.
   *
   * @param url as it may be shown
   */
  record FetchInstaller(String url, String reason) implements Step {
    @Override
    public Kind kind() {
      return Kind.FETCH_INSTALLER;
    }

    @Override
    public String subject() {
      return url;
    }
  }

  /**
   * Runs the script where it is needed; what was installed before is back where it fails.
   *
   * @param directory that the installed agent's own one is in
   * @param program that has to be there and executable afterwards
   * @param user who has to be able to execute it
   * @param capabilities of the script
   */
  record RunInstaller(
      String directory, String program, HostUser user, CapabilitySet capabilities, String reason)
      implements Step {
    @Override
    public Kind kind() {
      return Kind.RUN_INSTALLER;
    }

    @Override
    public String subject() {
      return directory + "/smartagent with " + capabilities;
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
      StringJoiner groups = new StringJoiner(" ");
      for (int group : user.groups()) {
        groups.add(Integer.toUnsignedString(group));
      }
      return user.name()
          + " ("
          + Integer.toUnsignedString(user.uid())
          + ":"
          + Integer.toUnsignedString(user.gid())
          + ", groups "
          + groups
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
   * Gives up writing anywhere but below some places: landlock(7). Needs no_new_privs, so this comes
   * after {@link ForbidNewPrivileges}.
   *
   * @param writable directories
   * @param devices what every program may write to, whether it is there or not
   * @param triedIn the directory of the agent's own in which it is tried afterwards
   */
  record RestrictWrites(Set<String> writable, List<String> devices, String triedIn, String reason)
      implements Step {
    /** Copies the collections. */
    public RestrictWrites {
      writable = Set.copyOf(writable);
      devices = List.copyOf(devices);
    }

    @Override
    public Kind kind() {
      return Kind.RESTRICT_WRITES;
    }

    @Override
    public String subject() {
      return "/ except " + String.join(", ", new TreeSet<>(writable)) + " and devices";
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
    BUILD_MINIMAL_ROOT("build-minimal-root"),
    SHARE_DIRECTORY("share-directory"),
    SEAL_TREE("seal-tree"),
    HIDE_ENTRY("hide"),
    BIND_PROC("bind-proc"),
    MOUNT_TMPFS("mount-tmpfs"),
    BIND_RUNTIME("bind-runtime"),
    BIND_SERVICE_ACCOUNT("bind-service-account"),
    INSTALL_RUNTIME("install-runtime"),
    VERIFY_SEAL("verify-seal"),
    ENTER_ROOT("enter-root"),
    RECOVER_INSTALLATION("recover-installation"),
    FETCH_INSTALLER("fetch-installer"),
    RUN_INSTALLER("run-installer"),
    CREATE_USER("create-user"),
    SEAL_DIRECTORY("seal-directory"),
    SET_FILE_CAPABILITIES("set-file-capabilities"),
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
    RESTRICT_WRITES("restrict-writes"),
    VERIFY_IDENTITY("verify-identity"),
    EXECUTE("execute");

    private final String action;

    Kind(String action) {
      this.action = action;
    }
  }
}
