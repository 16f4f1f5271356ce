package io.smartagent.module;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened, as a module tells it.
 *
 * @param time when it happened
 * @param type such as {@code OOMKilling}
 * @param attributes by name, in the order in which they are printed: text, numbers, booleans, null,
 *     lists and maps of these
 */
public record Event(Instant time, String type, Map<String, @Nullable Object> attributes) {

  /** Copies the attributes; their order stays. */
  public Event {
    attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
  }
}
