package io.smartagent.livesettings;

import io.smartagent.config.Problem;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A configuration as it was read at one moment, not yet understood.
 *
 * @param version that distinguishes it from those before and after it
 * @param entries texts by the names of settings, sorted
 * @param problems why other entries could not be read
 */
public record SettingsDocument(
    String version, Map<String, String> entries, List<Problem> problems) {

  /** Copies the collections. */
  public SettingsDocument {
    entries = Collections.unmodifiableMap(new TreeMap<>(entries));
    problems = List.copyOf(problems);
  }
}
