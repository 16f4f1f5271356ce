package io.smartagent.kernel.linux;

import static io.smartagent.kernel.linux.SystemCalls.quote;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.process.Namespaces;
import java.nio.charset.StandardCharsets;
import java.util.StringTokenizer;

final class LinuxNamespaces implements Namespaces {

  private static final int CLONE_FS = 0x200;
  private static final int CLONE_NEWNS = 0x20000;
  private static final int CLONE_NEWNET = 0x40000000;

  private final SystemCalls calls;
  private final LinuxFilesystem filesystem;

  LinuxNamespaces(SystemCalls calls, LinuxFilesystem filesystem) {
    this.calls = calls;
    this.filesystem = filesystem;
  }

  @Override
  public void unshareMounts() throws ErrnoException {
    calls.check("unshare(CLONE_NEWNS|CLONE_FS)", SystemCall.UNSHARE, CLONE_NEWNS | CLONE_FS);
  }

  @Override
  public void unshareRoot() throws ErrnoException {
    calls.check("unshare(CLONE_FS)", SystemCall.UNSHARE, CLONE_FS);
  }

  @Override
  public void enterNetworkNamespace(Descriptor namespace) throws ErrnoException {
    calls.check(
        "setns(" + namespace + ", CLONE_NEWNET)", SystemCall.SETNS, namespace, CLONE_NEWNET);
  }

  @Override
  public void changeRoot(String path) throws ErrnoException {
    calls.check("chroot(" + quote(path) + ")", SystemCall.CHROOT, path);
  }

  @Override
  public void changeDirectory(String path) throws ErrnoException {
    calls.check("chdir(" + quote(path) + ")", SystemCall.CHDIR, path);
  }

  @Override
  public boolean userNamespaceIsInitial() throws ErrnoException {
    byte[] map = filesystem.readAll("/proc/self/uid_map", 65536);
    StringTokenizer fields = new StringTokenizer(new String(map, StandardCharsets.US_ASCII));
    return fields.countTokens() == 3
        && fields.nextToken().equals("0")
        && fields.nextToken().equals("0")
        && fields.nextToken().equals("4294967295");
  }
}
