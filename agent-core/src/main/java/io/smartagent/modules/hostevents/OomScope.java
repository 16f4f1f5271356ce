package io.smartagent.modules.hostevents;

import io.smartagent.modules.cgroup.CgroupLevel;

/** What had run out of memory when the kernel killed a process. */
enum OomScope {
  /** A container's limit. */
  CONTAINER("container"),
  /** A pod's limit. */
  POD("pod"),
  /** What kubelet leaves to all pods, or to one quality of service. */
  ALLOCATABLE("allocatable"),
  /** The limit of another control group: a systemd unit, a user. */
  CGROUP("cgroup"),
  /** The machine. */
  GLOBAL("global"),
  /** The memory nodes that a cpuset allows. */
  CPUSET("cpuset"),
  /** The memory nodes that a policy allows: set_mempolicy(2). */
  MEMORY_POLICY("memoryPolicy"),
  /**
   * A limit of which the kernel did not say whose it is: it says so only ten times in five seconds.
   */
  UNKNOWN("unknown");

  private final String id;

  OomScope(String id) {
    this.id = id;
  }

  /** Returns the value of the attribute {@code scope}. */
  String id() {
    return id;
  }

  /** Returns the end of a sentence about a kill; empty if there is no more to say. */
  String summary() {
    return switch (this) {
      case CONTAINER -> ": the container's limit was reached";
      case POD -> ": the pod's limit was reached";
      case GLOBAL -> ": the node has no more";
      case ALLOCATABLE -> ": what the node has for pods was used up";
      case CGROUP, CPUSET, MEMORY_POLICY, UNKNOWN -> "";
    };
  }

  /** Returns whether it is one workload's own limit, and no want of the node. */
  boolean isPods() {
    return switch (this) {
      case CONTAINER, POD -> true;
      case ALLOCATABLE, CGROUP, GLOBAL, CPUSET, MEMORY_POLICY, UNKNOWN -> false;
    };
  }

  /** Returns the scope of a limit of a control group at this level. */
  static OomScope of(CgroupLevel level) {
    return switch (level) {
      case CONTAINER -> CONTAINER;
      case POD -> POD;
      case ALLOCATABLE -> ALLOCATABLE;
      case OTHER -> CGROUP;
    };
  }
}
