package io.smartagent.modules.applicationdiscovery;

import io.smartagent.modules.cgroup.CgroupOwner;
import io.smartagent.modules.process.ProcessImage;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A process of the host.
 *
 * @param pid its id in the host's namespace
 * @param startTicks when it started, in hundredths of a second since boot: with the pid, who it is
 * @param image the program that it executed, by the addresses of its arguments
 * @param parent its parent's pid
 * @param startedAt when it started, by the wall clock
 * @param executable its executable's path, as seen in its own root; null where it cannot be read
 * @param executableDeleted whether the file is no longer there, as after an update
 * @param commandLine as it may be told: masked and cut
 * @param uid the user that it acts as; null where it is unknown
 * @param owner the container and pod that it is in
 * @param software what it runs
 */
record HostProcess(
    int pid,
    long startTicks,
    ProcessImage image,
    int parent,
    Instant startedAt,
    @Nullable String executable,
    boolean executableDeleted,
    List<String> commandLine,
    @Nullable Long uid,
    CgroupOwner owner,
    Software software) {

  /** Copies the list. */
  HostProcess {
    commandLine = List.copyOf(commandLine);
  }

  /**
   * Returns this process as it is now: with the parent that has inherited it, or with an executable
   * that was renamed or removed.
   */
  HostProcess with(int newParent, @Nullable String newExecutable, boolean deleted) {
    return newParent == parent
            && deleted == executableDeleted
            && Objects.equals(newExecutable, executable)
        ? this
        : new HostProcess(
            pid,
            startTicks,
            image,
            newParent,
            startedAt,
            newExecutable,
            deleted,
            commandLine,
            uid,
            owner,
            software);
  }

  /**
   * Returns whether the process has executed a program since {@code before}. Where its image is
   * hidden, only the command line shows that.
   */
  boolean hasExecutedSince(HostProcess before) {
    return !image.equals(before.image) || !commandLine.equals(before.commandLine);
  }

  /** Returns how long the command line is that it is told with. */
  int charactersOfCommandLine() {
    return commandLine.stream().mapToInt(String::length).sum();
  }
}
