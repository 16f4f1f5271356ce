package io.smartagent.needs;

import java.util.ArrayList;
import java.util.List;

/**
 * What a module needs: any of its sources.
 *
 * @param sources in the order of preference, at least one
 */
public record Needs(List<Source> sources) {

  /** Copies the sources. */
  public Needs {
    sources = List.copyOf(sources);
    if (sources.isEmpty()) {
      throw new IllegalArgumentException("a module without a source does nothing");
    }
  }

  /** Returns the need for the first of {@code sources} that is available. */
  public static Needs firstOf(Source... sources) {
    return new Needs(List.of(sources));
  }

  /** Returns this, with what every source opens of the host too. */
  public Needs with(HostAccess access) {
    List<Source> all = new ArrayList<>();
    for (Source source : sources) {
      all.add(source.with(access));
    }
    return new Needs(all);
  }

  /** Returns whether any source reads or writes anything of the host. */
  public boolean reachHost() {
    for (Source source : sources) {
      if (!source.host().paths().isEmpty()) {
        return true;
      }
    }
    return false;
  }
}
