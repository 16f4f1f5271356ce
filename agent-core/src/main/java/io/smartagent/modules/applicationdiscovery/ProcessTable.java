package io.smartagent.modules.applicationdiscovery;

import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.modules.applicationdiscovery.Software.Role;
import io.smartagent.modules.cgroup.CgroupOwner;
import io.smartagent.modules.container.Containers;
import io.smartagent.modules.process.PatientReader;
import io.smartagent.modules.process.ProcessFiles;
import io.smartagent.modules.process.ProcessImage;
import io.smartagent.modules.process.ProcessStat;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the processes of the host from its procfs. What is known of a process is kept until it ends
 * or executes another program, so a pass over a host where nothing changes reads two small files of
 * each process, and none of its memory.
 *
 * <p>The files of a process are read one after the other, and it may execute another program at any
 * time between. So what is read counts only where /proc/PID/stat shows the same {@link
 * ProcessImage} before and after. Without the right to see that, name and executable are compared,
 * and a process that was young is looked at once more.
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

  /** How often a process that executes another program meanwhile is read in one look. */
  private static final int ATTEMPTS = 3;

  /**
   * Until this age, in hundredths of a second, a process is likely to execute another program: a
   * shell its command, a child of fork(2) what it was made for.
   */
  static final long SETTLED_TICKS = 100;

  private static final int LONGEST_PATH = 512;

  private static final String DELETED = " (deleted)";

  private final Filesystem files;
  private final ProcessFiles processes;
  private final Containers containers;
  private final Instant boot;
  private final boolean randomised;
  private final PatientReader memory = new PatientReader(PATIENCE);
  private Map<Integer, Known> known = new HashMap<>();
  private int characters;

  /**
   * What was found of a process, and by what to see that it is another one now.
   *
   * @param process null where it could not be read yet
   * @param passesWaited how many passes could not read it as it is now
   * @param complete whether another look would find the same
   */
  private record Known(
      ProcessStat stat,
      Executable executable,
      @Nullable HostProcess process,
      int passesWaited,
      boolean complete) {

    /** Returns this, seen once more: the process has executed nothing. */
    Known at(ProcessStat now, Executable link) {
      HostProcess same =
          process == null ? null : process.with(now.parent(), link.path(), link.deleted());
      return new Known(now, link, same, passesWaited, complete);
    }

    /** Returns this, to be looked at again. */
    Known after(int passes) {
      return new Known(stat, executable, process, passes, false);
    }
  }

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
    this.randomised = isRandomised(files, root);
  }

  /** Without randomisation two programs may have their arguments at the same addresses. */
  private static boolean isRandomised(Filesystem files, String root) {
    try {
      byte[] content = files.readAll(root + "/proc/sys/kernel/randomize_va_space", 16);
      return !new String(content, StandardCharsets.US_ASCII).strip().equals("0");
    } catch (ErrnoException unknown) {
      return true;
    }
  }

  private @Nullable ProcessStat stat(int pid) {
    ProcessStat stat = processes.stat(pid);
    return stat == null || randomised ? stat : stat.withHiddenImage();
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
    long uptime = uptimeTicks();
    for (int pid : processes.pids()) {
      if (stopping.getAsBoolean()) {
        break;
      }
      if (now.size() >= PROCESSES_AT_MOST) {
        leftOut++;
        continue;
      }
      ProcessStat stat = stat(pid);
      if (stat == null || stat.kernelThread() || stat.hasEnded()) {
        continue;
      }
      Known process = look(stat, known.get(pid), uptime - stat.startTicks() < SETTLED_TICKS);
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
   * @return null where it has ended already, executes a further program just now, which is an event
   *     of its own, or is better asked later
   */
  @Nullable HostProcess lookAtOnce(int pid) {
    ProcessStat stat = stat(pid);
    if (stat == null || stat.kernelThread() || stat.hasEnded()) {
      return null;
    }
    Known before = known.get(pid);
    // The event may be of a program that a look has found before the event was handled.
    boolean seen = before != null && before.stat().image().isSameAs(stat.image());
    Known fresh = look(stat, seen ? before : null, true);
    HostProcess process = fresh.process();
    if (process == null) {
      return null;
    }
    if (process.software().role() != Role.RECOGNISED) {
      known.remove(pid);
    } else if (before != null || known.size() < PROCESSES_AT_MOST) {
      known.put(pid, fresh);
    }
    return process;
  }

  /**
   * Returns whether a process still executes the program that it was looked at with. True too where
   * it has ended: no other program has taken its place.
   */
  boolean isCurrent(HostProcess process) {
    ProcessStat stat = stat(process.pid());
    if (stat == null
        || stat.hasEnded()
        || stat.exiting()
        || stat.startTicks() != process.startTicks()) {
      return true;
    }
    return stat.image().equals(process.image())
        && (stat.image().visible()
            || Objects.equals(executable(process.pid()).path(), process.executable()));
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
    return stat(pid);
  }

  /** Returns the container and pod that a process is in, as far as it can be told. */
  CgroupOwner owner(int pid) {
    HostProcess found = find(pid);
    return found == null ? containers.owner(processes, pid) : found.owner();
  }

  /**
   * Looks at a process.
   *
   * @param before what the last look found; null where there was none, or where it does not count
   * @param young whether the process is likely to execute another program soon
   */
  private Known look(ProcessStat first, @Nullable Known before, boolean young) {
    Known last = before != null && before.stat().startTicks() == first.startTicks() ? before : null;
    if (last != null && (first.state() == 'Z' || first.exiting())) {
      // The main thread has ended, the others go on: only they still have a memory.
      return last;
    }
    ProcessStat stat = first;
    Executable executable = executable(stat.pid());
    if (last != null && last.complete() && isSame(last, stat, executable)) {
      return last.at(stat, executable);
    }
    int waited = last == null ? 0 : last.passesWaited();
    Known found = null;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      CommandLine commandLine = commandLine(stat, waited);
      if (commandLine == null) {
        break;
      }
      HostProcess process = describe(stat, executable, commandLine);
      boolean complete = isComplete(stat, young);
      found = new Known(stat, executable, process, complete ? 0 : waited, complete);
      ProcessStat after = stat(stat.pid());
      if (after == null || hasEnded(after, stat)) {
        // Nothing is left to compare with. Without a command line it had ended before this look.
        if (commandLine.arguments().isEmpty()) {
          break;
        }
        return accept(found, process, last);
      }
      // The image alone is enough where it is shown.
      Executable executableAfter =
          found.stat().image().isSameAs(after.image()) ? executable : executable(stat.pid());
      if (isSame(found, after, executableAfter) && !isExecuting(after, commandLine, young)) {
        return accept(found, process, last);
      }
      stat = after;
      executable = executableAfter;
    }
    if (found != null && waited >= PASSES_TO_WAIT) {
      return found.after(waited);
    }
    // What was known stands until more is known: a process does not end by being busy.
    return last != null && last.process() != null
        ? last.after(waited + 1)
        : new Known(stat, executable, null, waited + 1, false);
  }

  private Known accept(Known found, HostProcess process, @Nullable Known last) {
    characters += process.charactersOfCommandLine();
    return last != null && isTitle(last, found)
        ? new Known(found.stat(), found.executable(), last.process(), 0, found.complete())
        : found;
  }

  private static boolean hasEnded(ProcessStat now, ProcessStat before) {
    return now.hasEnded() || now.exiting() || now.startTicks() != before.startTicks();
  }

  /** Returns whether a process has executed nothing since a look, as far as can be seen. */
  private static boolean isSame(Known look, ProcessStat stat, Executable executable) {
    ProcessStat then = look.stat();
    return then.image().isSameAs(stat.image())
        || (!then.image().visible()
            && then.image().equals(stat.image())
            && then.name().equals(stat.name())
            && look.executable().equals(executable));
  }

  /** Returns whether another look would find the same while the process executes nothing. */
  private static boolean isComplete(ProcessStat stat, boolean young) {
    return !stat.mayBlockReaders() && (stat.image().visible() || !young);
  }

  /** Returns whether a command line is empty because execve(2) has not set it up yet. */
  private static boolean isExecuting(ProcessStat stat, CommandLine commandLine, boolean young) {
    return commandLine.arguments().isEmpty()
        && stat.state() != 'Z'
        && (stat.image().visible() ? stat.image().isIncomplete() : young);
  }

  /**
   * Returns whether a process has most likely written a title over its arguments, and executed
   * nothing: the same name and executable, and one argument instead of several.
   */
  private static boolean isTitle(Known last, Known now) {
    HostProcess before = last.process();
    HostProcess after = now.process();
    return before != null
        && after != null
        && !now.stat().image().visible()
        && isSame(last, now.stat(), now.executable())
        && before.commandLine().size() > 1
        && after.commandLine().size() == 1;
  }

  private HostProcess describe(ProcessStat stat, Executable executable, CommandLine commandLine) {
    int pid = stat.pid();
    String name = processes.text(pid, "comm");
    Software software =
        SoftwareRules.of(
            executable.path(), commandLine, name == null ? stat.name() : stripNewline(name));
    boolean fits = characters < CHARACTERS_AT_MOST;
    List<String> shown = fits ? commandLine.shown() : List.of("…");
    return new HostProcess(
        pid,
        stat.startTicks(),
        stat.image(),
        stat.parent(),
        boot.plusMillis(stat.startTicks() * (1000 / ProcessStat.TICKS_PER_SECOND)),
        executable.path(),
        executable.deleted(),
        shown,
        uid(pid),
        containers.owner(processes, pid),
        software);
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
