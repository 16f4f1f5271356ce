package io.smartagent.modules.container;

import io.smartagent.module.ContainerIdentity;
import io.smartagent.modules.cgroup.CgroupOwner;
import org.jspecify.annotations.Nullable;

/** What one kind of container runtime has written of its containers. */
interface ContainerRuntime {

  /**
   * Returns what it says of a container; null where it has none of this id, or the calling thread
   * may not read it.
   *
   * @param id which holds nothing but what container ids are made of
   * @param owner what the container's control group tells
   */
  @Nullable ContainerIdentity read(String id, CgroupOwner owner);
}
