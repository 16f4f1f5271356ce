package io.smartagent.agent;

import io.smartagent.kernel.file.PathText;
import io.smartagent.kernel.mount.MountPoint;
import io.smartagent.module.Event;
import io.smartagent.module.EventSink;
import io.smartagent.module.EventType;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the {@link DriftGuard} reports what it finds: events, and the log. */
public final class DriftTelemetry {

  private static final Logger LOG = LoggerFactory.getLogger(DriftTelemetry.class);

  /** A process of the host may have chosen these texts. */
  private static final int SHOWN_PATH = 200;

  private static final int SHOWN_SOURCE = 100;

  private static final EventType APPEARED =
      EventType.warning(
              "WritableMountAppeared",
              "A mount of the virtual root can be written that must not be: in a sealed host any"
                  + " but those in the agent's own directories, else any that could not be when the"
                  + " agent started. While a sealed host has one, the agent is not ready. In the"
                  + " texts, which are truncated, what is no printable text stands as in C. At most"
                  + " 100 are reported at a time; `smartagent_seal_drift_mounts` counts them all.")
          .shownAs("Mount is writable", "mountPoint", "fileSystem", "source");

  private static final EventType GONE =
      EventType.notice(
              "WritableMountGone",
              "Such a mount was unmounted, made read-only, or covered by another.")
          .shownAs("Mount is gone", "mountPoint", "fileSystem", "source");

  private final EventSink events;
  private final boolean sealed;

  DriftTelemetry(EventSink events, boolean sealed) {
    this.events = events;
    this.sealed = sealed;
  }

  void appeared(MountPoint mount) {
    if (sealed) {
      LOG.warn(
          "A writable mount has appeared in the sealed host: {}. Only a process with SYS_ADMIN on"
              + " the node can have made it, in this agent's mount namespace: find out who, unmount"
              + " it, or start the pod again, which seals the host anew.",
          describe(mount));
    } else {
      LOG.warn(
          "A writable mount has appeared since the start: {}. The host has mounted it, and without"
              + " SYS_ADMIN the launcher cannot keep it out. Set mountPropagation: None for"
              + " /mnt/root, or add the capability SYS_ADMIN.",
          describe(mount));
    }
    report(APPEARED, mount);
  }

  void gone(MountPoint mount) {
    LOG.info("The writable mount is gone: {}.", describe(mount));
    report(GONE, mount);
  }

  private void report(EventType type, MountPoint mount) {
    events.accept(EventSink.AGENT, event(type, Instant.now(), mount, sealed));
  }

  private static Event event(EventType type, Instant time, MountPoint mount, boolean sealed) {
    String mountPoint = PathText.printable(mount.path(), SHOWN_PATH);
    String fileSystem = PathText.printable(mount.type(), SHOWN_SOURCE);
    String source = PathText.printable(mount.source(), SHOWN_SOURCE);
    return Event.of(type, time)
        .subject(mount.device(), mountPoint)
        .summary(
            (type.equals(APPEARED) ? "A writable mount has appeared" : "The writable mount is gone")
                + ": "
                + mountPoint
                + " ("
                + fileSystem
                + " from "
                + source
                + ")"
                + (sealed
                    ? " in the sealed root of SmartAgent."
                    : ", which SmartAgent cannot keep out without SYS_ADMIN."))
        .put("mountPoint", mountPoint)
        .put("fileSystem", fileSystem)
        .put("source", source)
        .put("device", mount.device())
        .put("sealed", sealed)
        .build();
  }

  /** Returns an example of each event. */
  public static List<Event> examples() {
    MountPoint mount =
        new MountPoint(
            0, 0, "0:87", "/", "/srv/data", Set.of(), List.of(), "tmpfs", "tmpfs", Set.of());
    return List.of(
        event(APPEARED, Instant.parse("2026-03-01T10:15:30.120Z"), mount, true),
        event(GONE, Instant.parse("2026-03-01T10:17:02.480Z"), mount, true));
  }

  /** Returns where a mount is and what it is, for people. */
  static String describe(MountPoint mount) {
    return PathText.quote(mount.path(), SHOWN_PATH)
        + " ("
        + PathText.printable(mount.type(), SHOWN_SOURCE)
        + " from "
        + PathText.quote(mount.source(), SHOWN_SOURCE)
        + ")";
  }
}
