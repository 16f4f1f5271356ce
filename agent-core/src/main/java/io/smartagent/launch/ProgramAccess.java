package io.smartagent.launch;

import io.smartagent.host.HostUser;
import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.Kernel;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.file.FileStatus;
import io.smartagent.kernel.file.FileType;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Whether a user can execute a file of the host, by the mode of the file and of every directory on
 * the way: found out before what was installed earlier is given up for it.
 */
final class ProgramAccess {

  /** As many links as the kernel follows in one path: path_resolution(7). */
  private static final int MAXSYMLINKS = 40;

  private static final int ANY_EXECUTE = 0111;

  private final Kernel kernel;
  private final Descriptor top;
  private final HostUser user;
  private final CapabilitySet capabilities;

  /**
   * @param top of the host
   * @param capabilities that the user has at the execve
   */
  ProgramAccess(Kernel kernel, Descriptor top, HostUser user, CapabilitySet capabilities) {
    this.kernel = kernel;
    this.top = top;
    this.user = user;
    this.capabilities = capabilities;
  }

  /** Returns what keeps the user from executing a file; empty where nothing does. */
  String fault(String path) {
    if (!path.startsWith("/")) {
      return "is not an absolute path of the host";
    }
    try {
      return walk(path);
    } catch (ErrnoException e) {
      return switch (e.errno()) {
        case ENOENT, ENOTDIR -> "is not on the host";
        default -> "cannot be reached: " + e.getMessage();
      };
    }
  }

  /** Links are followed here: the directories that one leads through count too. */
  private String walk(String path) throws ErrnoException {
    Deque<String> ahead = new ArrayDeque<>(List.of(path.split("/", -1)));
    String here = "";
    int links = 0;
    while (!ahead.isEmpty()) {
      String name = ahead.removeFirst();
      if (name.isEmpty() || name.equals(".")) {
        continue;
      }
      if (name.equals("..")) {
        here = here.substring(0, Math.max(0, here.lastIndexOf('/')));
        continue;
      }
      String next = here + "/" + name;
      try (Descriptor file = kernel.filesystem().locateLinkInRoot(top, next)) {
        FileStatus status = kernel.filesystem().status(file);
        if (status.type() == FileType.SYMBOLIC_LINK) {
          if (++links > MAXSYMLINKS) {
            throw new ErrnoException("open(\"" + path + "\")", Errno.ELOOP);
          }
          String target = kernel.filesystem().readLink(file);
          String[] names = target.split("/", -1);
          for (int i = names.length - 1; i >= 0; i--) {
            ahead.addFirst(names[i]);
          }
          here = target.startsWith("/") ? "" : here;
        } else if (status.isDirectory()) {
          if (!mayExecute(status)) {
            return "cannot be reached by user \""
                + user.name()
                + "\", who may not search \""
                + next
                + "\" with mode 0"
                + Integer.toOctalString(status.permissions());
          }
          here = next;
        } else {
          return ahead.isEmpty() ? faultOf(status) : "is not on the host";
        }
      }
    }
    return "is no file";
  }

  private String faultOf(FileStatus status) {
    if (status.type() != FileType.REGULAR) {
      return "is no file";
    }
    return mayExecute(status) ? "" : "is not executable for user \"" + user.name() + "\"";
  }

  /** Also uid 0 is asked after its bits: what it may do besides are capabilities. */
  private boolean mayExecute(FileStatus status) {
    boolean overrides = capabilities.contains(Capability.CAP_DAC_OVERRIDE);
    if (status.isDirectory()) {
      overrides |= capabilities.contains(Capability.CAP_DAC_READ_SEARCH);
      return overrides || (status.permissions() & bit(status)) != 0;
    }
    return (status.permissions() & (overrides ? ANY_EXECUTE : bit(status))) != 0;
  }

  private int bit(FileStatus file) {
    if (file.uid() == user.uid()) {
      return 0100;
    }
    return user.gid() == file.gid() || user.groups().contains(file.gid()) ? 0010 : 0001;
  }
}
