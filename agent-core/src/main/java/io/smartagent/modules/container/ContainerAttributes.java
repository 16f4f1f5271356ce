package io.smartagent.modules.container;

import io.smartagent.module.ContainerIdentity;
import io.smartagent.modules.cgroup.CgroupOwner;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The attributes by which every event says whose it is: {@code containerId}, {@code containerName},
 * {@code containerRuntime}, {@code image}, {@code podUid}, {@code podName}, {@code podNamespace}.
 */
public final class ContainerAttributes {

  private ContainerAttributes() {}

  /**
   * Adds the attributes, all of them always; what is unknown or does not apply is null.
   *
   * @param owner what the control group tells
   * @param container what a runtime tells; null where none does
   */
  public static void put(
      Map<String, @Nullable Object> attributes,
      CgroupOwner owner,
      @Nullable ContainerIdentity container) {
    attributes.put("containerId", owner.containerId());
    attributes.put("containerName", container == null ? null : container.name());
    attributes.put("containerRuntime", runtime(owner, container));
    attributes.put("image", container == null ? null : container.image());
    attributes.put("podUid", podUid(owner, container));
    attributes.put("podName", container == null ? null : container.podName());
    attributes.put("podNamespace", container == null ? null : container.podNamespace());
  }

  private static @Nullable String runtime(
      CgroupOwner owner, @Nullable ContainerIdentity container) {
    return container != null && container.runtime() != null ? container.runtime() : owner.runtime();
  }

  private static @Nullable String podUid(CgroupOwner owner, @Nullable ContainerIdentity container) {
    return owner.podUid() != null || container == null ? owner.podUid() : container.podUid();
  }
}
