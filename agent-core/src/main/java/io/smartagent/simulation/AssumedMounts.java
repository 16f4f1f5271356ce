package io.smartagent.simulation;

import static io.smartagent.simulation.PlanOnly.noPlanAsksFor;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.mount.MountFlag;
import io.smartagent.kernel.mount.MountTable;
import io.smartagent.kernel.mount.MountWatch;
import io.smartagent.kernel.mount.Mounts;
import io.smartagent.kernel.mount.TmpfsOptions;
import java.util.EnumSet;
import java.util.Set;

/** The mounts of an assumed container, and those that the probe tries. */
final class AssumedMounts implements Mounts {

  private final AssumedContainer container;
  private final AssumedCalls calls;
  private final AssumedFilesystem filesystem;

  AssumedMounts(AssumedContainer container, AssumedCalls calls, AssumedFilesystem filesystem) {
    this.container = container;
    this.calls = calls;
    this.filesystem = filesystem;
  }

  @Override
  public MountTable table() {
    return container.host().mounts();
  }

  @Override
  public MountWatch watch() {
    throw noPlanAsksFor("changes of mounts");
  }

  @Override
  public void makePrivateRecursively(String tree) throws ErrnoException {
    mount(tree, "", EnumSet.of(MountFlag.MS_REC, MountFlag.MS_PRIVATE));
  }

  @Override
  public void remountReadOnly(String path, Set<MountFlag> flagsToKeep) throws ErrnoException {
    Set<MountFlag> flags = EnumSet.of(MountFlag.MS_REMOUNT, MountFlag.MS_BIND, MountFlag.MS_RDONLY);
    flags.addAll(flagsToKeep);
    mount(path, "", flags);
  }

  @Override
  public void mountTmpfs(String target, TmpfsOptions options, Set<MountFlag> flags)
      throws ErrnoException {
    Set<MountFlag> all = EnumSet.of(MountFlag.MS_NOSUID, MountFlag.MS_NODEV);
    all.addAll(flags);
    mount(target, "tmpfs, ", all);
  }

  private void mount(String target, String type, Set<MountFlag> flags) throws ErrnoException {
    calls.mount(
        "mount(\"" + target + "\", " + type + MountFlag.names(flags) + ")",
        filesystem.exists(target));
  }

  @Override
  public void bind(String source, String target, boolean recursive) {
    throw noPlanAsksFor("a mount");
  }

  @Override
  public void bind(Descriptor source, Descriptor target, boolean recursive) {
    throw noPlanAsksFor("a mount");
  }

  @Override
  public void move(String source, String target) {
    throw noPlanAsksFor("a mount");
  }

  @Override
  public void sealRecursively(String tree) {
    throw noPlanAsksFor("a seal");
  }

  @Override
  public Descriptor cloneTree(String path) {
    throw noPlanAsksFor("a copy of mounts");
  }

  @Override
  public void attachTree(Descriptor tree, String path) {
    throw noPlanAsksFor("a mount");
  }

  @Override
  public void mountTmpfs(Descriptor target, TmpfsOptions options, Set<MountFlag> flags) {
    throw noPlanAsksFor("a mount");
  }

  @Override
  public void detach(String path) {
    throw noPlanAsksFor("the end of a mount");
  }

  @Override
  public void pivotToWorkingDirectory() {
    throw noPlanAsksFor("another root");
  }
}
