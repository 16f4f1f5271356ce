package io.smartagent.modules.container;

import io.smartagent.module.ContainerIdentity;
import io.smartagent.module.EventOwner;
import io.smartagent.modules.cgroup.CgroupOwner;
import org.jspecify.annotations.Nullable;

/** The container and pod of an event, from what a control group and a runtime report. */
public final class ContainerAttributes {

  private ContainerAttributes() {}

  /**
   * Returns the owner of an event.
   *
   * @param owner what the control group says
   * @param container what a runtime says; null if unknown
   */
  public static EventOwner of(CgroupOwner owner, @Nullable ContainerIdentity container) {
    return new EventOwner(
        owner.containerId(),
        container == null ? null : container.name(),
        runtime(owner, container),
        container == null ? null : container.image(),
        podUid(owner, container),
        container == null ? null : container.podName(),
        container == null ? null : container.podNamespace());
  }

  private static @Nullable String runtime(
      CgroupOwner owner, @Nullable ContainerIdentity container) {
    return container != null && container.runtime() != null ? container.runtime() : owner.runtime();
  }

  private static @Nullable String podUid(CgroupOwner owner, @Nullable ContainerIdentity container) {
    return owner.podUid() != null || container == null ? owner.podUid() : container.podUid();
  }
}
