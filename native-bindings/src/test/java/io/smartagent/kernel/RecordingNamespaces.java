package io.smartagent.kernel;

import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.process.Namespaces;

/** Root and working directory; the namespaces themselves are only recorded. */
final class RecordingNamespaces implements Namespaces {

  private final CallLog log;
  private final ThreadState thread;
  private final RecordingMounts mounts;
  private boolean userNamespaceIsInitial = true;

  RecordingNamespaces(CallLog log, ThreadState thread, RecordingMounts mounts) {
    this.log = log;
    this.thread = thread;
    this.mounts = mounts;
  }

  void userNamespaceIsInitial(boolean initial) {
    userNamespaceIsInitial = initial;
  }

  @Override
  public void unshareMounts() throws ErrnoException {
    log.change("unshare(CLONE_NEWNS|CLONE_FS)", () -> thread.require(Capability.CAP_SYS_ADMIN));
  }

  @Override
  public void unshareRoot() throws ErrnoException {
    log.change("unshare(CLONE_FS)", () -> {});
  }

  @Override
  public void enterNetworkNamespace(Descriptor namespace) throws ErrnoException {
    log.change(
        "setns(" + namespace + ", CLONE_NEWNET)", () -> thread.require(Capability.CAP_SYS_ADMIN));
  }

  @Override
  public void changeRoot(String path) throws ErrnoException {
    log.change(
        "chroot(\"" + path + "\")",
        () -> {
          thread.require(Capability.CAP_SYS_CHROOT);
          String newRoot = thread.absolute(path);
          mounts.changeRoot(newRoot);
          thread.root += newRoot.equals("/") ? thread.movedOverRoot : newRoot;
          thread.movedOverRoot = "";
        });
  }

  @Override
  public void changeDirectory(String path) throws ErrnoException {
    log.change("chdir(\"" + path + "\")", () -> thread.workingDirectory = thread.absolute(path));
  }

  @Override
  public boolean userNamespaceIsInitial() throws ErrnoException {
    log.read("open(\"/proc/self/uid_map\")");
    return userNamespaceIsInitial;
  }
}
