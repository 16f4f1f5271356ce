package io.smartagent.modules.applicationdiscovery;

import io.smartagent.kernel.net.ProcessEvent;
import io.smartagent.limit.BoundedMap;
import io.smartagent.limit.TokenBucket;
import io.smartagent.modules.applicationdiscovery.Software.Role;
import io.smartagent.modules.cgroup.CgroupOwner;
import io.smartagent.modules.process.ProcessStat;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Follows what the kernel tells of processes. A process that executes a program is looked at while
 * it lives; one that had ended by then is told by what is left of it. Both at a bounded rate: what
 * is beyond it, the next scan finds if it still lives then.
 */
final class ProcessWatch {

  private static final int LOOKS_PER_SECOND = 100;
  private static final int LOOKS_AT_ONCE = 300;
  private static final double VANISHED_PER_SECOND = 0.5;
  private static final int VANISHED_AT_ONCE = 30;
  private static final int REMEMBERED = 2048;

  private final ProcessTable table;
  private final RunningApplications running;
  private final Function<HostProcess, @Nullable Details> inspector;
  private final Vanishing sink;
  private final LongSupplier nanoTime;
  private final TokenBucket looks;
  private final TokenBucket looksAtCommands;
  private final TokenBucket reports;
  private final Map<Integer, Integer> parents = bounded();
  private final Map<Integer, VanishedProcess> vanished = bounded();

  /** Processes of which a scan will find out more, if they live until then. */
  private final Set<Integer> awaited = new HashSet<>();

  private boolean lookedAway;
  private long missed;

  /** Is told of a process that has vanished. */
  @FunctionalInterface
  interface Vanishing {
    /** Takes it with how it ended and its parent's container. */
    void accept(VanishedProcess process, ExitStatus status, CgroupOwner owner);
  }

  ProcessWatch(
      ProcessTable table,
      RunningApplications running,
      Function<HostProcess, @Nullable Details> inspector,
      Vanishing sink,
      LongSupplier nanoTime) {
    this.table = table;
    this.running = running;
    this.inspector = inspector;
    this.sink = sink;
    this.nanoTime = nanoTime;
    this.looks = TokenBucket.perSecond(LOOKS_AT_ONCE, LOOKS_PER_SECOND, nanoTime.getAsLong());
    this.looksAtCommands =
        TokenBucket.perSecond(LOOKS_AT_ONCE, LOOKS_PER_SECOND, nanoTime.getAsLong());
    this.reports =
        TokenBucket.perSecond(VANISHED_AT_ONCE, VANISHED_PER_SECOND, nanoTime.getAsLong());
  }

  private static <T> Map<Integer, T> bounded() {
    return BoundedMap.ofNewest(REMEMBERED);
  }

  /** Takes an event. */
  void accept(ProcessEvent event) {
    switch (event) {
      case ProcessEvent.Fork fork -> parents.put(fork.pid(), fork.parent());
      case ProcessEvent.Exec exec -> executes(exec.pid());
      case ProcessEvent.Exit exit ->
          ended(exit.pid(), ExitStatus.of(exit.exitCode(), exit.signal()));
    }
  }

  private void executes(int pid) {
    vanished.remove(pid);
    // So a storm of commands, as of a build, does not use up the looks at what matters.
    if (!(table.executesACommand(pid) ? looksAtCommands : looks).tryTake(nanoTime.getAsLong())) {
      missed++;
      lookedAway = true;
      return;
    }
    HostProcess process = table.lookAtOnce(pid);
    if (process == null) {
      remember(pid);
      return;
    }
    if (running.isTold(process)) {
      if (running.hasExecuted(process)) {
        inspect(process, details -> running.executed(process, details));
      }
      return;
    }
    Software software = process.software();
    if (software.role() == Role.RECOGNISED
        && !Applications.isWorker(process, table.find(process.parent()))) {
      inspect(process, details -> running.started(process, details));
      return;
    }
    running.ended(pid, ExitStatus.UNKNOWN);
    String container = process.owner().containerId();
    if (software.role() == Role.UNRECOGNISED
        && container != null
        && !running.knowsContainer(container)) {
      // It may be the container's first process: only a scan can tell.
      await(pid);
    }
  }

  private void inspect(HostProcess process, Consumer<Details> found) {
    Details details = inspector.apply(process);
    if (details == null) {
      // It executes a further program, which is an event of its own.
      missed++;
    } else {
      found.accept(details);
      await(process.pid());
    }
  }

  private void await(int pid) {
    if (awaited.size() < REMEMBERED) {
      awaited.add(pid);
    }
  }

  /**
   * It has ended, or executes a further program, which is an event of its own, or waits
   * uninterruptibly, as for the disk that its program is on: then a scan finds it.
   */
  private void remember(int pid) {
    ProcessStat remains = table.remains(pid);
    Integer parent = remains == null ? parents.get(pid) : Integer.valueOf(remains.parent());
    Software software =
        remains == null ? null : SoftwareRules.of(null, CommandLine.UNKNOWN, remains.name());
    vanished.put(pid, new VanishedProcess(pid, parent, software));
    if (remains != null && !remains.hasEnded() && isWorthReporting(software)) {
      await(pid);
    }
  }

  private void ended(int pid, ExitStatus status) {
    parents.remove(pid);
    awaited.remove(pid);
    table.forget(pid);
    boolean application = running.ended(pid, status);
    VanishedProcess process = vanished.remove(pid);
    // Of an application a scan has found more than is left of it.
    if (process != null && !application) {
      missed++;
      if (isWorthReporting(process.software()) && reports.tryTake(nanoTime.getAsLong())) {
        Integer parent = process.parent();
        sink.accept(process, status, parent == null ? CgroupOwner.NONE : table.owner(parent));
      }
    }
  }

  /** Commands by the dozen end sooner than anybody can look. */
  private static boolean isWorthReporting(@Nullable Software software) {
    return software == null || software.role() == Role.RECOGNISED;
  }

  /** Returns whether a scan would find more than was told. */
  boolean wantsScan() {
    return lookedAway || !awaited.isEmpty();
  }

  /** Takes that there was a scan. */
  void scanned() {
    lookedAway = false;
    awaited.clear();
  }

  /** Takes that events were lost. */
  void lookAway() {
    lookedAway = true;
  }

  /** Returns how many programs were executed that nobody could look at. */
  long missed() {
    return missed;
  }
}
