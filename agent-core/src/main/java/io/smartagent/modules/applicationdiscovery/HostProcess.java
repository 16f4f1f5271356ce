package io.smartagent.modules.applicationdiscovery;

import io.smartagent.modules.cgroup.CgroupOwner;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A process of the host.
 *
 * @param pid its id in the host's namespace
 * @param startTicks when it started, in hundredths of a second since boot: with the pid, who it is
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

  /** Returns this process with another parent: the old one has ended. */
  HostProcess withParent(int newParent) {
    return newParent == parent
        ? this
        : new HostProcess(
            pid,
            startTicks,
            newParent,
            startedAt,
            executable,
            executableDeleted,
            commandLine,
            uid,
            owner,
            software);
  }

  /** Returns how long the command line is that it is told with. */
  int charactersOfCommandLine() {
    return commandLine.stream().mapToInt(String::length).sum();
  }
}
