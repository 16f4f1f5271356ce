package io.smartagent.kernel;

import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.capability.Securebits;
import io.smartagent.kernel.capability.ThreadCapabilities;
import io.smartagent.kernel.mount.MountTable;
import io.smartagent.kernel.process.UserIds;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the kernel keeps of a thread: credentials(7), capabilities(7), root, working directory. */
final class ThreadState {

  static final int LAST_CAPABILITY = Capability.CAP_CHECKPOINT_RESTORE.number();

  private static final CapabilitySet ALL = CapabilitySet.upTo(LAST_CAPABILITY);

  ThreadCapabilities capabilities =
      new ThreadCapabilities(ALL, ALL, CapabilitySet.NONE, ALL, CapabilitySet.NONE);
  Securebits securebits = Securebits.NONE;
  boolean keepCapabilities;
  boolean noNewPrivileges;
  UserIds users = new UserIds(0, 0, 0);
  UserIds groups = new UserIds(0, 0, 0);
  List<Integer> supplementaryGroups = List.of(0);

  /** Where Landlock lets the thread write; null where it was not asked. */
  @Nullable List<String> writable;

  /** The root as the test's file system names it; empty is the file system's own. */
  String root = "";

  String workingDirectory = "/";

  /** Where the mount came from that was moved over the root and is entered by chroot("."). */
  String movedOverRoot = "";

  void require(Capability capability) throws CallLog.Refusal {
    if (!capabilities.effective().contains(capability)) {
      throw new CallLog.Refusal(Errno.EPERM);
    }
  }

  /** Returns {@code path} from the root on, however it was said. */
  String absolute(String path) {
    if (path.equals(".") || path.isEmpty()) {
      return workingDirectory;
    }
    if (path.startsWith("/")) {
      return path;
    }
    return workingDirectory.equals("/") ? "/" + path : workingDirectory + "/" + path;
  }

  /** Returns whether Landlock lets the thread write at {@code path}. */
  boolean mayWrite(String path) {
    List<String> places = writable;
    return places == null || places.stream().anyMatch(place -> MountTable.isAtOrBelow(path, place));
  }
}
