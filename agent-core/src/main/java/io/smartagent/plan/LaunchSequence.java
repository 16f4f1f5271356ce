package io.smartagent.plan;

import io.smartagent.config.Mode;
import io.smartagent.host.HostFacts.PrunedEntry;
import io.smartagent.host.LayoutReader;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.plan.HostStep.CreateRuntimeDirectory;
import io.smartagent.plan.HostStep.CreateRuntimeMountPoint;
import io.smartagent.plan.HostStep.CreateUser;
import io.smartagent.plan.HostStep.GiveRuntimeDirectory;
import io.smartagent.plan.HostStep.InstallRuntime;
import io.smartagent.plan.HostStep.WriteLaunchRecord;
import io.smartagent.plan.InstallerStep.FetchInstaller;
import io.smartagent.plan.InstallerStep.RecoverInstallation;
import io.smartagent.plan.InstallerStep.RunInstaller;
import io.smartagent.plan.MountStep.BindProc;
import io.smartagent.plan.MountStep.BindRuntime;
import io.smartagent.plan.MountStep.BindServiceAccount;
import io.smartagent.plan.MountStep.BindTree;
import io.smartagent.plan.MountStep.BuildMinimalRoot;
import io.smartagent.plan.MountStep.EnterRoot;
import io.smartagent.plan.MountStep.HideEntry;
import io.smartagent.plan.MountStep.MakePrivate;
import io.smartagent.plan.MountStep.MountTmpfs;
import io.smartagent.plan.MountStep.SealDirectory;
import io.smartagent.plan.MountStep.SealTree;
import io.smartagent.plan.MountStep.ShareDirectory;
import io.smartagent.plan.MountStep.UnshareMounts;
import io.smartagent.plan.MountStep.VerifySeal;
import io.smartagent.plan.PrivilegeStep.BecomeUser;
import io.smartagent.plan.PrivilegeStep.DropBounding;
import io.smartagent.plan.PrivilegeStep.ForbidNewPrivileges;
import io.smartagent.plan.PrivilegeStep.InheritCapabilities;
import io.smartagent.plan.PrivilegeStep.LimitCapabilities;
import io.smartagent.plan.PrivilegeStep.LockSecurebits;
import io.smartagent.plan.PrivilegeStep.RaiseAmbient;
import io.smartagent.plan.PrivilegeStep.RestrictWrites;
import io.smartagent.plan.PrivilegeStep.SetFileCapabilities;
import io.smartagent.plan.PrivilegeStep.VerifyIdentity;
import io.smartagent.plan.ProcessStep.CloseDescriptors;
import io.smartagent.plan.ProcessStep.Execute;
import io.smartagent.plan.ProcessStep.ForbidCoreDumps;
import io.smartagent.plan.ProcessStep.ResetSignals;
import io.smartagent.plan.ProcessStep.SetUmask;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The launch, top to bottom: each step, and beside it why it is at this place. What a launch needs
 * of it has been decided by the planners. Pure.
 *
 * @param installer of another agent; empty where none is installed
 * @param data what is done to the agent's data directory
 * @param root what the agent sees of the host
 * @param token of the ServiceAccount; empty where none has to be mounted
 * @param seal what keeps the agent from writing to the host
 * @param identity what the launching thread becomes
 * @param program that it becomes in the end
 */
record LaunchSequence(
    Optional<InstallerDecision> installer,
    DataDirectoryDecision data,
    VirtualRoot root,
    Optional<TokenMount> token,
    HostSeal seal,
    IdentityDecision identity,
    Execute program) {

  private static final int UMASK = 022;

  /** Returns the steps in the order in which they run. */
  List<Step> steps() {
    List<Step> steps = new ArrayList<>();
    // First: a start that cannot get the script leaves the host as it is.
    fetchInstaller(steps);
    // Before the tree is sealed: these directories are the host's, and stay there.
    prepareDataDirectory(steps);
    if (root.remount()) {
      // Before the first mount: none may appear in the container's namespace or on the host.
      leaveMountNamespace(steps);
      // Before the seal, which covers what the tree is made of.
      completeTree(steps);
      sealTree(steps);
      // After the tmpfs on /tmp, in which their directories are created.
      bindRuntimeAndToken(steps);
    } else {
      installRuntime(steps);
    }
    // After the last mount. Where an account has yet to be created, /etc is writable until then.
    verifySealUnlessAccountIsMissing(steps);
    // Before the root is entered: the image's program, which is copied, is out of reach then.
    setFileCapabilities(steps);
    // After the verification: an unsealed tree is not entered.
    enterRoot(steps);
    // In the host's root: it is the host's own program that creates the account.
    createAccount(steps);
    // In the new root: a descriptor of the old one would lead out of it (CVE-2024-21626).
    limitWhatIsInherited(steps);
    // In the sealed root already, and with root's capabilities still.
    runInstaller(steps);
    // After the last step that needs root or its capabilities.
    becomeUser(steps);
    dropCapabilities(steps);
    // After the last write to the host, which Landlock may deny.
    restrict(steps);
    // After the last change of the thread.
    verifyIdentity(steps);
    steps.add(program);
    return steps;
  }

  private void fetchInstaller(List<Step> steps) {
    if (installer.isEmpty()) {
      return;
    }
    InstallerDecision decision = installer.get();
    // Before the download: it takes the lock that keeps other starts from installing meanwhile.
    steps.add(
        new RecoverInstallation(
            decision.directory(),
            "A start that was killed while it installed has left the previous agent aside."));
    steps.add(
        new FetchInstaller(
            decision.url(), "Nothing of the host is changed before the script is here."));
  }

  private void prepareDataDirectory(List<Step> steps) {
    if (data.create()) {
      steps.add(
          new CreateRuntimeDirectory(
              data.path(), "The agent keeps its data there, and it is absent."));
    }
    if (data.createRuntime()) {
      steps.add(
          new CreateRuntimeMountPoint(
              data.path(), LaunchPlanner.RUNTIME_NAME, "The runtime is shown there."));
    }
    if (data.createAccount()) {
      steps.add(
          new CreateRuntimeMountPoint(
              data.path(),
              LaunchPlanner.ACCOUNT_NAME,
              "The token of the pod's ServiceAccount is shown there."));
    }
    // After what is created in it: root without CAP_DAC_OVERRIDE cannot write to it afterwards.
    if (data.changeOwner()) {
      steps.add(
          new GiveRuntimeDirectory(
              data.path(),
              identity.user().user().uid(),
              identity.user().user().gid(),
              "The agent's user has to write there."));
    }
  }

  private static void leaveMountNamespace(List<Step> steps) {
    steps.add(new UnshareMounts("No other process sees what is mounted from here on."));
    // Before pivot_root and MS_MOVE too: both fail with EINVAL below a shared mount.
    steps.add(
        new MakePrivate("A mount that the host makes later would otherwise arrive here writable."));
  }

  private void completeTree(List<Step> steps) {
    if (root.mode() == Mode.MINIMAL) {
      steps.add(
          new BuildMinimalRoot(
              root.tree().shown(),
              MinimalRoot.EMPTY,
              "Shows the agent only what it needs of the host."));
    } else if (root.tree().bind()) {
      steps.add(new BindTree("Only a mount can become the root."));
    }
    // After the minimal root, which takes the place of the tree.
    if (root.tree().bindProc()) {
      steps.add(new BindProc("The agent reads processes there, and the host's root has none."));
    }
  }

  private void sealTree(List<Step> steps) {
    if (root.seal().isEmpty()) {
      return;
    }
    TreeSeal tree = root.seal().get();
    steps.add(
        new SealTree(
            writableUntilAccountIsThere(tree),
            tree.recursively(),
            tree.recursively()
                ? "Nothing of the host can be changed but the agent's own directories."
                : "The same, mount by mount: mount_setattr or open_tree is not available."));
    // After the seal, like every mount below: it would make the tmpfs read-only as well.
    for (PrunedEntry entry : tree.hidden()) {
      steps.add(new HideEntry(entry.path(), entry.directory(), "No agent has any business there."));
    }
    if (tree.tmpfs()) {
      steps.add(
          new MountTmpfs(TreeSeal.TMP, "Programs expect to write there; the host's is sealed."));
    }
    // After the tmpfs, which would cover it.
    if (tree.sharesApmDirectory()) {
      steps.add(
          new ShareDirectory(
              LayoutReader.APM_DIRECTORY,
              "The container has it mounted for what is injected into applications."));
    }
  }

  private Set<String> writableUntilAccountIsThere(TreeSeal tree) {
    if (identity.user().account().isEmpty()) {
      return tree.writable();
    }
    Set<String> writable = new TreeSet<>(tree.writable());
    writable.add(AccountPlanner.ETC);
    return writable;
  }

  private void bindRuntimeAndToken(List<Step> steps) {
    steps.add(
        new BindRuntime(
            LaunchPlanner.IMAGE_HOME,
            root.runtime().path(),
            root.runtime().isInTmpfs(),
            "The agent brings its own JVM and libc: the host need not have any."));
    if (token.isPresent()) {
      TokenMount mount = token.get();
      steps.add(
          new BindServiceAccount(
              mount.source(),
              mount.target(),
              mount.fresh(),
              "The agent asks Kubernetes with it; kubelet renews it there."));
    }
  }

  private void installRuntime(List<Step> steps) {
    if (root.runtime().source() == RuntimeHome.Source.INSTALLED) {
      steps.add(
          new InstallRuntime(
              LaunchPlanner.IMAGE_HOME,
              root.runtime().path(),
              "Nothing may be mounted, so the host's own copy of the runtime is used."));
    }
  }

  private void verifySealUnlessAccountIsMissing(List<Step> steps) {
    if (root.sealed() && identity.user().account().isEmpty()) {
      verifySeal(steps);
    }
  }

  private void verifySeal(List<Step> steps) {
    steps.add(new VerifySeal(root.writable(), "A seal that was not verified does not count."));
  }

  private void setFileCapabilities(List<Step> steps) {
    if (identity.carrier() == CapabilityCarrier.FILE) {
      steps.add(
          new SetFileCapabilities(
              root.runtime().path() + "/bin",
              ProgramPlanner.PROGRAM_NAME,
              root.remount(),
              kept(),
              "The kernel has no ambient capabilities; no other user gains anything by these."));
    }
  }

  private void enterRoot(List<Step> steps) {
    steps.add(
        new EnterRoot(
            root.entry(), "Shows the agent the host, not the container: " + root.entry().reason()));
  }

  private void createAccount(List<Step> steps) {
    if (identity.user().account().isEmpty()) {
      return;
    }
    steps.add(
        new CreateUser(
            identity.user().account().get(),
            "No user was named, and root is more than the agent needs."));
    if (root.seal().isPresent()) {
      steps.add(
          new SealDirectory(
              AccountPlanner.ETC,
              root.seal().get().recursively(),
              "The agent's user is there now."));
      // Not before: /etc was writable until now.
      verifySeal(steps);
    }
  }

  private static void limitWhatIsInherited(List<Step> steps) {
    steps.add(new ForbidCoreDumps("A core would hold what the agent's memory holds."));
    steps.add(
        new CloseDescriptors(
            "A descriptor of a directory would lead out of the new root (CVE-2024-21626)."));
    steps.add(new ResetSignals("A JVM blocks SIGQUIT, and the mask would be the new program's."));
    steps.add(new SetUmask(UMASK, "New files are writable for their owner only."));
  }

  private void runInstaller(List<Step> steps) {
    if (installer.isPresent()) {
      InstallerDecision decision = installer.get();
      steps.add(
          new RunInstaller(
              decision.directory(),
              decision.program(),
              identity.user().user(),
              decision.capabilities(),
              "It needs root's rights to install, and must not get out of the sealed root; with hostPID"
                  + " that holds where the kernel has Landlock, from Linux 5.19 on."));
    }
  }

  private void becomeUser(List<Step> steps) {
    // Before the user: PR_CAPBSET_DROP needs an effective CAP_SETPCAP, and a change from uid 0 to
    // another clears the effective set, keepcaps or not: capabilities(7).
    Optional<CapabilitySet> unbounded = identity.capabilities().droppedFromBounding();
    if (unbounded.isPresent()) {
      steps.add(
          new DropBounding(
              unbounded.get(), "Capabilities outside the bounding set can never be regained."));
    }
    steps.add(
        new BecomeUser(
            identity.user().user(),
            identity.setGroups(),
            identity.setUser(),
            identity.user().reason()));
    // After BecomeUser: the directory is the agent's, so nothing is written there with root's
    // rights.
    steps.add(
        new WriteLaunchRecord(data.path(), "The agent and operators read the decisions there."));
  }

  private void dropCapabilities(List<Step> steps) {
    // Before the ambient set: PR_CAP_AMBIENT_RAISE needs the capability inheritable.
    steps.add(
        new InheritCapabilities(
            kept(), "Only what is inheritable can become ambient: capabilities(7)."));
    // After BecomeUser: a change of user clears the ambient set, keepcaps or not: capabilities(7).
    if (identity.carrier() == CapabilityCarrier.AMBIENT) {
      steps.add(
          new RaiseAmbient(kept(), "Ambient capabilities survive the execve, even no_new_privs."));
    }
    // After the ambient set, which SECBIT_NO_CAP_AMBIENT_RAISE closes; before the limit, which
    // takes the CAP_SETPCAP that it needs.
    if (identity.locks().securebits()) {
      steps.add(new LockSecurebits("Locks securebits so that uid 0 implies no capabilities."));
    }
    steps.add(new LimitCapabilities(kept(), "No module needs any other capability."));
  }

  private void restrict(List<Step> steps) {
    if (identity.locks().noNewPrivileges()) {
      steps.add(
          new ForbidNewPrivileges("No setuid program of the host may restore what was dropped."));
    }
    // After no_new_privs: without it landlock_restrict_self(2) needs CAP_SYS_ADMIN.
    if (seal.kind() == HostSeal.Kind.LANDLOCK) {
      steps.add(
          new RestrictWrites(
              seal.writable(),
              HostSealPlanner.DEVICES,
              data.path(),
              "Nothing is remounted, so Landlock has to do: it closes what the YAML left writable."));
    }
  }

  private void verifyIdentity(List<Step> steps) {
    steps.add(
        new VerifyIdentity(
            identity.user().user(),
            identity.setGroups(),
            kept(),
            identity.capabilities().bounding(),
            identity.carrier() == CapabilityCarrier.AMBIENT,
            identity.locks(),
            "The kernel is asked once more before anything else runs."));
  }

  private CapabilitySet kept() {
    return identity.capabilities().kept();
  }
}
