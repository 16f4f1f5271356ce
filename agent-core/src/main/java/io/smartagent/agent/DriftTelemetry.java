package io.smartagent.agent;

import io.smartagent.kernel.file.PathText;
import io.smartagent.kernel.mount.MountPoint;
import io.smartagent.module.Event;
import io.smartagent.module.EventSink;
import io.smartagent.module.EventType;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the {@link DriftGuard} tells what it finds: events, and the log. */
public final class DriftTelemetry {

  private static final Logger LOG = LoggerFactory.getLogger(DriftTelemetry.class);

  /** The module that the agent's own events name. */
  private static final String AGENT = "agent";

  private static final String APPEARED = "WritableMountAppeared";
  private static final String GONE = "WritableMountGone";

  /** Whoever mounts something chooses these texts. */
  private static final int SHOWN_PATH = 200;

  private static final int SHOWN_SOURCE = 100;

  /** Its events. */
  public static final List<EventType> EVENTS =
      List.of(
          new EventType(
              APPEARED,
              "A mount of the virtual root can be written that must not be: in a sealed host any"
                  + " but those in the agent's own directories, else any that could not be when the"
                  + " agent started. While a sealed host has one, the agent is not ready. In the texts,"
                  + " which are cut, what is no printable text stands as in C. At most 100 are told"
                  + " at a time; `smartagent_seal_drift_mounts` counts them all.",
              "{\"time\":\"2026-03-01T10:15:30.120Z\",\"module\":\"agent\",\"type\":\"WritableMountAppeared\","
                  + "\"mountPoint\":\"/srv/data\",\"fileSystem\":\"tmpfs\",\"source\":\"tmpfs\","
                  + "\"device\":\"0:87\",\"sealed\":true}"),
          new EventType(
              GONE,
              "Such a mount was unmounted, made read-only, or covered by another.",
              "{\"time\":\"2026-03-01T10:17:02.480Z\",\"module\":\"agent\",\"type\":\"WritableMountGone\","
                  + "\"mountPoint\":\"/srv/data\",\"fileSystem\":\"tmpfs\",\"source\":\"tmpfs\","
                  + "\"device\":\"0:87\",\"sealed\":true}"));

  private final EventSink events;
  private final boolean sealed;

  DriftTelemetry(EventSink events, boolean sealed) {
    this.events = events;
    this.sealed = sealed;
  }

  void appeared(MountPoint mount) {
    if (sealed) {
      LOG.warn(
          "A writable mount has appeared in the sealed host: {}. Only somebody with SYS_ADMIN on the"
              + " node can have made it, in this agent's mount namespace: find out who, unmount it,"
              + " or start the pod again, which seals the host anew.",
          describe(mount));
    } else {
      LOG.warn(
          "A writable mount has appeared since the start: {}. The host has mounted it, and without"
              + " SYS_ADMIN the launcher cannot keep it out. Set mountPropagation: None for"
              + " /mnt/root, or add the capability SYS_ADMIN.",
          describe(mount));
    }
    tell(APPEARED, mount);
  }

  void gone(MountPoint mount) {
    LOG.info("The writable mount is gone: {}.", describe(mount));
    tell(GONE, mount);
  }

  private void tell(String type, MountPoint mount) {
    Map<String, @Nullable Object> attributes = new LinkedHashMap<>();
    attributes.put("mountPoint", PathText.printable(mount.path(), SHOWN_PATH));
    attributes.put("fileSystem", PathText.printable(mount.type(), SHOWN_SOURCE));
    attributes.put("source", PathText.printable(mount.source(), SHOWN_SOURCE));
    attributes.put("device", mount.device());
    attributes.put("sealed", sealed);
    events.accept(AGENT, new Event(Instant.now(), type, attributes));
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
