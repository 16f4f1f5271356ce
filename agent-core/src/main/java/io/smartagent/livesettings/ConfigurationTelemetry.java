package io.smartagent.livesettings;

import io.smartagent.config.Problem;
import io.smartagent.module.Event;
import io.smartagent.module.EventSink;
import io.smartagent.module.EventType;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports what becomes of a configuration of {@link LiveSettings}: by events, and in the log. */
public final class ConfigurationTelemetry {

  private static final Logger LOG = LoggerFactory.getLogger(ConfigurationTelemetry.class);

  /** The module that the agent's own events name. */
  private static final String AGENT = "agent";

  /** A configuration came to hold. */
  public static final String APPLIED = "ConfigurationApplied";

  /** A configuration was refused. */
  public static final String REFUSED = "ConfigurationRefused";

  /** What a configuration may hold has no bound; what is reported of it has. */
  private static final int SHOWN = 20;

  /** Its events. */
  public static final List<EventType> EVENTS =
      List.of(
          new EventType(
              APPLIED,
              "Settings have changed while the agent runs. source is a directory or a ConfigMap;"
                  + " version its resourceVersion, or the name that kubelet gave the version, null"
                  + " where it is gone, so that what the launch was given holds again. changed"
                  + " names the settings, modules those that it concerns: they are started or"
                  + " ended, or go on with other settings.",
              "{\"time\":\"2026-03-01T10:15:30.120Z\",\"module\":\"agent\",\"type\":\"ConfigurationApplied\",\"source\":\"ConfigMap"
                  + " observability/smartagent\",\"version\":\"48151\","
                  + "\"changed\":[\"SMARTAGENT_BLOCKED_TASK_SECONDS\"],\"modules\":[\"kernel-stacks\"]}"),
          new EventType(
              REFUSED,
              "A configuration was refused as a whole, and what held before still does. problems"
                  + " says all that is wrong with it: at most 20, problemCount counts them. It is"
                  + " told once for each version.",
              "{\"time\":\"2026-03-01T10:14:02.480Z\",\"module\":\"agent\",\"type\":\"ConfigurationRefused\",\"source\":\"ConfigMap"
                  + " observability/smartagent\",\"version\":\"48139\",\"problems\":[\"SMARTAGENT_BLOCKED_TASK_SECONDS"
                  + " is \\\"soon\\\". It must be a whole number of seconds from 1 to"
                  + " 86400.\"],\"problemCount\":1}"));

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
    Map<String, @Nullable Object> attributes = attributes(version);
    attributes.put("changed", List.copyOf(changed));
    attributes.put("modules", List.copyOf(modules));
    events.accept(AGENT, new Event(Instant.now(), APPLIED, attributes));
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
    Map<String, @Nullable Object> attributes = attributes(version);
    attributes.put("problems", shown);
    attributes.put("problemCount", problems.size());
    events.accept(AGENT, new Event(Instant.now(), REFUSED, attributes));
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

  private Map<String, @Nullable Object> attributes(@Nullable String version) {
    Map<String, @Nullable Object> attributes = new LinkedHashMap<>();
    attributes.put("source", source);
    attributes.put("version", version);
    return attributes;
  }
}
