package io.smartagent.modules.containermetrics;

import io.smartagent.module.ContainerIdentity;
import io.smartagent.modules.cgroup.CgroupOwner;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A container as one pass has found it.
 *
 * @param owner what its control group tells
 * @param identity what a runtime tells; null where none does
 * @param path of its control group; null where it has none, as one that has ended
 * @param startedAt when its first process started; null where it is unknown
 * @param state {@code running}, {@code paused}, or what Docker says of one that has no processes
 */
record Container(
    CgroupOwner owner,
    @Nullable ContainerIdentity identity,
    @Nullable String path,
    @Nullable Instant startedAt,
    String state) {

  /** Of one that has processes. */
  static final String RUNNING = "running";

  /** Of one whose processes are frozen. */
  static final String PAUSED = "paused";

  /** Of one whose processes have ended. */
  static final String EXITED = "exited";

  /** Returns its id. */
  String id() {
    String id = owner.containerId();
    return id == null ? "" : id;
  }

  /** Returns the runtime's name; null where nothing tells it. */
  @Nullable String runtime() {
    return identity != null && identity.runtime() != null ? identity.runtime() : owner.runtime();
  }

  /** Returns whether it only holds a pod's namespaces. */
  boolean isSandbox() {
    return identity != null && identity.sandbox();
  }

  /** Returns whether it is in a pod. */
  boolean isInPod() {
    return owner.podUid() != null
        || (identity != null && (identity.podUid() != null || identity.podName() != null));
  }

  Container withState(String other) {
    return new Container(owner, identity, path, startedAt, other);
  }
}
