package io.smartagent.module;

import java.util.List;

/**
 * What a module needs: any of its sources.
 *
 * @param sources in the order of preference, at least one
 */
public record Need(List<Source> sources) {

  /** Copies the sources. */
  public Need {
    sources = List.copyOf(sources);
    if (sources.isEmpty()) {
      throw new IllegalArgumentException("a module without a source does nothing");
    }
  }

  /** Returns the need for any of {@code sources}, the best one first. */
  public static Need anyOf(Source... sources) {
    return new Need(List.of(sources));
  }
}
