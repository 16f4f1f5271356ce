package io.smartagent.modules.hostevents;

import io.prometheus.metrics.core.metrics.Counter;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.module.Event;
import io.smartagent.module.Module;
import io.smartagent.module.ModuleContext;
import io.smartagent.modules.cgroup.CgroupOwner;
import io.smartagent.modules.hostevents.KernelReport.HungTask;
import io.smartagent.modules.hostevents.KernelReport.OomKill;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports OOM kills and hung tasks, from the kernel's log or, without it, from counters. The events
 * are described in {@link HostEventTypes}. Only lines that the kernel itself wrote are believed.
 *
 * <p>Metrics: {@code smartagent_host_events_total} by type counts what has happened since the
 * module started; {@code smartagent_kernel_log_records_lost_total} counts records that were
 * overwritten before they could be read.
 */
public final class HostEvents implements Module {

  private static final Logger LOGGER = LoggerFactory.getLogger(HostEvents.class);

  private static final Duration LOG_INTERVAL = Duration.ofSeconds(1);
  private static final Duration COUNTER_INTERVAL = Duration.ofSeconds(1);

  /** Looking for new cgroups costs more than reading those that are known. */
  private static final int LOOKS_FOR_EACH_SEARCH = 5;

  private static final int FILE_LIMIT = 1 << 20;

  /** A module is made for one run. */
  @Override
  public void run(ModuleContext context) throws ErrnoException {
    switch (context.source()) {
      case HostEventsDescriptor.KMSG -> {
        try (KernelLogSource log =
            new KmsgSource(context.kernel().log(), context.root() + "/dev/kmsg")) {
          follow(context, log);
        }
      }
      case HostEventsDescriptor.SYSLOG -> {
        try (KernelLogSource log = new SyslogSource(context.kernel().log())) {
          follow(context, log);
        }
      }
      case HostEventsDescriptor.COUNTERS -> followCounters(context);
      default ->
          throw new IllegalArgumentException("host-events has no source " + context.source());
    }
  }

  /** Reports what the log says until the module has to stop. */
  static void follow(ModuleContext context, KernelLogSource log) throws ErrnoException {
    Told told = new Told(context);
    Filesystem files = context.kernel().filesystem();
    KernelLogInterpreter interpreter = new KernelLogInterpreter();
    Instant earliest = Instant.EPOCH;
    boolean historical = true;
    while (!context.isStopping()) {
      KernelLogSource.Batch batch = log.poll();
      Instant now = Instant.now();
      told.lost(batch.lost());
      List<KernelReport> reports = new ArrayList<>(interpreter.interpret(batch.lines()));
      if (batch.caughtUp()) {
        reports.addAll(interpreter.caughtUp());
      }
      if (!reports.isEmpty()) {
        KernelTime time = kernelTime(files, context.root(), now);
        for (KernelReport report : reports) {
          Instant at = time.at(report.microseconds(), earliest, now);
          told.tell(event(report, at, context, historical), historical);
        }
      }
      if (batch.caughtUp()) {
        if (historical) {
          told.reading();
        }
        historical = false;
        earliest = now;
        if (!context.pause(LOG_INTERVAL)) {
          return;
        }
      }
    }
  }

  private static Event event(
      KernelReport report, Instant time, ModuleContext context, boolean historical) {
    return switch (report) {
      case OomKill kill -> HostEventTypes.of(kill, time, context.source(), historical);
      case HungTask task ->
          HostEventTypes.of(
              task,
              ownerOf(task, context.kernel().filesystem(), context.root()),
              time,
              context.source(),
              historical);
    };
  }

  /** A hung task is still there, unless this is history: then its number may be another's. */
  private static CgroupOwner ownerOf(HungTask task, Filesystem files, String root) {
    String directory = root + "/proc/" + task.pid();
    try {
      String name = text(files, directory + "/comm");
      return name.equals(task.process() + "\n")
          ? CgroupOwner.ofProcess(text(files, directory + "/cgroup"))
          : CgroupOwner.NONE;
    } catch (ErrnoException ended) {
      return CgroupOwner.NONE;
    }
  }

  /** Read anew each time: somebody may have set the wall clock. */
  private static KernelTime kernelTime(Filesystem files, String root, Instant now)
      throws ErrnoException {
    return KernelTime.of(text(files, root + "/proc/uptime"), now);
  }

  private static String text(Filesystem files, String path) throws ErrnoException {
    return new String(files.readAll(path, FILE_LIMIT), StandardCharsets.UTF_8);
  }

  /**
   * The counters do not tell when they were counted: what they show at the start is only what later
   * looks are compared with.
   */
  private static void followCounters(ModuleContext context) {
    Told told = new Told(context);
    CounterReader reader = new CounterReader(context.kernel().filesystem(), context.root());
    List<String> cgroups = reader.findCgroups();
    Counters before = reader.read(cgroups);
    if (before.oomKills() == null && before.hungTasks() == null && cgroups.isEmpty()) {
      context.trouble(
          "This kernel has no counters of OOM kills or hung tasks, and no memory cgroup of a"
              + " container is to be seen, so nothing can be reported. Add the capability SYSLOG to"
              + " read the kernel's log.");
    }
    told.reading();
    long ahead = 0;
    for (int look = 1; context.pause(COUNTER_INTERVAL); look++) {
      if (look % LOOKS_FOR_EACH_SEARCH == 0) {
        cgroups = reader.findCgroups();
      }
      Counters now = reader.read(cgroups);
      List<CounterReport> reports = now.since(before, ahead);
      ahead = now.aheadOf(before, ahead, reports);
      before = now;
      Instant time = Instant.now();
      for (CounterReport report : reports) {
        told.tell(
            switch (report) {
              case CounterReport.OomKills kills -> HostEventTypes.of(kills, time, context.source());
              case CounterReport.HungTasks tasks ->
                  HostEventTypes.of(tasks, time, context.source());
            },
            false);
      }
    }
  }

  /** What the module has told, and to whom. */
  private static final class Told {

    private final ModuleContext context;
    private final Counter events;
    private final Counter lost;
    private boolean any;

    Told(ModuleContext context) {
      this.context = context;
      events =
          Counter.builder()
              .name("smartagent_host_events_total")
              .help("What the kernel said had gone wrong since the module started")
              .labelNames("type")
              .register(context.metrics());
      for (String type :
          List.of(
              HostEventTypes.POD_OOM_KILLING,
              HostEventTypes.OOM_KILLING,
              HostEventTypes.TASK_HUNG)) {
        events.initLabelValues(type);
      }
      lost =
          Counter.builder()
              .name("smartagent_kernel_log_records_lost_total")
              .help("Records of the kernel's log that were overwritten before they could be read")
              .register(context.metrics());
    }

    void reading() {
      if (!any) {
        context.observed("no event yet");
      }
    }

    void tell(Event event, boolean historical) {
      any = true;
      context.emit(event);
      if (!historical && event.attributes().get("count") instanceof Long count) {
        events.labelValues(event.type()).inc(count);
      }
      context.observed("last event " + event.type() + " at " + event.time());
    }

    void lost(long records) {
      if (records > 0) {
        lost.inc(records);
        LOGGER.warn(
            "{} records of the kernel's log were overwritten before they could be read: OOM kills or"
                + " hung tasks among them are not reported. A larger buffer helps: kernel parameter"
                + " log_buf_len.",
            records);
      }
    }
  }
}
