package io.smartagent.modules.kubernetesattributes;

import io.smartagent.module.Module;
import io.smartagent.module.ModuleDefinition;
import io.smartagent.module.ModuleTelemetry;
import io.smartagent.module.Setting;
import io.smartagent.module.SharedSettings;
import io.smartagent.needs.HostAccess;
import io.smartagent.needs.Needs;
import io.smartagent.needs.Source;
import io.smartagent.probe.Ability;
import java.util.List;

/** The module {@code kubernetes-attributes}. */
public final class KubernetesAttributesDefinition implements ModuleDefinition {

  /** Kubernetes' API, watched. */
  public static final String INFORMERS = "informers";

  /** Which labels of pods and namespaces are added to events. */
  static final Setting<KeySelection> LABELS =
      Setting.of(
          "KUBERNETES_LABELS",
          new KeysFormat(),
          "",
          "labels of pods and namespaces that kubernetes-attributes reports; KEY may end with *");

  /** Which annotations of pods are added to events. */
  static final Setting<KeySelection> ANNOTATIONS =
      Setting.of(
          "KUBERNETES_ANNOTATIONS",
          new KeysFormat(),
          "",
          "annotations of pods that kubernetes-attributes reports; KEY may end with *");

  private static final HostAccess HOST =
      HostAccess.NONE
          .mount("projected", "/var/run/secrets/kubernetes.io/serviceaccount")
          .socket("AF_INET", "Kubernetes API");

  private static final Needs NEEDS =
      Needs.firstOf(Source.of(INFORMERS).abilities(Ability.SERVICE_ACCOUNT)).with(HOST);

  @Override
  public String id() {
    return "kubernetes-attributes";
  }

  @Override
  public String summary() {
    return "asks Kubernetes' API for the node's pods: workload, Services, IP, labels, annotations";
  }

  @Override
  public String loss() {
    return "events do not say which workload and Service a container belongs to";
  }

  @Override
  public Needs needs() {
    return NEEDS;
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(
        LABELS,
        ANNOTATIONS,
        SharedSettings.LOG_PODS,
        SharedSettings.LOG_NAMESPACES,
        SharedSettings.LOG_UNKNOWN_PODS);
  }

  @Override
  public ModuleTelemetry telemetry() {
    return new ModuleTelemetry(List.of(), PodFamilies.all());
  }

  @Override
  public Module create() {
    return new KubernetesAttributes();
  }
}
