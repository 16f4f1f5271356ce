package io.smartagent.modules.hostevents;

import io.prometheus.metrics.core.metrics.Counter;
import io.smartagent.module.Event;
import io.smartagent.module.ModuleContext;
import io.smartagent.modules.hostevents.EventBuilder.Origin;
import io.smartagent.modules.hostevents.KernelReport.FilesystemFault;
import io.smartagent.modules.hostevents.KernelReport.HungTask;
import io.smartagent.modules.hostevents.KernelReport.OomKill;
import io.smartagent.modules.hostevents.KernelReport.Problem;
import io.smartagent.modules.hostevents.Repeats.Witness;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells each fact once, whoever has seen it and however often it was said. */
final class Teller {

  private static final Logger LOGGER = LoggerFactory.getLogger(Teller.class);

  /** That a task still hangs is told again after so long at the earliest. */
  private static final Duration HANG_UPDATE = Duration.ofMinutes(5);

  private static final int HANGS_AT_MOST = 1000;

  private final ModuleContext context;
  private final EventBuilder builder;
  private final Counter events;
  private final Counter lost;
  private final Repeats repeats = new Repeats(this::emit);
  private final Map<String, Hang> hangs =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Hang> eldest) {
          return size() > HANGS_AT_MOST;
        }
      };
  private boolean any;

  /**
   * What the log has said of a hung task.
   *
   * @param toldAt when it was told last
   * @param lastAt when the log said so last
   * @param blockedSeconds what it said then
   */
  private record Hang(Instant toldAt, Instant lastAt, long blockedSeconds) {

    /**
     * Returns whether the task has not run since. Whoever has run in between hangs anew, for a
     * shorter time. But kernels that do not know when a task has run last name their timeout each
     * time, and look for hung tasks as often.
     */
    boolean goesOn(Instant time, long seconds) {
      return seconds > blockedSeconds
          || (seconds == blockedSeconds
              && Duration.between(lastAt, time).toSeconds() < seconds * 3 / 2);
    }
  }

  Teller(ModuleContext context, EventBuilder builder) {
    this.context = context;
    this.builder = builder;
    events =
        Counter.builder()
            .name(HostEventsTelemetry.EVENTS.name())
            .help(HostEventsTelemetry.EVENTS.help())
            .labelNames("type")
            .register(context.metrics());
    HostEventsTelemetry.TELEMETRY.events().forEach(type -> events.initLabelValues(type.name()));
    lost =
        Counter.builder()
            .name(HostEventsTelemetry.LOST.name())
            .help(HostEventsTelemetry.LOST.help())
            .register(context.metrics());
  }

  /** Says that the module works, where it has nothing else to say. */
  void reading() {
    if (!any) {
      context.observed("no event yet");
    }
  }

  /** Tells what the kernel's log says. */
  void tell(KernelReport report, Instant time, boolean historical) {
    Origin origin = new Origin(context.source(), historical);
    switch (report) {
      case OomKill kill -> emit(builder.of(kill, time, origin));
      case HungTask task -> tell(task, time, origin);
      case FilesystemFault fault ->
          repeats.add(
              key(fault.type(), fault.device()),
              Witness.LOG,
              time,
              !HostEventTypes.isState(fault.type()),
              1,
              () -> builder.of(fault, time, origin));
      case Problem problem ->
          repeats.add(
              key(problem.type(), String.valueOf(problem.subject())),
              Witness.LOG,
              time,
              true,
              1,
              () -> builder.of(problem, time, origin));
    }
  }

  private void tell(HungTask task, Instant time, Origin origin) {
    String key = task.pid() + " " + task.process();
    Hang before = hangs.get(key);
    boolean same = before != null && before.goesOn(time, task.blockedSeconds());
    if (same
        && before != null
        && Duration.between(before.toldAt(), time).compareTo(HANG_UPDATE) < 0) {
      hangs.put(key, new Hang(before.toldAt(), time, task.blockedSeconds()));
      return;
    }
    hangs.put(key, new Hang(time, time, task.blockedSeconds()));
    emit(builder.of(task, time, origin, same));
  }

  /** Tells what the counters say. */
  void tell(CounterReport report, Instant time) {
    Origin origin = new Origin(HostEventsDefinition.COUNTERS, false);
    emit(
        switch (report) {
          case CounterReport.OomKills kills -> builder.of(kills, time, origin);
          case CounterReport.HungTasks tasks -> builder.of(tasks, time, origin);
        });
  }

  /** Tells what a file system's state shows, unless the log has said so. */
  void tell(FilesystemReport report, Instant time) {
    switch (report) {
      case FilesystemReport.TurnedReadOnly turned ->
          tell(report, HostEventTypes.READONLY_FILESYSTEM, time, turned.historical(), 1);
      case FilesystemReport.Ext4Errors errors -> {
        Instant lastAt = errors.lastAt();
        tell(
            report,
            HostEventTypes.EXT4_ERROR,
            lastAt == null ? time : lastAt,
            errors.historical(),
            errors.count());
      }
    }
  }

  private void tell(
      FilesystemReport report, String type, Instant time, boolean historical, long times) {
    String key = key(type, report.device());
    if (!historical || !repeats.isKnown(key)) {
      repeats.add(
          key,
          Witness.STATE,
          time,
          !HostEventTypes.isState(type),
          times,
          () -> builder.of(report, time, new Origin(HostEventsDefinition.COUNTERS, historical)));
    }
  }

  private static String key(String type, String subject) {
    return type + " " + subject;
  }

  /** Tells what was counted in history: what comes now is another event. */
  void endHistory() {
    repeats.endHistory();
  }

  /** Tells how often it was said again, where a window has ended. */
  void tellRepeats(Instant now) {
    repeats.tellUntil(now);
  }

  private void emit(Event event) {
    any = true;
    context.emit(event);
    boolean again = Boolean.TRUE.equals(event.attributes().get("update"));
    boolean historical = Boolean.TRUE.equals(event.attributes().get("historical"));
    if (!historical && !again && event.attributes().get("count") instanceof Long count) {
      events.labelValues(event.type()).inc(count);
    }
    context.observed("last event " + event.type() + " at " + event.time());
  }

  /** Says that so many records of the log are gone. */
  void lost(long records) {
    if (records > 0) {
      lost.inc(records);
      LOGGER.warn(
          "{} records of the kernel's log were overwritten before they could be read: what they said"
              + " is not reported. A larger buffer helps: kernel parameter log_buf_len.",
          records);
    }
  }
}
