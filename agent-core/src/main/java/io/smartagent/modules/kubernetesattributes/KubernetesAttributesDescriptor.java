package io.smartagent.modules.kubernetesattributes;

import io.smartagent.module.ModuleDescriptor;
import io.smartagent.module.ModuleSetting;
import io.smartagent.module.Need;
import io.smartagent.module.Source;
import io.smartagent.probe.Ability;

/** What {@code kubernetes-attributes} needs. */
public final class KubernetesAttributesDescriptor {

  /** Kubernetes' API, watched. */
  public static final String INFORMERS = "informers";

  /** The module as the planner knows it. */
  public static final ModuleDescriptor DESCRIPTOR =
      new ModuleDescriptor(
              "kubernetes-attributes",
              "asks Kubernetes' API for the node's pods: workload, Services, IP, labels, annotations",
              "events do not say which workload and Service a container belongs to",
              Need.anyOf(Source.of(INFORMERS).and(Ability.SERVICE_ACCOUNT)))
          .using(ModuleSetting.KUBERNETES, ModuleSetting.LOGS);

  private KubernetesAttributesDescriptor() {}
}
