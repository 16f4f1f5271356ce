package io.smartagent.modules.containermetrics;

import io.smartagent.module.EventType;
import io.smartagent.module.ModuleTelemetry;
import java.util.List;

/** What {@code container-metrics} tells. */
public final class ContainerMetricsTelemetry {

  private static final String ATTRIBUTES =
      " startedAt is that of its first process, sandbox whether it only holds a pod's namespaces,"
          + " and labels are its user's, not those that runtimes set themselves.";

  /** Its events and metrics. */
  public static final ModuleTelemetry TELEMETRY =
      new ModuleTelemetry(
          List.of(
              new EventType(
                  ContainerEvents.FOUND,
                  "A container ran already when the module started." + ATTRIBUTES,
                  example(
                      ContainerEvents.FOUND,
                      "2026-03-01T10:15:30.120Z",
                      "running",
                      "2026-02-11T06:00:02.310Z")),
              new EventType(
                  ContainerEvents.STARTED,
                  "A container has started; the event's time is its start." + ATTRIBUTES,
                  example(
                      ContainerEvents.STARTED,
                      "2026-03-01T10:15:30.120Z",
                      "running",
                      "2026-03-01T10:15:30.120Z")),
              new EventType(
                  ContainerEvents.ENDED,
                  "A container's last process has ended; the event's time is that of the pass that"
                      + " did not find it any more."
                      + ATTRIBUTES,
                  example(
                      ContainerEvents.ENDED,
                      "2026-03-01T10:17:40.000Z",
                      "exited",
                      "2026-03-01T10:15:30.120Z"))),
          ContainerFamilies.all());

  private ContainerMetricsTelemetry() {}

  private static String example(String type, String time, String state, String startedAt) {
    return "{\"time\":\""
        + time
        + "\",\"module\":\"container-metrics\",\"type\":\""
        + type
        + "\",\"containerId\":\"3f1c9a7b5d2e4f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8\","
        + "\"containerName\":\"web\",\"containerRuntime\":\"docker\",\"image\":\"shop/web:1.4\","
        + "\"podUid\":\"0b7e6a4c-5d0e-4c47-9d5e-0c3b1d0a8f11\",\"podName\":\"shop-web-0\","
        + "\"podNamespace\":\"shop\",\"state\":\""
        + state
        + "\",\"startedAt\":\""
        + startedAt
        + "\",\"sandbox\":false,\"labels\":{\"maintainer\":\"shop team\"}}";
  }
}
