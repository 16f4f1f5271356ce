package io.smartagent.modules.hostevents;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.module.Module;
import io.smartagent.module.ModuleContext;
import io.smartagent.modules.kernellog.KernelLogOpener;
import io.smartagent.modules.kernellog.KernelLogSource;
import io.smartagent.modules.kernellog.KernelTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Reports what the kernel says has gone wrong, from its log or, without it, from counters; and what
 * the state of file systems shows, which needs neither. The events and metrics are described in
 * {@link HostEventsTelemetry}.
 */
public final class HostEvents implements Module {

  private static final Duration LOG_INTERVAL = Duration.ofSeconds(1);
  private static final Duration COUNTER_INTERVAL = Duration.ofSeconds(1);

  /** Looking for new cgroups costs more than reading those that are known, and so do the mounts. */
  private static final int LOOKS_FOR_EACH_SEARCH = 5;

  private static final int FILE_LIMIT = 1 << 20;

  private final KernelLogOpener opener;

  /** A module is made for one run. */
  public HostEvents() {
    this(KernelLogOpener::bySource);
  }

  HostEvents(KernelLogOpener opener) {
    this.opener = opener;
  }

  @Override
  public void run(ModuleContext context) throws ErrnoException {
    if (context.source().equals(HostEventsDefinition.COUNTERS)) {
      followCounters(context);
    } else {
      try (KernelLogSource log = opener.open(context)) {
        follow(context, log);
      }
    }
  }

  /** Reports what the log says until the module has to stop. */
  private static void follow(ModuleContext context, KernelLogSource log) throws ErrnoException {
    Filesystem files = context.kernel().filesystem();
    MountedFilesystems mounted = new MountedFilesystems(files, context.root());
    FilesystemWatch watch = new FilesystemWatch(files, context.root(), mounted);
    EventReporter reporter = new EventReporter(context, new HostEventFactory(context, mounted));
    KernelLogInterpreter interpreter = new KernelLogInterpreter();
    Instant earliest = Instant.EPOCH;
    Instant caughtUpAt = Instant.EPOCH;
    boolean historical = true;
    int look = 0;
    while (!context.isStopping()) {
      KernelLogSource.Batch batch = log.poll();
      Instant now = Instant.now();
      reporter.lost(batch.lost());
      List<KernelReport> reports = new ArrayList<>(interpreter.interpret(batch.lines()));
      if (batch.caughtUp()) {
        reports.addAll(historical ? interpreter.finish() : interpreter.caughtUp());
      }
      if (!reports.isEmpty()) {
        KernelTime time = kernelTime(files, context.root(), now);
        for (KernelReport report : reports) {
          reporter.report(report, time.at(report.microseconds(), earliest, now), historical);
        }
      }
      if (batch.caughtUp()) {
        if (historical) {
          reporter.endHistory();
          reporter.reading();
        }
        // What is reported now may have been there at the last look, without all that belongs to
        // it.
        earliest = historical ? now : caughtUpAt;
        caughtUpAt = now;
        historical = false;
        if (look++ % LOOKS_FOR_EACH_SEARCH == 0) {
          watch.look().forEach(report -> reporter.report(report, now));
        }
        reporter.reportRepeated(now);
        if (!context.pause(LOG_INTERVAL)) {
          return;
        }
      }
    }
  }

  /** Read anew each time: the wall clock may have been set. */
  private static KernelTime kernelTime(Filesystem files, String root, Instant now)
      throws ErrnoException {
    String uptime =
        new String(files.readAll(root + "/proc/uptime", FILE_LIMIT), StandardCharsets.UTF_8);
    return KernelTime.of(uptime, now);
  }

  /**
   * The counters do not show when they were counted: what they show at the start is only what later
   * looks are compared with.
   */
  private static void followCounters(ModuleContext context) {
    Filesystem files = context.kernel().filesystem();
    MountedFilesystems mounted = new MountedFilesystems(files, context.root());
    FilesystemWatch watch = new FilesystemWatch(files, context.root(), mounted);
    HostEventFactory factory = new HostEventFactory(context, mounted);
    EventReporter reporter = new EventReporter(context, factory);
    CounterReader reader =
        new CounterReader(files, context.root(), factory.containers()::ownerOfPath);
    List<String> cgroups = reader.findCgroups();
    Counters before = reader.read(cgroups);
    if (before.oomKills() == null && before.hungTasks() == null && cgroups.isEmpty()) {
      context.degraded(
          "This kernel has no counters of OOM kills or hung tasks, and no memory cgroup of a"
              + " container is to be seen, so only file systems are watched. Add the capability"
              + " SYSLOG to read the kernel's log.");
    }
    reporter.reading();
    long ahead = 0;
    for (int look = 1; ; look++) {
      if (look % LOOKS_FOR_EACH_SEARCH == 1) {
        Instant time = Instant.now();
        watch.look().forEach(report -> reporter.report(report, time));
      }
      if (!context.pause(COUNTER_INTERVAL)) {
        return;
      }
      if (look % LOOKS_FOR_EACH_SEARCH == 0) {
        cgroups = reader.findCgroups();
      }
      Counters now = reader.read(cgroups);
      List<CounterReport> reports = now.since(before, ahead);
      ahead = now.aheadOf(before, ahead, reports);
      before = now;
      Instant time = Instant.now();
      reports.forEach(report -> reporter.report(report, time));
      reporter.reportRepeated(time);
    }
  }
}
