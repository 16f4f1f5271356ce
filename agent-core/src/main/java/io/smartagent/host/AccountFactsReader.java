package io.smartagent.host;

import io.smartagent.host.AccountTool.Kind;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.file.FileStatus;
import io.smartagent.kernel.file.FileType;
import io.smartagent.kernel.file.Filesystem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Reads {@link AccountFacts}. Where /etc is read-only, as nearly always, it looks no further. */
final class AccountFactsReader {

  private static final List<String> DIRECTORIES = List.of("/usr/sbin", "/sbin", "/usr/bin", "/bin");
  private static final List<String> NO_LOGIN = List.of("/usr/sbin/nologin", "/sbin/nologin");

  private static final int TEXT_LIMIT = 1 << 20;

  private final Filesystem files;
  private final Descriptor root;

  private AccountFactsReader(Filesystem files, Descriptor root) {
    this.files = files;
    this.root = root;
  }

  /**
   * Returns what is there.
   *
   * @param root of the host
   */
  static AccountFacts read(Filesystem files, Descriptor root) {
    return new AccountFactsReader(files, root).read();
  }

  private AccountFacts read() {
    if (!etcIsWritable()) {
      return AccountFacts.NONE;
    }
    return new AccountFacts(
        true, tool(), shell(), new HostUsers(text("/usr/lib/passwd"), text("/usr/lib/group")));
  }

  private String text(String path) {
    try (Descriptor file = files.openInRoot(root, path)) {
      return files.status(file).type() == FileType.REGULAR
          ? new String(files.readAll(file, TEXT_LIMIT), StandardCharsets.UTF_8)
          : "";
    } catch (ErrnoException none) {
      return "";
    }
  }

  private boolean etcIsWritable() {
    try (Descriptor etc = files.locateLinkInRoot(root, "/etc")) {
      return files.status(etc).isDirectory() && !files.filesystemStatus(etc).readOnly();
    } catch (ErrnoException none) {
      return false;
    }
  }

  private Optional<AccountTool> tool() {
    for (String directory : DIRECTORIES) {
      String groupadd = directory + "/groupadd";
      String useradd = directory + "/useradd";
      if (isProgram(groupadd) && isProgram(useradd)) {
        return Optional.of(new AccountTool(Kind.SHADOW, groupadd, useradd));
      }
    }
    for (String directory : DIRECTORIES) {
      String addgroup = directory + "/addgroup";
      String adduser = directory + "/adduser";
      if (isBusybox(addgroup) && isBusybox(adduser)) {
        return Optional.of(new AccountTool(Kind.BUSYBOX, addgroup, adduser));
      }
    }
    return Optional.empty();
  }

  private String shell() {
    for (String shell : NO_LOGIN) {
      if (isProgram(shell)) {
        return shell;
      }
    }
    return AccountFacts.NONE.noLoginShell();
  }

  private boolean isProgram(String path) {
    try (Descriptor file = files.locateInRoot(root, path)) {
      return isProgram(file);
    } catch (ErrnoException none) {
      return false;
    }
  }

  private boolean isProgram(Descriptor file) throws ErrnoException {
    FileStatus status = files.status(file);
    return status.type() == FileType.REGULAR && (status.permissions() & 0111) != 0;
  }

  /** By what the link leads to: an applet is busybox under another name. */
  private boolean isBusybox(String path) {
    try (Descriptor file = files.locateInRoot(root, path)) {
      String target = files.readLink("/proc/self/fd/" + file.number());
      return isProgram(file) && target.startsWith("busybox", target.lastIndexOf('/') + 1);
    } catch (ErrnoException none) {
      return false;
    }
  }
}
