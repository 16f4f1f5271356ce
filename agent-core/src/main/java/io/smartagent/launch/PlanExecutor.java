package io.smartagent.launch;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.Kernel;
import io.smartagent.kernel.capability.Securebits;
import io.smartagent.kernel.process.Execution;
import io.smartagent.kernel.process.ResourceLimits.Limit;
import io.smartagent.kernel.process.ResourceLimits.Resource;
import io.smartagent.plan.LaunchPlan;
import io.smartagent.plan.Step;
import io.smartagent.probe.ContainerFacts;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Does what a plan says, on the calling thread, which has to be one of its own: nearly every step
 * changes only that thread, until its execve makes it the process. Nothing is decided here.
 */
public final class PlanExecutor {

  private final Kernel kernel;
  private final Execution execution;
  private final ContainerFacts container;
  private final LaunchPlan plan;
  private final Program program;
  private final Consumer<String> output;

  private final HostView view;
  private final HostChanges changes;
  private final DataDirectory data;
  private final VirtualRootBuilder virtualRoot;
  private final IdentityChange identity;
  private final MinimalRootBuilder minimalRoot;
  private final PreparedRecord record;
  private @Nullable AgentInstaller installer;

  /**
   * Returns an executor of one plan.
   *
   * @param execution what makes the last step; the kernel's own, but for a rehearsal
   * @param mountPoint of the host's root
   * @param program with the plan's arguments
   * @param output gets what programs of the host print
   */
  public PlanExecutor(
      Kernel kernel,
      Execution execution,
      String mountPoint,
      ContainerFacts container,
      LaunchPlan plan,
      Program program,
      Consumer<String> output) {
    this.kernel = kernel;
    this.execution = execution;
    this.container = container;
    this.plan = plan;
    this.program = program;
    this.output = output;
    view = new HostView(mountPoint);
    changes = new HostChanges(kernel);
    data = new DataDirectory(kernel, view, changes);
    virtualRoot = new VirtualRootBuilder(kernel, view);
    identity = new IdentityChange(kernel);
    minimalRoot = new MinimalRootBuilder(kernel, view);
    record = new PreparedRecord(plan);
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
   *
   * @return what stays on the host all the same, as sentences
   */
  public List<String> undo() {
    changes.undo(view.rootOfOthers());
    return changes.staying();
  }

  private void execute(Step step) throws ErrnoException, LaunchFailure {
    switch (step.kind()) {
      case CREATE_RUNTIME_DIRECTORY ->
          data.makeDirectory(((Step.CreateRuntimeDirectory) step).path());
      case CREATE_RUNTIME_MOUNT_POINT -> data.makeDirectory(step.subject());
      case GIVE_RUNTIME_DIRECTORY ->
          new DataOwner(kernel, view, changes).give((Step.GiveRuntimeDirectory) step);
      case UNSHARE_MOUNTS -> kernel.namespaces().unshareMounts();
      case MAKE_PRIVATE -> kernel.mounts().makePrivateRecursively("/");
      case BIND_TREE -> kernel.mounts().bind(view.root(), view.root(), true);
      case BUILD_MINIMAL_ROOT -> minimalRoot.build((Step.BuildMinimalRoot) step);
      case SHARE_DIRECTORY -> virtualRoot.share(((Step.ShareDirectory) step).path());
      case SEAL_TREE -> virtualRoot.seal((Step.SealTree) step);
      case HIDE_ENTRY -> virtualRoot.hide((Step.HideEntry) step);
      case BIND_PROC -> kernel.mounts().bind("/proc", view.root() + "/proc", true);
      case MOUNT_TMPFS -> virtualRoot.mountTemporary(((Step.MountTmpfs) step).path());
      case BIND_RUNTIME -> virtualRoot.bindRuntime((Step.BindRuntime) step);
      case BIND_SERVICE_ACCOUNT -> virtualRoot.bindServiceAccount((Step.BindServiceAccount) step);
      case INSTALL_RUNTIME -> install((Step.InstallRuntime) step);
      case VERIFY_SEAL -> virtualRoot.verifySeal(((Step.VerifySeal) step).writable());
      case ENTER_ROOT -> virtualRoot.enter(((Step.EnterRoot) step).entry());
      case CREATE_USER ->
          new HostAccounts(kernel, changes, output).create(((Step.CreateUser) step).account());
      case SEAL_DIRECTORY -> virtualRoot.sealDirectory((Step.SealDirectory) step);
      case SET_FILE_CAPABILITIES ->
          new ProgramFileCapabilities(kernel, view).set((Step.SetFileCapabilities) step);
      case RECOVER_INSTALLATION -> installer().recover((Step.RecoverInstallation) step);
      case FETCH_INSTALLER -> installer().fetch();
      case RUN_INSTALLER -> installer().run((Step.RunInstaller) step);
      case FORBID_CORE_DUMPS -> kernel.resourceLimits().set(Resource.RLIMIT_CORE, new Limit(0, 0));
      case CLOSE_DESCRIPTORS -> kernel.descriptors().closeOnExecFrom(3);
      case RESET_SIGNALS -> resetSignals();
      case SET_UMASK -> kernel.execution().setUmask(((Step.SetUmask) step).mask());
      case DROP_BOUNDING -> identity.dropBounding(((Step.DropBounding) step).capabilities());
      case BECOME_USER -> identity.become((Step.BecomeUser) step);
      case WRITE_LAUNCH_RECORD ->
          data.writeLaunchRecord(((Step.WriteLaunchRecord) step).directory(), record.get());
      case INHERIT_CAPABILITIES -> identity.inherit(((Step.InheritCapabilities) step).kept());
      case RAISE_AMBIENT -> identity.raiseAmbient(((Step.RaiseAmbient) step).kept());
      case LOCK_SECUREBITS -> kernel.capabilities().setSecurebits(Securebits.lockedDown());
      case LIMIT_CAPABILITIES -> identity.limit(((Step.LimitCapabilities) step).kept());
      case FORBID_NEW_PRIVILEGES -> kernel.capabilities().setNoNewPrivileges();
      case RESTRICT_WRITES -> new WriteRestriction(kernel, view).apply((Step.RestrictWrites) step);
      case VERIFY_IDENTITY -> identity.verify((Step.VerifyIdentity) step, plan);
      case EXECUTE -> become((Step.Execute) step);
    }
  }

  private void install(Step.InstallRuntime step) throws ErrnoException, LaunchFailure {
    RuntimeInstaller.install(kernel, step.source(), view.root(), step.directory());
  }

  /** Made only where a step asks for it: nothing of it is loaded on the way to exec without. */
  private AgentInstaller installer() {
    if (installer == null) {
      installer = new AgentInstaller(kernel, view, plan, output);
    }
    return installer;
  }

  private void become(Step.Execute step) throws ErrnoException {
    execution.execute(step.path(), program.arguments(), program.environment());
  }

  private void resetSignals() throws ErrnoException {
    kernel.signals().stopIgnoring();
    kernel.signals().unblockAll();
  }
}
