package io.smartagent.kubernetes.audit;

import org.jspecify.annotations.Nullable;

/**
 * A volume in a container.
 *
 * @param field of the mount
 * @param hostPath what of the host is mounted, normalized; null for a volume of another kind
 * @param mountPath where in the container, normalized
 * @param readOnly whether the mount itself can not be written
 * @param recursive whether what is mounted below it cannot be written either
 * @param bidirectional whether mounts that the container makes appear on the host
 */
record Mount(
    Field field,
    @Nullable String hostPath,
    String mountPath,
    boolean readOnly,
    boolean recursive,
    boolean bidirectional) {

  /** Returns whether it, or something below it that every host has mounted, can be written. */
  boolean isWritable() {
    return !readOnly || ("/".equals(hostPath) && !recursive);
  }
}
