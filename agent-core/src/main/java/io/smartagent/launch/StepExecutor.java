package io.smartagent.launch;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.Kernel;
import io.smartagent.kernel.capability.Securebits;
import io.smartagent.kernel.process.Execution;
import io.smartagent.kernel.process.ResourceLimits.Limit;
import io.smartagent.kernel.process.ResourceLimits.Resource;
import io.smartagent.plan.HostStep;
import io.smartagent.plan.InstallerStep;
import io.smartagent.plan.LaunchPlan;
import io.smartagent.plan.MountStep;
import io.smartagent.plan.PrivilegeStep;
import io.smartagent.plan.ProcessStep;
import io.smartagent.plan.StepVisitor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Executes each kind of step: one or two calls here, more in a separate class. */
final class StepExecutor implements StepVisitor<ErrnoException, LaunchFailure> {

  private final Kernel kernel;
  private final Execution execution;
  private final HostView view;
  private final HostChanges changes;
  private final LaunchPlan plan;
  private final Program program;
  private final Consumer<String> output;

  private final DataDirectory data;
  private final VirtualRootBuilder virtualRoot;
  private final IdentityChange identity;
  private final MinimalRootBuilder minimalRoot;
  private final PreparedRecord record;
  private @Nullable AgentInstaller installer;

  /** As {@link PlanExecutor}; {@code changes} gets what would have to be taken back. */
  StepExecutor(
      Kernel kernel,
      Execution execution,
      HostView view,
      HostChanges changes,
      LaunchPlan plan,
      Program program,
      Consumer<String> output) {
    this.kernel = kernel;
    this.execution = execution;
    this.view = view;
    this.changes = changes;
    this.plan = plan;
    this.program = program;
    this.output = output;
    data = new DataDirectory(kernel, view, changes);
    virtualRoot = new VirtualRootBuilder(kernel, view);
    identity = new IdentityChange(kernel);
    minimalRoot = new MinimalRootBuilder(kernel, view);
    record = new PreparedRecord(plan);
  }

  @Override
  public void createRuntimeDirectory(HostStep.CreateRuntimeDirectory step) throws ErrnoException {
    data.makeDirectory(step.path());
  }

  @Override
  public void createRuntimeMountPoint(HostStep.CreateRuntimeMountPoint step) throws ErrnoException {
    data.makeDirectory(step.subject());
  }

  @Override
  public void giveRuntimeDirectory(HostStep.GiveRuntimeDirectory step)
      throws ErrnoException, LaunchFailure {
    new DataOwner(kernel, view, changes).give(step);
  }

  @Override
  public void installRuntime(HostStep.InstallRuntime step) throws ErrnoException, LaunchFailure {
    RuntimeInstaller.install(kernel, step.source(), view.root(), step.directory());
  }

  @Override
  public void createUser(HostStep.CreateUser step) throws ErrnoException, LaunchFailure {
    new HostAccounts(kernel, changes, output).create(step.account());
  }

  @Override
  public void writeLaunchRecord(HostStep.WriteLaunchRecord step) throws ErrnoException {
    data.writeLaunchRecord(step.directory(), record.get());
  }

  @Override
  public void recoverInstallation(InstallerStep.RecoverInstallation step)
      throws ErrnoException, LaunchFailure {
    installer().recover(step);
  }

  @Override
  public void fetchInstaller(InstallerStep.FetchInstaller step)
      throws ErrnoException, LaunchFailure {
    installer().fetch();
  }

  @Override
  public void runInstaller(InstallerStep.RunInstaller step) throws ErrnoException, LaunchFailure {
    installer().run(step);
  }

  @Override
  public void unshareMounts(MountStep.UnshareMounts step) throws ErrnoException {
    kernel.namespaces().unshareMounts();
  }

  @Override
  public void makePrivate(MountStep.MakePrivate step) throws ErrnoException {
    kernel.mounts().makePrivateRecursively("/");
  }

  @Override
  public void bindTree(MountStep.BindTree step) throws ErrnoException {
    kernel.mounts().bind(view.root(), view.root(), true);
  }

  @Override
  public void buildMinimalRoot(MountStep.BuildMinimalRoot step) throws ErrnoException {
    minimalRoot.build(step);
  }

  @Override
  public void bindProc(MountStep.BindProc step) throws ErrnoException {
    kernel.mounts().bind("/proc", view.root() + "/proc", true);
  }

  @Override
  public void sealTree(MountStep.SealTree step) throws ErrnoException, LaunchFailure {
    virtualRoot.seal(step);
  }

  @Override
  public void hideEntry(MountStep.HideEntry step) throws ErrnoException {
    virtualRoot.hide(step);
  }

  @Override
  public void mountTmpfs(MountStep.MountTmpfs step) throws ErrnoException {
    virtualRoot.mountTemporary(step.path());
  }

  @Override
  public void shareDirectory(MountStep.ShareDirectory step) throws ErrnoException {
    virtualRoot.share(step.path());
  }

  @Override
  public void bindRuntime(MountStep.BindRuntime step) throws ErrnoException {
    virtualRoot.bindRuntime(step);
  }

  @Override
  public void bindServiceAccount(MountStep.BindServiceAccount step) throws ErrnoException {
    virtualRoot.bindServiceAccount(step);
  }

  @Override
  public void enterRoot(MountStep.EnterRoot step) throws ErrnoException {
    virtualRoot.enter(step.entry());
  }

  @Override
  public void sealDirectory(MountStep.SealDirectory step) throws ErrnoException, LaunchFailure {
    virtualRoot.sealDirectory(step);
  }

  @Override
  public void verifySeal(MountStep.VerifySeal step) throws ErrnoException, LaunchFailure {
    virtualRoot.verifySeal(step.writable());
  }

  @Override
  public void forbidCoreDumps(ProcessStep.ForbidCoreDumps step) throws ErrnoException {
    kernel.resourceLimits().set(Resource.RLIMIT_CORE, new Limit(0, 0));
  }

  @Override
  public void closeDescriptors(ProcessStep.CloseDescriptors step) throws ErrnoException {
    kernel.descriptors().closeOnExecFrom(3);
  }

  @Override
  public void resetSignals(ProcessStep.ResetSignals step) throws ErrnoException {
    kernel.signals().stopIgnoring();
    kernel.signals().unblockAll();
  }

  @Override
  public void setUmask(ProcessStep.SetUmask step) throws ErrnoException {
    kernel.execution().setUmask(step.mask());
  }

  @Override
  public void execute(ProcessStep.Execute step) throws ErrnoException {
    execution.execute(step.path(), program.arguments(), program.environment());
  }

  @Override
  public void dropBounding(PrivilegeStep.DropBounding step) throws ErrnoException {
    identity.dropBounding(step.capabilities());
  }

  @Override
  public void becomeUser(PrivilegeStep.BecomeUser step) throws ErrnoException {
    identity.become(step);
  }

  @Override
  public void setFileCapabilities(PrivilegeStep.SetFileCapabilities step)
      throws ErrnoException, LaunchFailure {
    new ProgramFileCapabilities(kernel, view).set(step);
  }

  @Override
  public void inheritCapabilities(PrivilegeStep.InheritCapabilities step) throws ErrnoException {
    identity.inherit(step.kept());
  }

  @Override
  public void raiseAmbient(PrivilegeStep.RaiseAmbient step) throws ErrnoException {
    identity.raiseAmbient(step.kept());
  }

  @Override
  public void lockSecurebits(PrivilegeStep.LockSecurebits step) throws ErrnoException {
    kernel.capabilities().setSecurebits(Securebits.lockedDown());
  }

  @Override
  public void limitCapabilities(PrivilegeStep.LimitCapabilities step) throws ErrnoException {
    identity.limit(step.kept());
  }

  @Override
  public void forbidNewPrivileges(PrivilegeStep.ForbidNewPrivileges step) throws ErrnoException {
    kernel.capabilities().setNoNewPrivileges();
  }

  @Override
  public void restrictWrites(PrivilegeStep.RestrictWrites step)
      throws ErrnoException, LaunchFailure {
    new WriteRestriction(kernel, view).apply(step);
  }

  @Override
  public void verifyIdentity(PrivilegeStep.VerifyIdentity step)
      throws ErrnoException, LaunchFailure {
    identity.verify(step);
  }

  /**
   * Created only where a step needs it: its classes are not loaded on the way to exec otherwise.
   */
  private AgentInstaller installer() {
    if (installer == null) {
      installer = new AgentInstaller(kernel, view, plan, output);
    }
    return installer;
  }
}
