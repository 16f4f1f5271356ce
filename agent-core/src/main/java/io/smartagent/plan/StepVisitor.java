package io.smartagent.plan;

/**
 * What is done with each kind of step. A call of {@link Step#accept} is a plain virtual call: a
 * switch over the records would have a class made at run time, which is a third of the way to exec.
 *
 * @param <X> what a visit may throw
 * @param <Y> what else it may throw
 */
public interface StepVisitor<X extends Exception, Y extends Exception> {

  void createRuntimeDirectory(HostStep.CreateRuntimeDirectory step) throws X, Y;

  void createRuntimeMountPoint(HostStep.CreateRuntimeMountPoint step) throws X, Y;

  void giveRuntimeDirectory(HostStep.GiveRuntimeDirectory step) throws X, Y;

  void installRuntime(HostStep.InstallRuntime step) throws X, Y;

  void createUser(HostStep.CreateUser step) throws X, Y;

  void writeLaunchRecord(HostStep.WriteLaunchRecord step) throws X, Y;

  void recoverInstallation(InstallerStep.RecoverInstallation step) throws X, Y;

  void fetchInstaller(InstallerStep.FetchInstaller step) throws X, Y;

  void runInstaller(InstallerStep.RunInstaller step) throws X, Y;

  void unshareMounts(MountStep.UnshareMounts step) throws X, Y;

  void makePrivate(MountStep.MakePrivate step) throws X, Y;

  void bindTree(MountStep.BindTree step) throws X, Y;

  void buildMinimalRoot(MountStep.BuildMinimalRoot step) throws X, Y;

  void bindProc(MountStep.BindProc step) throws X, Y;

  void sealTree(MountStep.SealTree step) throws X, Y;

  void hideEntry(MountStep.HideEntry step) throws X, Y;

  void mountTmpfs(MountStep.MountTmpfs step) throws X, Y;

  void shareDirectory(MountStep.ShareDirectory step) throws X, Y;

  void bindRuntime(MountStep.BindRuntime step) throws X, Y;

  void bindServiceAccount(MountStep.BindServiceAccount step) throws X, Y;

  void enterRoot(MountStep.EnterRoot step) throws X, Y;

  void sealDirectory(MountStep.SealDirectory step) throws X, Y;

  void verifySeal(MountStep.VerifySeal step) throws X, Y;

  void forbidCoreDumps(ProcessStep.ForbidCoreDumps step) throws X, Y;

  void closeDescriptors(ProcessStep.CloseDescriptors step) throws X, Y;

  void resetSignals(ProcessStep.ResetSignals step) throws X, Y;

  void setUmask(ProcessStep.SetUmask step) throws X, Y;

  void execute(ProcessStep.Execute step) throws X, Y;

  void dropBounding(PrivilegeStep.DropBounding step) throws X, Y;

  void becomeUser(PrivilegeStep.BecomeUser step) throws X, Y;

  void setFileCapabilities(PrivilegeStep.SetFileCapabilities step) throws X, Y;

  void inheritCapabilities(PrivilegeStep.InheritCapabilities step) throws X, Y;

  void raiseAmbient(PrivilegeStep.RaiseAmbient step) throws X, Y;

  void lockSecurebits(PrivilegeStep.LockSecurebits step) throws X, Y;

  void limitCapabilities(PrivilegeStep.LimitCapabilities step) throws X, Y;

  void forbidNewPrivileges(PrivilegeStep.ForbidNewPrivileges step) throws X, Y;

  void restrictWrites(PrivilegeStep.RestrictWrites step) throws X, Y;

  void verifyIdentity(PrivilegeStep.VerifyIdentity step) throws X, Y;
}
