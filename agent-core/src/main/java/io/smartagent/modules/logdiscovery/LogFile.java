package io.smartagent.modules.logdiscovery;

import io.smartagent.module.ContainerIdentity;
import io.smartagent.modules.cgroup.CgroupOwner;
import org.jspecify.annotations.Nullable;

/**
 * A log that is followed.
 *
 * @param id the file that is in its place now
 * @param place where the log is meant to be
 * @param current where the file is: another place while it is renamed and still written to
 * @param size its bytes
 * @param writer the process that was first seen to write it; null where none was
 * @param mount the id of its mount as the writer's mountinfo has it; {@link Sighting#UNKNOWN_MOUNT}
 *     where it is unknown
 * @param hostPath the way to it from the host's root; null where it cannot be told
 * @param owner the container and pod that it belongs to
 * @param container what a runtime tells of the container; null where none does
 * @param origin who writes it
 * @param guess what its content suggests
 */
record LogFile(
    FileId id,
    Place place,
    Place current,
    long size,
    @Nullable Writer writer,
    int mount,
    Spot.@Nullable InHost hostPath,
    CgroupOwner owner,
    @Nullable ContainerIdentity container,
    Origin origin,
    LogGuess guess) {

  /** Who writes a log. */
  enum Origin {
    /** A process, to a file that it has chosen. */
    FILE("file"),
    /** A container runtime, what a container prints. */
    CONTAINER("container");

    private final String id;

    Origin(String id) {
      this.id = id;
    }

    /** Returns the name in events and metrics. */
    String id() {
      return id;
    }
  }

  /**
   * A process that writes a log.
   *
   * @param held its descriptor
   * @param name its name (comm); null where it has ended already
   */
  record Writer(Spot.Held held, @Nullable String name) {}

  /** Returns this log as a pass has seen it: by another name perhaps, and larger. */
  LogFile seen(Sighting sighting) {
    return new LogFile(
        id,
        place,
        sighting.place().namespace().equals(place.namespace()) ? sighting.place() : current,
        sighting.size(),
        writer,
        mount,
        hostPath,
        owner,
        container,
        origin,
        guess);
  }

  /** Returns this log with what is known of its writer by now. */
  LogFile writtenBy(Writer process, int itsMount) {
    return new LogFile(
        id, place, current, size, process, itsMount, hostPath, owner, container, origin, guess);
  }

  /** Returns this log with another guess. */
  LogFile guessed(LogGuess better) {
    return new LogFile(
        id, place, current, size, writer, mount, hostPath, owner, container, origin, better);
  }
}
