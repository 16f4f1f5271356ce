package io.smartagent.modules.hostevents;

import io.prometheus.metrics.core.metrics.Counter;
import io.smartagent.limit.BoundedMap;
import io.smartagent.module.Event;
import io.smartagent.module.EventType;
import io.smartagent.module.ModuleContext;
import io.smartagent.modules.hostevents.KernelReport.FilesystemFault;
import io.smartagent.modules.hostevents.KernelReport.HungTask;
import io.smartagent.modules.hostevents.KernelReport.OomKill;
import io.smartagent.modules.hostevents.KernelReport.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports each fault once, whatever source has it and however often. */
final class EventReporter {

  private static final Logger LOGGER = LoggerFactory.getLogger(EventReporter.class);

  /** Between two reports that a task still hangs. */
  private static final Duration HANG_UPDATE = Duration.ofMinutes(5);

  private static final int MAX_HANGS = 1000;

  private final ModuleContext context;
  private final HostEventFactory factory;
  private final Counter events;
  private final Counter lost;
  private final EventDeduplicator deduplicator = new EventDeduplicator(this::emit);
  private final Map<String, Hang> hangs = BoundedMap.ofNewest(MAX_HANGS);
  private boolean any;

  /**
   * What the log has said of a hung task.
   *
   * @param reportedAt when it was reported last
   * @param lastAt when the log said so last
   * @param blockedSeconds what it said then
   */
  private record Hang(Instant reportedAt, Instant lastAt, long blockedSeconds) {

    /**
     * Returns whether the task has not run since. One that has run in between hangs anew, for a
     * shorter time. But kernels that do not know when a task has run last name their timeout each
     * time, and look for hung tasks as often.
     */
    boolean goesOn(Instant time, long seconds) {
      return seconds > blockedSeconds
          || (seconds == blockedSeconds
              && Duration.between(lastAt, time).toSeconds() < seconds * 3 / 2);
    }
  }

  EventReporter(ModuleContext context, HostEventFactory factory) {
    this.context = context;
    this.factory = factory;
    events =
        Counter.builder()
            .name(HostEventsTelemetry.EVENTS.name())
            .help(HostEventsTelemetry.EVENTS.help())
            .labelNames("type")
            .register(context.metrics());
    HostEventTypes.ALL.forEach(type -> events.initLabelValues(type.name()));
    lost =
        Counter.builder()
            .name(HostEventsTelemetry.LOST.name())
            .help(HostEventsTelemetry.LOST.help())
            .register(context.metrics());
  }

  /** Shows in the status that the module works, before its first event. */
  void reading() {
    if (!any) {
      context.observed("no event yet");
    }
  }

  /** Reports what the kernel's log says. */
  void report(KernelReport report, Instant time, boolean historical) {
    Origin origin = new Origin(context.source(), historical);
    switch (report) {
      case OomKill kill -> emit(factory.of(kill, time, origin));
      case HungTask task -> report(task, time, origin);
      case FilesystemFault fault ->
          deduplicator.add(
              key(fault.type(), fault.device()),
              EvidenceSource.LOG,
              time,
              !HostEventTypes.isState(fault.type()),
              1,
              () -> factory.of(fault, time, origin));
      case Problem problem ->
          deduplicator.add(
              key(problem.type(), String.valueOf(problem.subject())),
              EvidenceSource.LOG,
              time,
              true,
              1,
              () -> factory.of(problem, time, origin));
    }
  }

  private void report(HungTask task, Instant time, Origin origin) {
    String key = task.pid() + " " + task.process();
    Hang before = hangs.get(key);
    boolean same = before != null && before.goesOn(time, task.blockedSeconds());
    if (same
        && before != null
        && Duration.between(before.reportedAt(), time).compareTo(HANG_UPDATE) < 0) {
      hangs.put(key, new Hang(before.reportedAt(), time, task.blockedSeconds()));
      return;
    }
    hangs.put(key, new Hang(time, time, task.blockedSeconds()));
    emit(factory.of(task, time, origin, same));
  }

  /** Reports what the counters show. */
  void report(CounterReport report, Instant time) {
    Origin origin = new Origin(HostEventsDefinition.COUNTERS, false);
    emit(
        switch (report) {
          case CounterReport.OomKills kills -> factory.of(kills, time, origin);
          case CounterReport.HungTasks tasks -> factory.of(tasks, time, origin);
        });
  }

  /** Reports what a file system's state shows, unless the log has said so. */
  void report(FilesystemReport report, Instant time) {
    switch (report) {
      case FilesystemReport.TurnedReadOnly turned ->
          report(report, HostEventTypes.READONLY_FILESYSTEM, time, turned.historical(), 1);
      case FilesystemReport.Ext4Errors errors -> {
        Instant lastAt = errors.lastAt();
        report(
            report,
            HostEventTypes.EXT4_ERROR,
            lastAt == null ? time : lastAt,
            errors.historical(),
            errors.count());
      }
    }
  }

  private void report(
      FilesystemReport report, EventType type, Instant time, boolean historical, long times) {
    String key = key(type, report.device());
    if (!historical || !deduplicator.isKnown(key)) {
      deduplicator.add(
          key,
          EvidenceSource.STATE,
          time,
          !HostEventTypes.isState(type),
          times,
          () -> factory.of(report, time, new Origin(HostEventsDefinition.COUNTERS, historical)));
    }
  }

  private static String key(EventType type, String subject) {
    return type + " " + subject;
  }

  /** Reports what was counted in history: what comes now is another event. */
  void endHistory() {
    deduplicator.endHistory();
  }

  /** Reports how often the same has come again, where a window has ended. */
  void reportRepeated(Instant now) {
    deduplicator.reportUntil(now);
  }

  private void emit(Event event) {
    any = true;
    context.emit(event);
    if (!event.historical() && !event.update()) {
      events.labelValues(event.type().name()).inc(event.count());
    }
    context.observed("last event " + event.type() + " at " + event.time());
  }

  /** Counts records of the log that are gone. */
  void lost(long records) {
    if (records > 0) {
      lost.inc(records);
      LOGGER.warn(
          "{} records of the kernel's log were overwritten before they could be read: what they"
              + " said is not reported. A larger buffer helps: kernel parameter log_buf_len.",
          records);
    }
  }
}
