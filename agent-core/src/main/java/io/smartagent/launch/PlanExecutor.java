package io.smartagent.launch;

import io.smartagent.config.ExitStatus;
import io.smartagent.host.HostUser;
import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.Kernel;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.capability.Securebits;
import io.smartagent.kernel.capability.ThreadCapabilities;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.file.FileStatus;
import io.smartagent.kernel.mount.MountFlag;
import io.smartagent.kernel.mount.MountPoint;
import io.smartagent.kernel.mount.MountTable;
import io.smartagent.kernel.mount.TmpfsOptions;
import io.smartagent.kernel.process.Execution;
import io.smartagent.kernel.process.ResourceLimits.Limit;
import io.smartagent.kernel.process.ResourceLimits.Resource;
import io.smartagent.kernel.process.UserIds;
import io.smartagent.plan.LaunchPlan;
import io.smartagent.plan.Step;
import io.smartagent.probe.ContainerFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Does what a plan says, on the calling thread, which has to be one of its own: nearly every step
 * changes only that thread, until its execve makes it the process. Nothing is decided here.
 */
public final class PlanExecutor {

  private static final int DIRECTORY_MODE = 0755;
  private static final TmpfsOptions NOTHING = new TmpfsOptions(4096, 0555);
  private static final TmpfsOptions TEMPORARY = new TmpfsOptions(64 << 20, 01777);
  private static final int LAUNCH_RECORD_MODE = 0640;

  /**
   * Mounts may come and go while they are walked; more rounds than this mean that they do not
   * settle.
   */
  private static final int SEAL_ROUNDS = 8;

  private final Kernel kernel;
  private final Execution execution;
  private final ContainerFacts container;
  private final LaunchPlan plan;
  private final Program program;

  /**
   * Where the host's root is for this thread: the mount point, and nothing once it has been
   * entered.
   */
  private String root;

  /**
   * Where the host's root is for the process's other threads: a chroot without unshare moves them
   * too.
   */
  private String rootOfOthers;

  private final HostChanges changes;

  /**
   * Returns an executor of one plan.
   *
   * @param execution what makes the last step; the kernel's own, but for a rehearsal
   * @param mountPoint of the host's root
   * @param program with the plan's arguments
   */
  public PlanExecutor(
      Kernel kernel,
      Execution execution,
      String mountPoint,
      ContainerFacts container,
      LaunchPlan plan,
      Program program) {
    this.kernel = kernel;
    this.execution = execution;
    this.container = container;
    this.plan = plan;
    this.program = program;
    this.root = mountPoint;
    this.rootOfOthers = mountPoint;
    this.changes = new HostChanges(kernel);
  }

  /**
   * Runs the steps in their order. Returns only where the execution is a rehearsal.
   *
   * @throws LaunchFailure for the first step that fails
   */
  public void execute() throws LaunchFailure {
    for (Step step : plan.steps()) {
      try {
        execute(step);
      } catch (ErrnoException e) {
        throw FailureAdvice.forStep(step, e, container);
      }
    }
  }

  /**
   * Takes back what a failed launch has changed on the host. For another thread than the one that
   * executed the plan: that one may have lost the capabilities by now.
   */
  public void undo() {
    changes.undo(rootOfOthers);
  }

  private void execute(Step step) throws ErrnoException, LaunchFailure {
    switch (step.kind()) {
      case CREATE_RUNTIME_DIRECTORY -> makeDirectory(((Step.CreateRuntimeDirectory) step).path());
      case CREATE_RUNTIME_MOUNT_POINT -> makeDirectory(step.subject());
      case GIVE_RUNTIME_DIRECTORY -> give((Step.GiveRuntimeDirectory) step);
      case UNSHARE_MOUNTS -> kernel.namespaces().unshareMounts();
      case MAKE_PRIVATE -> kernel.mounts().makePrivateRecursively("/");
      case BIND_TREE -> kernel.mounts().bind(root, root, true);
      case SEAL_TREE -> seal((Step.SealTree) step);
      case HIDE_ENTRY -> hide((Step.HideEntry) step);
      case BIND_PROC -> kernel.mounts().bind("/proc", root + "/proc", true);
      case MOUNT_TMPFS -> mountTemporary(((Step.MountTmpfs) step).path());
      case BIND_RUNTIME -> bindRuntime((Step.BindRuntime) step);
      case INSTALL_RUNTIME -> install((Step.InstallRuntime) step);
      case VERIFY_SEAL -> verifySeal(((Step.VerifySeal) step).writable());
      case ENTER_ROOT -> enter(((Step.EnterRoot) step).entry());
      case FORBID_CORE_DUMPS -> kernel.resourceLimits().set(Resource.RLIMIT_CORE, new Limit(0, 0));
      case CLOSE_DESCRIPTORS -> kernel.descriptors().closeOnExecFrom(3);
      case RESET_SIGNALS -> resetSignals();
      case SET_UMASK -> kernel.execution().setUmask(((Step.SetUmask) step).mask());
      case DROP_BOUNDING -> dropBounding(((Step.DropBounding) step).capabilities());
      case BECOME_USER -> become((Step.BecomeUser) step);
      case WRITE_LAUNCH_RECORD -> writeLaunchRecord(((Step.WriteLaunchRecord) step).directory());
      case INHERIT_CAPABILITIES -> inherit(((Step.InheritCapabilities) step).kept());
      case RAISE_AMBIENT -> raiseAmbient(((Step.RaiseAmbient) step).kept());
      case LOCK_SECUREBITS -> kernel.capabilities().setSecurebits(Securebits.lockedDown());
      case LIMIT_CAPABILITIES -> limit(((Step.LimitCapabilities) step).kept());
      case FORBID_NEW_PRIVILEGES -> kernel.capabilities().setNoNewPrivileges();
      case VERIFY_IDENTITY -> verifyIdentity((Step.VerifyIdentity) step);
      case EXECUTE -> become((Step.Execute) step);
    }
  }

  private void makeDirectory(String path) throws ErrnoException {
    int slash = path.lastIndexOf('/');
    try (Descriptor top = kernel.filesystem().openDirectory(root);
        Descriptor parent =
            kernel.filesystem().locateLinkInRoot(top, path.substring(0, Math.max(1, slash)))) {
      kernel.filesystem().makeDirectory(parent, path.substring(slash + 1), DIRECTORY_MODE);
    }
    changes.made(path);
  }

  private void give(Step.GiveRuntimeDirectory step) throws ErrnoException {
    try (Descriptor top = kernel.filesystem().openDirectory(root);
        Descriptor directory = kernel.filesystem().openInRoot(top, step.path())) {
      FileStatus former = kernel.filesystem().status(directory);
      kernel.filesystem().changeOwner(directory, step.uid(), step.gid());
      changes.gave(step.path(), former.uid(), former.gid());
    }
  }

  private void seal(Step.SealTree step) throws ErrnoException, LaunchFailure {
    List<String> writable = step.writable().stream().sorted().map(path -> root + path).toList();
    if (step.recursively()) {
      sealAtOnce(writable);
    } else {
      sealOneByOne(writable);
    }
  }

  /** The copies are taken before the seal and put back after it, so nothing is ever unsealed. */
  private void sealAtOnce(List<String> writable) throws ErrnoException {
    List<Descriptor> copies = new ArrayList<>();
    try {
      for (String path : writable) {
        copies.add(kernel.mounts().cloneTree(path));
      }
      kernel.mounts().sealRecursively(root);
      for (int i = 0; i < copies.size(); i++) {
        kernel.mounts().attachTree(copies.get(i), writable.get(i));
      }
    } finally {
      copies.forEach(Descriptor::close);
    }
  }

  private void sealOneByOne(List<String> writable) throws ErrnoException, LaunchFailure {
    for (String path : writable) {
      kernel.mounts().bind(path, path, true);
    }
    for (int round = 0; round < SEAL_ROUNDS; round++) {
      List<MountPoint> open = stillWritable(writable);
      if (open.isEmpty()) {
        return;
      }
      for (MountPoint mount : open) {
        remountIfStillThere(mount);
      }
    }
    throw notSealed(stillWritable(writable));
  }

  /**
   * A mount that has gone since it was listed needs no seal; the next round sees what is there
   * then.
   */
  private void remountIfStillThere(MountPoint mount) throws ErrnoException {
    try {
      kernel.mounts().remountReadOnly(mount.path(), mount.flagsToKeep());
    } catch (ErrnoException e) {
      if (e.errno() != Errno.ENOENT && e.errno() != Errno.EINVAL) {
        throw e;
      }
    }
  }

  /**
   * An automount has nothing to write to until somebody looks; then it is mounted on the host only.
   */
  private List<MountPoint> stillWritable(List<String> writable) throws ErrnoException {
    MountTable table = kernel.mounts().table();
    Predicate<MountPoint> mayBe =
        mount -> writable.stream().anyMatch(path -> MountTable.isAtOrBelow(mount.path(), path));
    return table.visibleBelow(root).stream()
        .filter(mount -> !mount.isReadOnly() && !mount.isAutomount())
        .filter(mayBe.negate())
        .toList();
  }

  private void verifySeal(Set<String> writable) throws ErrnoException, LaunchFailure {
    List<MountPoint> open =
        stillWritable(writable.stream().sorted().map(path -> root + path).toList());
    if (!open.isEmpty()) {
      throw notSealed(open);
    }
  }

  private static LaunchFailure notSealed(List<MountPoint> open) {
    return new LaunchFailure(
        ExitStatus.INTERNAL,
        "The seal of the host does not hold: "
            + String.join(", ", open.stream().map(MountPoint::path).limit(10).toList())
            + " can still be written. Nothing was started. Report it with the output of probe and the"
            + " host's /proc/self/mountinfo; until then set SMARTAGENT_NO_REMOUNT_ROOT=true.");
  }

  /** By descriptor, so that what was looked at is what is covered (CVE-2025-31133). */
  private void hide(Step.HideEntry step) throws ErrnoException {
    try (Descriptor top = kernel.filesystem().openDirectory(root);
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
    kernel.mounts().remountReadOnly(root + path, flagsAt(root + path));
  }

  private Set<MountFlag> flagsAt(String path) throws ErrnoException {
    return kernel.mounts().table().at(path).map(MountPoint::flagsToKeep).orElse(Set.of());
  }

  private void mountTemporary(String path) throws ErrnoException {
    try (Descriptor top = kernel.filesystem().openDirectory(root);
        Descriptor directory = kernel.filesystem().locateLinkInRoot(top, path)) {
      kernel.mounts().mountTmpfs(directory, TEMPORARY, Set.of());
    }
  }

  private void bindRuntime(Step.BindRuntime step) throws ErrnoException {
    try (Descriptor top = kernel.filesystem().openDirectory(root);
        Descriptor source = kernel.filesystem().openDirectory(step.source());
        Descriptor target = kernel.filesystem().locateLinkInRoot(top, step.target())) {
      kernel.mounts().bind(source, target, true);
    }
    String place = root + step.target();
    kernel.mounts().remountReadOnly(place, flagsAt(place));
  }

  private void enter(Step.Entry entry) throws ErrnoException {
    kernel.namespaces().changeDirectory(root);
    switch (entry) {
      case PIVOT_ROOT -> kernel.mounts().pivotToWorkingDirectory();
      case MOVE_AND_CHROOT -> {
        kernel.mounts().move(".", "/");
        kernel.namespaces().changeRoot(".");
      }
      case CHROOT -> {
        kernel.namespaces().changeRoot(".");
        rootOfOthers = "/";
      }
    }
    // Whatever the way was, a working directory outside the new root would be a way out of it.
    kernel.namespaces().changeDirectory("/");
    root = "";
  }

  private void install(Step.InstallRuntime step) throws ErrnoException {
    RuntimeInstaller.install(kernel, step.source(), root, step.directory());
  }

  private void become(Step.Execute step) throws ErrnoException {
    execution.execute(step.path(), program.arguments(), program.environment());
  }

  private void limit(CapabilitySet kept) throws ErrnoException {
    kernel.capabilities().set(kept, kept, kept);
  }

  private void resetSignals() throws ErrnoException {
    kernel.signals().stopIgnoring();
    kernel.signals().unblockAll();
  }

  private void dropBounding(CapabilitySet capabilities) throws ErrnoException {
    for (int number : capabilities.numbers()) {
      kernel.capabilities().dropFromBoundingSet(number);
    }
  }

  /** Groups before the user: afterwards there is no capability left to set them with. */
  private void become(Step.BecomeUser step) throws ErrnoException {
    kernel.capabilities().keepOverChangeOfUser(true);
    if (step.changeGroups()) {
      kernel.credentials().setSupplementaryGroups(step.user().groups());
      kernel.credentials().setGroup(step.user().gid());
    }
    if (step.changeUser()) {
      kernel.credentials().setUser(step.user().uid());
    }
    kernel.capabilities().keepOverChangeOfUser(false);
  }

  private void writeLaunchRecord(String directory) throws ErrnoException {
    try (Descriptor place = kernel.filesystem().openDirectory(root + directory)) {
      kernel
          .filesystem()
          .replace(place, LaunchRecord.FILE_NAME, PlanJson.toJson(plan), LAUNCH_RECORD_MODE);
    }
  }

  private void inherit(CapabilitySet kept) throws ErrnoException {
    CapabilitySet permitted = kernel.capabilities().read().permitted();
    kernel.capabilities().set(permitted, permitted, kept);
  }

  private void raiseAmbient(CapabilitySet kept) throws ErrnoException {
    for (int number : kept.numbers()) {
      kernel.capabilities().raiseAmbient(number);
    }
  }

  private void verifyIdentity(Step.VerifyIdentity step) throws ErrnoException, LaunchFailure {
    ThreadCapabilities sets = kernel.capabilities().read();
    List<String> wrong = new ArrayList<>();
    compare(wrong, "effective set", step.kept(), sets.effective());
    compare(wrong, "permitted set", step.kept(), sets.permitted());
    compare(wrong, "inheritable set", step.kept(), sets.inheritable());
    compare(wrong, "bounding set", step.bounding(), sets.bounding());
    if (plan.steps().stream().anyMatch(Step.RaiseAmbient.class::isInstance)) {
      compare(wrong, "ambient set", step.kept(), sets.ambient());
    }
    if (plan.steps().stream().anyMatch(Step.LockSecurebits.class::isInstance)) {
      compare(
          wrong,
          "securebits",
          Securebits.lockedDown().names(),
          kernel.capabilities().securebits().names());
    }
    HostUser user = step.user();
    compare(
        wrong,
        "real, effective and saved user",
        text(new UserIds(user.uid(), user.uid(), user.uid())),
        text(kernel.credentials().users()));
    if (step.groups()) {
      compare(
          wrong,
          "real, effective and saved group",
          text(new UserIds(user.gid(), user.gid(), user.gid())),
          text(kernel.credentials().groups()));
      List<Integer> groups =
          kernel.credentials().supplementaryGroups().stream()
              .sorted(Integer::compareUnsigned)
              .toList();
      compare(wrong, "supplementary groups", user.groups(), groups);
    }
    compare(wrong, "no_new_privs", true, kernel.capabilities().noNewPrivileges());
    if (!wrong.isEmpty()) {
      throw new LaunchFailure(
          ExitStatus.INTERNAL,
          "The drop of privileges does not hold: "
              + String.join("; ", wrong)
              + ". Nothing was started. Report it with the output of probe.");
    }
  }

  private static String text(UserIds ids) {
    return Stream.of(ids.real(), ids.effective(), ids.saved())
        .map(Integer::toUnsignedString)
        .collect(Collectors.joining(" "));
  }

  private static void compare(List<String> wrong, String what, Object planned, Object found) {
    if (!planned.equals(found)) {
      wrong.add(what + " is " + found + " and should be " + planned);
    }
  }
}
