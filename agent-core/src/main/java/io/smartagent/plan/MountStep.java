package io.smartagent.plan;

import io.smartagent.host.ShownEntry;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;

/**
 * A change of what the launching thread sees: its mount namespace, its mounts, its root. The host
 * itself stays as it is.
 */
public sealed interface MountStep extends Step {

  @Override
  default String remedy(String call) {
    return StepRemedies.ofMounts();
  }

  /** Leaves the container's mount namespace, root and working directory: unshare(2). */
  record UnshareMounts(String reason) implements MountStep {
    @Override
    public String action() {
      return "unshare-mounts";
    }

    @Override
    public String subject() {
      return "CLONE_NEWNS|CLONE_FS";
    }

    @Override
    public <X extends Exception, Y extends Exception> void accept(StepVisitor<X, Y> visitor)
        throws X, Y {
      visitor.unshareMounts(this);
    }
  }

  /** Ends propagation of mounts in both directions. */
  record MakePrivate(String reason) implements MountStep {
    @Override
    public String action() {
      return "make-private";
    }

    @Override
    public String subject() {
      return "/";
    }

    @Override
    public <X extends Exception, Y extends Exception> void accept(StepVisitor<X, Y> visitor)
        throws X, Y {
      visitor.makePrivate(this);
    }
  }

  /** Binds the host's root to itself where it is not a mount. */
  record BindTree(String reason) implements MountStep {
    @Override
    public String action() {
      return "bind-tree";
    }

    @Override
    public String subject() {
      return "/";
    }

    @Override
    public <X extends Exception, Y extends Exception> void accept(StepVisitor<X, Y> visitor)
        throws X, Y {
      visitor.bindTree(this);
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
      implements MountStep {
    /** Copies the lists. */
    public BuildMinimalRoot {
      entries = List.copyOf(entries);
      emptyDirectories = List.copyOf(emptyDirectories);
    }

    @Override
    public String action() {
      return "build-minimal-root";
    }

    @Override
    public String subject() {
      StringJoiner paths = new StringJoiner(", ");
      for (ShownEntry entry : entries) {
        paths.add(entry.path());
      }
      return "/ with " + paths;
    }

    @Override
    public <X extends Exception, Y extends Exception> void accept(StepVisitor<X, Y> visitor)
        throws X, Y {
      visitor.buildMinimalRoot(this);
    }
  }

  /** Shows the container's procfs where the host's root has none. */
  record BindProc(String reason) implements MountStep {
    @Override
    public String action() {
      return "bind-proc";
    }

    @Override
    public String subject() {
      return "/proc";
    }

    @Override
    public <X extends Exception, Y extends Exception> void accept(StepVisitor<X, Y> visitor)
        throws X, Y {
      visitor.bindProc(this);
    }
  }

  /**
   * Makes the host's whole tree read-only permanently, except {@code writable}.
   *
   * @param recursively by mount_setattr(2) in one call, else by one remount for each mount
   */
  record SealTree(Set<String> writable, boolean recursively, String reason) implements MountStep {
    /** Copies the set. */
    public SealTree {
      writable = Set.copyOf(writable);
    }

    @Override
    public String action() {
      return "seal-tree";
    }

    @Override
    public String subject() {
      return writable.isEmpty() ? "/" : "/ except " + String.join(", ", new TreeSet<>(writable));
    }

    @Override
    public <X extends Exception, Y extends Exception> void accept(StepVisitor<X, Y> visitor)
        throws X, Y {
      visitor.sealTree(this);
    }
  }

  /** Covers an entry of the host's root with nothing. */
  record HideEntry(String path, boolean directory, String reason) implements MountStep {
    @Override
    public String action() {
      return "hide";
    }

    @Override
    public String subject() {
      return path;
    }

    @Override
    public <X extends Exception, Y extends Exception> void accept(StepVisitor<X, Y> visitor)
        throws X, Y {
      visitor.hideEntry(this);
    }
  }

  /** Mounts an empty tmpfs. */
  record MountTmpfs(String path, String reason) implements MountStep {
    @Override
    public String action() {
      return "mount-tmpfs";
    }

    @Override
    public String subject() {
      return path;
    }

    @Override
    public <X extends Exception, Y extends Exception> void accept(StepVisitor<X, Y> visitor)
        throws X, Y {
      visitor.mountTmpfs(this);
    }
  }

  /** Shows a directory of the container at the same path, as it is mounted there. */
  record ShareDirectory(String path, String reason) implements MountStep {
    @Override
    public String action() {
      return "share-directory";
    }

    @Override
    public String subject() {
      return path;
    }

    @Override
    public <X extends Exception, Y extends Exception> void accept(StepVisitor<X, Y> visitor)
        throws X, Y {
      visitor.shareDirectory(this);
    }
  }

  /**
   * Shows the image's runtime in the virtual root, read-only.
   *
   * @param fresh whether the place has to be made, in a tmpfs of the launcher's own
   */
  record BindRuntime(String source, String target, boolean fresh, String reason)
      implements MountStep {
    @Override
    public String action() {
      return "bind-runtime";
    }

    @Override
    public String subject() {
      return target;
    }

    @Override
    public <X extends Exception, Y extends Exception> void accept(StepVisitor<X, Y> visitor)
        throws X, Y {
      visitor.bindRuntime(this);
    }
  }

  /**
   * Shows the token of the pod's ServiceAccount in the virtual root, read-only. kubelet exchanges
   * the files below the directory, so it is the directory that is bound.
   *
   * @param fresh whether the place has to be made, in a tmpfs of the launcher's own
   */
  record BindServiceAccount(String source, String target, boolean fresh, String reason)
      implements MountStep {
    @Override
    public String action() {
      return "bind-service-account";
    }

    @Override
    public String subject() {
      return target;
    }

    @Override
    public <X extends Exception, Y extends Exception> void accept(StepVisitor<X, Y> visitor)
        throws X, Y {
      visitor.bindServiceAccount(this);
    }
  }

  /** Makes the host's root the root of the launching thread. */
  record EnterRoot(RootEntry entry, String reason) implements MountStep {
    @Override
    public String action() {
      return "enter-root";
    }

    @Override
    public String subject() {
      return entry.calls();
    }

    @Override
    public String remedy(String call) {
      return "Add the capability SYS_CHROOT.";
    }

    @Override
    public <X extends Exception, Y extends Exception> void accept(StepVisitor<X, Y> visitor)
        throws X, Y {
      visitor.enterRoot(this);
    }
  }

  /** Makes a directory read-only permanently that {@link SealTree} had to leave writable. */
  record SealDirectory(String path, boolean recursively, String reason) implements MountStep {
    @Override
    public String action() {
      return "seal-directory";
    }

    @Override
    public String subject() {
      return path;
    }

    @Override
    public <X extends Exception, Y extends Exception> void accept(StepVisitor<X, Y> visitor)
        throws X, Y {
      visitor.sealDirectory(this);
    }
  }

  /** Reads the mounts again and refuses to go on where one can still be written. */
  record VerifySeal(Set<String> writable, String reason) implements MountStep {
    /** Copies the set. */
    public VerifySeal {
      writable = Set.copyOf(writable);
    }

    @Override
    public String action() {
      return "verify-seal";
    }

    @Override
    public String subject() {
      return "/";
    }

    @Override
    public <X extends Exception, Y extends Exception> void accept(StepVisitor<X, Y> visitor)
        throws X, Y {
      visitor.verifySeal(this);
    }
  }
}
