package io.smartagent.modules.applicationdiscovery;

import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.modules.cgroup.CgroupOwner;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the processes of the host from its procfs. What is known of a process is kept until it ends
 * or executes another program, so a pass over a host where nothing changes reads two small files of
 * each process, and none of its memory.
 */
final class ProcessTable implements AutoCloseable {

  private static final int SMALL_FILE = 65536;

  /** Class paths are long, and what is run comes after them. */
  private static final int COMMAND_LINE_LIMIT = 65536;

  private static final int ENVIRONMENT_LIMIT = 131_072;

  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** For so many passes a process that waits uninterruptibly is not asked for its command line. */
  private static final int PASSES_TO_WAIT = 3;

  private static final String DELETED = " (deleted)";
  private static final long TICKS_PER_SECOND = 100;

  private final Filesystem files;
  private final String proc;
  private final boolean readsEnvironment;
  private final Instant boot;
  private final PatientReader memory = new PatientReader(PATIENCE);
  private Map<Integer, Known> known = new HashMap<>();

  /** What was found of a process, and by what to see that it is another one now. */
  private record Known(
      ProcessStat stat, Executable executable, @Nullable HostProcess process, int passesWaited) {}

  /** The link /proc/PID/exe. */
  private record Executable(@Nullable String path, boolean deleted, boolean readable) {}

  /**
   * What one pass has found.
   *
   * @param processes that are not the kernel's and have not ended
   * @param unreadableExecutables how many of them do not show their executable
   */
  record Scan(List<HostProcess> processes, int unreadableExecutables) {}

  /**
   * @param root the host's root, without a slash at its end
   * @param readsEnvironment whether to look into environments for versions
   * @throws ErrnoException where there is no procfs
   */
  ProcessTable(Filesystem files, String root, boolean readsEnvironment) throws ErrnoException {
    this.files = files;
    this.proc = root + "/proc";
    this.readsEnvironment = readsEnvironment;
    this.boot = Instant.now().minus(Duration.ofMillis(uptimeTicks() * (1000 / TICKS_PER_SECOND)));
  }

  /**
   * Returns how long the machine has run, in the unit of {@link HostProcess#startTicks}.
   *
   * @throws ErrnoException where there is no procfs
   */
  long uptimeTicks() throws ErrnoException {
    String uptime =
        new String(files.readAll(proc + "/uptime", SMALL_FILE), StandardCharsets.US_ASCII);
    int end = uptime.indexOf(' ');
    return (long)
        (Double.parseDouble(end < 0 ? uptime.strip() : uptime.substring(0, end))
            * TICKS_PER_SECOND);
  }

  /** Returns how many processes have not let themselves be read. */
  int stuckReads() {
    return memory.stuckReads();
  }

  /**
   * Looks at every process.
   *
   * @param stopping whether to end early, with what has been found
   * @throws ErrnoException where /proc cannot be listed
   */
  Scan scan(BooleanSupplier stopping) throws ErrnoException {
    Map<Integer, Known> now = new HashMap<>();
    List<HostProcess> processes = new ArrayList<>();
    int unreadable = 0;
    for (int pid : pids()) {
      if (stopping.getAsBoolean()) {
        break;
      }
      ProcessStat stat = stat(pid);
      if (stat == null || stat.kernelThread() || stat.hasEnded()) {
        continue;
      }
      Known found = look(stat, known.get(pid));
      now.put(pid, found);
      if (!found.executable().readable()) {
        unreadable++;
      }
      if (found.process() != null) {
        processes.add(found.process());
      }
    }
    known = now;
    return new Scan(processes, unreadable);
  }

  private List<Integer> pids() throws ErrnoException {
    try (Descriptor directory = files.openDirectory(proc)) {
      List<Integer> pids = new ArrayList<>();
      for (String name : files.list(directory)) {
        if (!name.isEmpty()
            && name.length() < 10
            && name.chars().allMatch(c -> c >= '0' && c <= '9')) {
          pids.add(Integer.valueOf(name));
        }
      }
      return pids;
    }
  }

  private @Nullable ProcessStat stat(int pid) {
    String text = text(pid, "stat");
    ProcessStat stat = text == null ? null : ProcessStat.parse(text);
    return stat == null || stat.pid() != pid ? null : stat;
  }

  private Known look(ProcessStat stat, @Nullable Known before) {
    boolean same = before != null && before.stat().startTicks() == stat.startTicks();
    if (same && before != null && stat.state() == 'Z') {
      // The main thread has ended, the others go on: only they still have a memory.
      return before;
    }
    Executable executable = executable(stat.pid());
    if (same
        && before != null
        && before.process() != null
        && before.stat().name().equals(stat.name())
        && before.executable().equals(executable)) {
      return new Known(stat, executable, before.process().withParent(stat.parent()), 0);
    }
    int waited = same && before != null ? before.passesWaited() : 0;
    CommandLine commandLine = commandLine(stat, waited);
    if (commandLine == null) {
      return new Known(stat, executable, null, waited + 1);
    }
    return new Known(stat, executable, describe(stat, executable, commandLine), waited);
  }

  private HostProcess describe(ProcessStat stat, Executable executable, CommandLine commandLine) {
    int pid = stat.pid();
    String name = text(pid, "comm");
    String cgroup = text(pid, "cgroup");
    Software software =
        SoftwareRules.of(
            executable.path(), commandLine, name == null ? stat.name() : stripNewline(name));
    return new HostProcess(
        pid,
        stat.startTicks(),
        stat.parent(),
        boot.plusMillis(stat.startTicks() * (1000 / TICKS_PER_SECOND)),
        executable.path(),
        executable.deleted(),
        commandLine,
        uid(pid),
        cgroup == null ? CgroupOwner.NONE : CgroupOwner.ofProcess(cgroup),
        software,
        version(stat, software));
  }

  private Executable executable(int pid) {
    try {
      String target = files.readLink(proc + "/" + pid + "/exe");
      boolean deleted = target.endsWith(DELETED);
      return new Executable(
          deleted ? target.substring(0, target.length() - DELETED.length()) : target,
          deleted,
          true);
    } catch (ErrnoException e) {
      boolean denied = e.errno() == Errno.EACCES || e.errno() == Errno.EPERM;
      return new Executable(null, false, !denied);
    }
  }

  /** Returns null where it is better asked later. */
  private @Nullable CommandLine commandLine(ProcessStat stat, int passesWaited) {
    if (stat.mayBlockReaders()) {
      return passesWaited < PASSES_TO_WAIT ? null : CommandLine.UNKNOWN;
    }
    byte[] content = memory.read(path(stat.pid(), "cmdline"), COMMAND_LINE_LIMIT);
    return content == null ? CommandLine.UNKNOWN : CommandLine.parse(content, COMMAND_LINE_LIMIT);
  }

  private @Nullable String version(ProcessStat stat, Software software) {
    if (!readsEnvironment || software.versionVariables().isEmpty() || stat.mayBlockReaders()) {
      return null;
    }
    byte[] content = memory.read(path(stat.pid(), "environ"), ENVIRONMENT_LIMIT);
    return content == null ? null : Environment.version(content, software.versionVariables());
  }

  /** The effective uid, the second one: who the process acts as. */
  private @Nullable Long uid(int pid) {
    String status = text(pid, "status");
    if (status == null) {
      return null;
    }
    for (String line : status.split("\n", -1)) {
      if (line.startsWith("Uid:")) {
        String[] ids = line.substring("Uid:".length()).strip().split("\\s+", -1);
        return ids.length > 1 && ids[1].matches("\\d{1,10}") ? Long.valueOf(ids[1]) : null;
      }
    }
    return null;
  }

  /** Returns a file's text; null where the process has ended or does not let it be read. */
  private @Nullable String text(int pid, String file) {
    try {
      return new String(files.readAll(path(pid, file), SMALL_FILE), StandardCharsets.UTF_8);
    } catch (ErrnoException endedOrDenied) {
      return null;
    }
  }

  private String path(int pid, String file) {
    return proc + "/" + pid + "/" + file;
  }

  private static String stripNewline(String text) {
    return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
  }

  @Override
  public void close() {
    memory.close();
  }
}
