package io.smartagent.modules.cgroup;

/** For what a control group was made. */
public enum CgroupLevel {
  /** For a container, or by something within it. */
  CONTAINER,
  /** For a Kubernetes pod: the parent of its containers' groups. */
  POD,
  /** For all pods of a node, or all of one quality of service: what kubelet calls allocatable. */
  ALLOCATABLE,
  /** For anything else. */
  OTHER
}
