package io.smartagent.modules.kubernetesattributes;

import io.smartagent.module.ModuleTelemetry;
import java.util.List;

/** What {@code kubernetes-attributes} tells: no events of its own, it adds to those of others. */
public final class KubernetesAttributesTelemetry {

  /** Its metrics. */
  public static final ModuleTelemetry TELEMETRY = new ModuleTelemetry(List.of(), PodFamilies.all());

  private KubernetesAttributesTelemetry() {}
}
