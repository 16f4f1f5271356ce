package io.smartagent.plan;

import io.smartagent.host.HostMounts.WritableMount;
import java.util.List;
import java.util.Set;

/**
 * What keeps the agent from writing to the host.
 *
 * @param kind how strong it is
 * @param writable the directories that stay writable on purpose
 * @param openMounts the mounts of the host that stay writable although they should not, sorted by
 *     path: those that the YAML left so and nothing remounts
 * @param unlisted how many more of them there are
 */
public record HostSeal(
    Kind kind, Set<String> writable, List<WritableMount> openMounts, int unlisted) {

  /** Of a launch that is refused. */
  static final HostSeal OF_NOTHING = new HostSeal(Kind.NONE, Set.of(), List.of(), 0);

  /** What it rests on, the strongest first. */
  public enum Kind {
    /** Every mount is read-only, but those of the directories that stay writable. */
    REMOUNT("remount"),
    /**
     * landlock(7): nothing can be opened for writing, made or removed outside of these directories;
     * but modes, owners, times and attributes can be changed where permissions and mounts allow it.
     */
    LANDLOCK("landlock"),
    /** The mounts are as the YAML made them. */
    MOUNTS("mounts"),
    /** Mode full. */
    NONE("none");

    private final String id;

    Kind(String id) {
      this.id = id;
    }

    /** Returns the name in {@code plan}'s output and in {@code /status}. */
    public String id() {
      return id;
    }
  }

  /** Copies the collections. */
  public HostSeal {
    writable = Set.copyOf(writable);
    openMounts = List.copyOf(openMounts);
  }
}
