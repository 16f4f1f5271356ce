package io.smartagent.livesettings;

import io.smartagent.config.Problem;
import io.smartagent.module.Event;
import io.smartagent.module.EventSink;
import io.smartagent.module.EventType;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports what becomes of a configuration of {@link LiveSettings}: by events, and in the log. */
public final class ConfigurationTelemetry {

  private static final Logger LOG = LoggerFactory.getLogger(ConfigurationTelemetry.class);

  /** The size of a configuration is not bounded; what is reported about it is. */
  private static final int SHOWN = 20;

  private static final EventType APPLIED =
      EventType.notice(
              "ConfigurationApplied",
              "Settings have changed while the agent runs. source is a directory or a ConfigMap;"
                  + " version its resourceVersion, or the name that kubelet gave the version, null"
                  + " where it is gone, so that what the launch was given holds again. changed"
                  + " names the settings, modules those that it concerns: they are started or"
                  + " ended, or go on with other settings.")
          .shownAs("Settings applied", "source", "changed", "modules")
          // Every node of a cluster does so at the same moment.
          .notInKubernetes();

  private static final EventType REFUSED =
      EventType.warning(
              "ConfigurationRefused",
              "A configuration was refused as a whole, and what held before still does. problems"
                  + " lists its problems: at most 20, problemCount counts them. It is"
                  + " reported once for each version.")
          .shownAs("Settings refused", "source", "problems");

  private final EventSink events;
  private final String source;

  /**
   * @param source of the configuration, for people
   */
  ConfigurationTelemetry(EventSink events, String source) {
    this.events = events;
    this.source = source;
  }

  /**
   * @param version null where the source is gone
   */
  void applied(@Nullable String version, Collection<String> changed, Collection<String> modules) {
    LOG.info(
        "{}: {}; {}.",
        version == null
            ? "What the launch was given holds again, for " + source + " is gone"
            : "Configuration " + version + " of " + source + " is applied",
        changed.isEmpty() ? "no setting has changed" : "changed are " + String.join(", ", changed),
        modules.isEmpty()
            ? "no module is concerned"
            : "modules that it concerns: " + String.join(", ", modules));
    events.accept(EventSink.AGENT, applied(Instant.now(), source, version, changed, modules));
  }

  void refused(String version, List<Problem> problems) {
    List<String> shown = shown(problems);
    LOG.warn(
        "Configuration {} of {} is refused as a whole, and what held before still does: {}{}",
        version,
        source,
        String.join(" ", shown),
        problems.size() > shown.size()
            ? " There are " + (problems.size() - shown.size()) + " more problems."
            : "");
    events.accept(EventSink.AGENT, refused(Instant.now(), source, version, shown, problems.size()));
  }

  void lost(String fault) {
    LOG.warn("{} What held before still does, and it is tried again.", fault);
  }

  void found() {
    LOG.info("The configuration of {} can be read again.", source);
  }

  /** Returns problems for people: the first ones. */
  static List<String> shown(List<Problem> problems) {
    return problems.stream().limit(SHOWN).map(Problem::text).toList();
  }

  private static Event applied(
      Instant time,
      String source,
      @Nullable String version,
      Collection<String> changed,
      Collection<String> modules) {
    return Event.of(APPLIED, time)
        .subject(version)
        .put("source", source)
        .put("version", version)
        .put("changed", List.copyOf(changed))
        .put("modules", List.copyOf(modules))
        .build();
  }

  private static Event refused(
      Instant time, String source, String version, List<String> problems, int problemCount) {
    return Event.of(REFUSED, time)
        .subject(version)
        .summary(
            "The configuration "
                + version
                + " of "
                + source
                + " is refused as a whole, and what held before still does: "
                + String.join(" ", problems))
        .put("source", source)
        .put("version", version)
        .put("problems", problems)
        .put("problemCount", problemCount)
        .build();
  }

  /** Returns an example of each event. */
  public static List<Event> examples() {
    String source = "ConfigMap observability/smartagent";
    String setting = "SMARTAGENT_BLOCKED_TASK_SECONDS";
    return List.of(
        applied(
            Instant.parse("2026-03-01T10:15:30.120Z"),
            source,
            "48151",
            List.of(setting),
            List.of("kernel-stacks")),
        refused(
            Instant.parse("2026-03-01T10:14:02.480Z"),
            source,
            "48139",
            List.of(
                setting + " is \"soon\". It must be a whole number of seconds from 1 to 86400."),
            1));
  }
}
