package io.smartagent.telemetry;

import io.smartagent.config.SettingValue;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the agent reports about the configuration that can change while it runs.
 *
 * @param source a directory, or a ConfigMap
 * @param state of what was seen last
 * @param version that was seen last; null if none was
 * @param appliedVersion that holds; null where the settings of the launch do
 * @param appliedAt since when it holds; null where the settings of the launch do since the start
 * @param problems of what was seen last
 * @param applied how many versions came to hold
 * @param refused how many versions were refused
 * @param settings that hold, each with its origin
 */
public record ConfigurationReport(
    String source,
    State state,
    @Nullable String version,
    @Nullable String appliedVersion,
    @Nullable Instant appliedAt,
    List<String> problems,
    long applied,
    long refused,
    List<SettingValue> settings) {

  /** What has become of what was seen last. */
  public enum State {
    /** There is nothing: what the launch was given holds. */
    NONE,
    /** It holds. */
    APPLIED,
    /** Something is wrong with it, so what held before still does. */
    REFUSED,
    /** It cannot be read, so what held before still does. */
    UNAVAILABLE;

    /** Returns the name in {@code status}' output. */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Of an agent that has not looked yet. */
  public static final ConfigurationReport UNKNOWN =
      new ConfigurationReport("", State.NONE, null, null, null, List.of(), 0, 0, List.of());

  /** Copies the lists. */
  public ConfigurationReport {
    problems = List.copyOf(problems);
    settings = List.copyOf(settings);
  }

  /** Returns the settings that are from the source, and not from the launch. */
  public List<SettingValue> changed() {
    return settings.stream()
        .filter(
            setting -> setting.source().equals(source) || setting.source().startsWith(source + "/"))
        .toList();
  }

  /** Returns whether what was seen last holds, or nothing was there. */
  public boolean isValid() {
    return switch (state) {
      case NONE, APPLIED -> true;
      case REFUSED, UNAVAILABLE -> false;
    };
  }
}
