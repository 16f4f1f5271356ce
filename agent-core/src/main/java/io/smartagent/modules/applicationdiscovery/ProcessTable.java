package io.smartagent.modules.applicationdiscovery;

import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.modules.applicationdiscovery.Software.Role;
import io.smartagent.modules.cgroup.CgroupOwner;
import io.smartagent.modules.container.Containers;
import io.smartagent.modules.process.PatientReader;
import io.smartagent.modules.process.ProcessFiles;
import io.smartagent.modules.process.ProcessStat;
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

  /** Class paths are long, and what is run comes after them. */
  static final int COMMAND_LINE_LIMIT = 65536;

  /** More are not looked at: what is known of them would not fit into the agent's memory. */
  private static final int PROCESSES_AT_MOST = 20_000;

  /** What all command lines together may have; those that come later are told without. */
  private static final int CHARACTERS_AT_MOST = 4 << 20;

  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** For so many passes a process that waits uninterruptibly is not asked for its command line. */
  private static final int PASSES_TO_WAIT = 3;

  private static final int LONGEST_PATH = 512;

  private static final String DELETED = " (deleted)";

  private final Filesystem files;
  private final ProcessFiles processes;
  private final Containers containers;
  private final Instant boot;
  private final PatientReader memory = new PatientReader(PATIENCE);
  private Map<Integer, Known> known = new HashMap<>();
  private int characters;

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
   * @param leftOut how many were not looked at
   */
  record Scan(List<HostProcess> processes, int unreadableExecutables, int leftOut) {}

  /**
   * @param root the host's root, without a slash at its end
   * @throws ErrnoException where there is no procfs
   */
  ProcessTable(Filesystem files, String root, Containers containers) throws ErrnoException {
    this.files = files;
    this.containers = containers;
    this.processes = new ProcessFiles(files, root);
    this.boot =
        Instant.now()
            .minus(Duration.ofMillis(uptimeTicks() * (1000 / ProcessStat.TICKS_PER_SECOND)));
  }

  /** As {@link ProcessFiles#uptimeTicks}. */
  long uptimeTicks() throws ErrnoException {
    return processes.uptimeTicks();
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
    List<HostProcess> found = new ArrayList<>();
    int unreadable = 0;
    int leftOut = 0;
    int charactersNow = 0;
    for (int pid : processes.pids()) {
      if (stopping.getAsBoolean()) {
        break;
      }
      if (now.size() >= PROCESSES_AT_MOST) {
        leftOut++;
        continue;
      }
      ProcessStat stat = processes.stat(pid);
      if (stat == null || stat.kernelThread() || stat.hasEnded()) {
        continue;
      }
      Known process = look(stat, known.get(pid));
      now.put(pid, process);
      if (!process.executable().readable()) {
        unreadable++;
      }
      if (process.process() != null) {
        found.add(process.process());
        charactersNow += process.process().charactersOfCommandLine();
      }
    }
    known = now;
    characters = charactersNow;
    return new Scan(found, unreadable, leftOut);
  }

  /**
   * Looks at a process that has just executed a program. It is remembered only where a rule knows
   * the program: the next scan looks at the others, most of which have ended by then.
   *
   * @return null where it has ended already or is better asked later
   */
  @Nullable HostProcess lookAtOnce(int pid) {
    ProcessStat stat = processes.stat(pid);
    if (stat == null || stat.kernelThread() || stat.hasEnded()) {
      return null;
    }
    Known fresh = look(stat, null);
    HostProcess process = fresh.process();
    if (process != null && process.software().role() == Role.RECOGNISED) {
      if (known.size() < PROCESSES_AT_MOST) {
        known.put(pid, fresh);
      }
    }
    return process;
  }

  /**
   * Returns whether a process executes a program of which no rule knows a product or language: a
   * command, mostly. One link is read for it. False too where that cannot be read.
   */
  boolean executesACommand(int pid) {
    String path = executable(pid).path();
    return path != null
        && SoftwareRules.of(path, CommandLine.UNKNOWN, "").role() != Role.RECOGNISED;
  }

  /** Returns what the last look at a process has found; null where there was none. */
  @Nullable HostProcess find(int pid) {
    Known found = known.get(pid);
    return found == null ? null : found.process();
  }

  /** Forgets a process that has ended. */
  void forget(int pid) {
    known.remove(pid);
  }

  /**
   * Returns what is left of a process that has ended, while its parent has not asked for that: its
   * name and parent.
   */
  @Nullable ProcessStat remains(int pid) {
    return processes.stat(pid);
  }

  /** Returns the container and pod that a process is in, as far as it can be told. */
  CgroupOwner owner(int pid) {
    HostProcess found = find(pid);
    return found == null ? containers.owner(processes, pid) : found.owner();
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
      return new Known(stat, before.executable(), before.process().withParent(stat.parent()), 0);
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
    String name = processes.text(pid, "comm");
    Software software =
        SoftwareRules.of(
            executable.path(), commandLine, name == null ? stat.name() : stripNewline(name));
    boolean fits = characters < CHARACTERS_AT_MOST;
    List<String> shown = fits ? commandLine.shown() : List.of("…");
    HostProcess process =
        new HostProcess(
            pid,
            stat.startTicks(),
            stat.parent(),
            boot.plusMillis(stat.startTicks() * (1000 / ProcessStat.TICKS_PER_SECOND)),
            executable.path(),
            executable.deleted(),
            shown,
            uid(pid),
            containers.owner(processes, pid),
            software);
    characters += process.charactersOfCommandLine();
    return process;
  }

  private Executable executable(int pid) {
    try {
      String target = files.readLink(processes.path(pid, "exe"));
      boolean deleted = target.endsWith(DELETED);
      return new Executable(
          cut(deleted ? target.substring(0, target.length() - DELETED.length()) : target),
          deleted,
          true);
    } catch (ErrnoException e) {
      boolean denied = e.errno() == Errno.EACCES || e.errno() == Errno.EPERM;
      return new Executable(null, false, !denied);
    }
  }

  /** A path may have 4096 bytes, and as many processes as there may be have one: the name stays. */
  private static String cut(String path) {
    return path.length() <= LONGEST_PATH
        ? path
        : "…" + path.substring(path.length() - LONGEST_PATH);
  }

  /** Returns null where it is better asked later. */
  private @Nullable CommandLine commandLine(ProcessStat stat, int passesWaited) {
    if (stat.mayBlockReaders()) {
      return passesWaited < PASSES_TO_WAIT ? null : CommandLine.UNKNOWN;
    }
    byte[] content = memory.read(processes.path(stat.pid(), "cmdline"), COMMAND_LINE_LIMIT);
    return content == null ? CommandLine.UNKNOWN : CommandLine.parse(content, COMMAND_LINE_LIMIT);
  }

  /** The effective uid, the second one: who the process acts as. */
  private @Nullable Long uid(int pid) {
    String status = processes.text(pid, "status");
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

  private static String stripNewline(String text) {
    return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
  }

  @Override
  public void close() {
    memory.close();
  }
}
