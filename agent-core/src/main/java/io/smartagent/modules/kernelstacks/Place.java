package io.smartagent.modules.kernelstacks;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a task waits in the kernel.
 *
 * @param wchan the function that it waits in, such as {@code percpu_rwsem_wait}; null where that is
 *     not known
 * @param frames its stack, the innermost frame first; empty where that is not known
 */
record Place(@Nullable String wchan, List<String> frames) {

  static final Place UNKNOWN = new Place(null, List.of());

  /** Copies the frames. */
  Place {
    frames = List.copyOf(frames);
  }
}
