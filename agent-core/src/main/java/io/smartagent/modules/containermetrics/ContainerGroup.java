package io.smartagent.modules.containermetrics;

import io.smartagent.modules.cgroup.CgroupOwner;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The control group that a runtime has made for a container, and those below it.
 *
 * @param owner the container
 * @param path below each hierarchy, with a slash at its start
 * @param outer the container that it is in; null where it is in none
 * @param below the paths of groups that something in the container has made, other containers' too
 */
record ContainerGroup(
    CgroupOwner owner, String path, @Nullable ContainerGroup outer, List<String> below) {

  ContainerGroup(CgroupOwner owner, String path, @Nullable ContainerGroup outer) {
    this(owner, path, outer, new ArrayList<>(0));
  }
}
