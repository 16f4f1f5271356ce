package io.smartagent.modules.containermetrics;

import io.smartagent.module.ContainerIdentity;
import io.smartagent.module.Event;
import io.smartagent.module.EventType;
import io.smartagent.module.ModuleTelemetry;
import io.smartagent.modules.cgroup.CgroupOwner;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What {@code container-metrics} reports. */
final class ContainerMetricsTelemetry {

  private static final Instant START = Instant.parse("2026-03-01T10:15:30.120Z");

  private static final ContainerIdentity WEB =
      new ContainerIdentity(
          "3f1c9a7b5d2e4f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8",
          "docker",
          "web",
          "shop/web:1.4",
          "0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11",
          "shop-web-0",
          "shop",
          false,
          null,
          Map.of("maintainer", "shop team"));

  private ContainerMetricsTelemetry() {}

  /** Returns an example of each event, and the metrics. */
  static ModuleTelemetry telemetry() {
    Instant earlier = Instant.parse("2026-02-11T06:00:02.310Z");
    Instant end = Instant.parse("2026-03-01T10:17:40Z");
    return new ModuleTelemetry(
        List.of(
            event(ContainerEvents.FOUND, START, earlier, Container.RUNNING),
            event(ContainerEvents.STARTED, START, START, Container.RUNNING),
            event(ContainerEvents.ENDED, end, START, Container.EXITED)),
        ContainerFamilies.all());
  }

  private static Event event(EventType type, Instant time, Instant startedAt, String state) {
    CgroupOwner owner = CgroupOwner.ofPath("/docker/" + WEB.id());
    return ContainerEvents.of(type, time, new Container(owner, WEB, null, startedAt, state));
  }
}
