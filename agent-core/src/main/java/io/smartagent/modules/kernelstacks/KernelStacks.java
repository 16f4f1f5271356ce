package io.smartagent.modules.kernelstacks;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.module.EventOwner;
import io.smartagent.module.Module;
import io.smartagent.module.ModuleContext;
import io.smartagent.modules.cgroup.CgroupOwner;
import io.smartagent.modules.container.ContainerAttributes;
import io.smartagent.modules.container.Containers;
import io.smartagent.modules.kernellog.KernelLogOpener;
import io.smartagent.modules.kernelstacks.BlockedTasks.Ended;
import io.smartagent.modules.kernelstacks.BlockedTasks.Wait;
import io.smartagent.modules.kernelstacks.TaskScanner.Scan;
import io.smartagent.modules.process.ProcessFiles;
import io.smartagent.modules.process.ProcessStat;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Reports tasks that wait in the kernel for too long, with their kernel stacks. Who waits is found
 * by looking at the states of all tasks again and again; where it waits, by the chosen source. The
 * events and metrics are described in {@link KernelStacksTelemetry}.
 */
public final class KernelStacks implements Module {

  private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(5);
  private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(500);

  /** A pass over a large host takes longer: this is the part of the time that it may take. */
  private static final int PART_OF_TIME = 20;

  /** Two looks within the time are the least that shows that a task has not run. */
  private static final int LOOKS_BEFORE_TOLD = 2;

  private final KernelLogOpener opener;

  /** A module is made for one run. */
  public KernelStacks() {
    this(KernelLogOpener::bySource);
  }

  KernelStacks(KernelLogOpener opener) {
    this.opener = opener;
  }

  @Override
  public void run(ModuleContext context) throws ErrnoException {
    Filesystem files = context.kernel().filesystem();
    ProcessFiles processes = new ProcessFiles(files, context.root());
    TaskScanner scanner = new TaskScanner(files, processes);
    Frozen frozen = new Frozen(files, processes, context.root());
    BlockedTasks blocked =
        new BlockedTasks(context.settings().get(KernelStacksDefinition.BLOCKED_TASK));
    Containers containers = new Containers(context);
    IntFunction<CgroupOwner> owners = pid -> containers.owner(processes, pid);
    BlockedTaskEvents events = new BlockedTaskEvents(context.source());
    StackMetrics metrics = new StackMetrics(context.metrics());
    try (PlaceReader places = places(context, processes)) {
      Duration pass;
      do {
        long begin = System.nanoTime();
        Scan scan = scanner.scan(blocked.waiting(), context::isStopping);
        if (context.isStopping()) {
          return;
        }
        Duration now = uptime(processes);
        blocked.look(scan.waiting(), now, task -> exists(processes, task));
        places.refresh(now).forEach(blocked::tellAgain);
        Instant time = Instant.now();
        int told = 0;
        Map<Integer, Boolean> frozenProcesses = new HashMap<>();
        for (Wait wait : blocked.due()) {
          // Before its stack is read, which costs more: a paused container may have many threads.
          if (frozenProcesses.computeIfAbsent(wait.task().pid(), frozen::isFrozen)) {
            blocked.excuse(wait);
          } else if (told < BlockedTasks.TOLD_IN_A_LOOK) {
            Place place = places.place(wait);
            if (Frozen.isFrozen(place)) {
              blocked.excuse(wait);
            } else {
              context.emit(
                  events.blocked(
                      wait.task(),
                      wait.blocked(),
                      wait.isTold(),
                      place,
                      owner(containers, wait.owner(owners)),
                      time));
              blocked.told(wait);
              told++;
            }
          }
        }
        for (Ended ended : blocked.takeEnded()) {
          Wait over = ended.over();
          context.emit(
              events.ended(
                  over.task(),
                  over.blocked(),
                  ended.ran(),
                  owner(containers, over.owner(owners)),
                  time));
        }
        pass = Duration.ofNanos(System.nanoTime() - begin);
        metrics.show(blocked.blocked(), scan, wait -> wait.owner(owners), pass);
        context.observed(summary(blocked.blocked(), scan));
        context.degraded(places.degraded());
      } while (context.pause(
          interval(context.settings().get(KernelStacksDefinition.BLOCKED_TASK), pass)));
    }
  }

  private PlaceReader places(ModuleContext context, ProcessFiles processes) throws ErrnoException {
    return switch (context.source()) {
      case KernelStacksDefinition.PROC_STACK -> new ProcPlaces(processes, true);
      case KernelStacksDefinition.WCHAN -> new ProcPlaces(processes, false);
      case KernelStacksDefinition.KMSG, KernelStacksDefinition.SYSLOG ->
          new LogPlaces(opener.open(context));
      case KernelStacksDefinition.STATES -> wait -> Place.UNKNOWN;
      default ->
          throw new IllegalArgumentException("kernel-stacks has no source " + context.source());
    };
  }

  private static EventOwner owner(Containers containers, CgroupOwner owner) {
    return ContainerAttributes.of(owner, containers.identify(owner));
  }

  private static Duration uptime(ProcessFiles processes) throws ErrnoException {
    return Duration.ofMillis(processes.uptimeTicks() * (1000 / ProcessStat.TICKS_PER_SECOND));
  }

  /** Only asked of a task that was told of: has it gone on, or is it gone. */
  private static boolean exists(ProcessFiles processes, WaitingTask task) {
    String text = processes.text(task.pid(), "task/" + task.tid() + "/stat");
    ProcessStat stat = text == null ? null : ProcessStat.parse(text);
    return stat != null && stat.startTicks() == task.startTicks() && !stat.hasEnded();
  }

  private static Duration interval(Duration blockedAfter, Duration pass) {
    Duration wished = blockedAfter.dividedBy(LOOKS_BEFORE_TOLD);
    Duration interval = wished.compareTo(LONGEST_INTERVAL) > 0 ? LONGEST_INTERVAL : wished;
    Duration least = pass.multipliedBy(PART_OF_TIME);
    least = least.compareTo(SHORTEST_INTERVAL) > 0 ? least : SHORTEST_INTERVAL;
    return interval.compareTo(least) > 0 ? interval : least;
  }

  private static String summary(List<Wait> blocked, Scan scan) {
    int waiting = scan.waiting().size() + scan.leftOut();
    return blocked.size()
        + (blocked.size() == 1 ? " blocked task, " : " blocked tasks, ")
        + waiting
        + " in uninterruptible sleep";
  }
}
