package io.smartagent.host;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.Kernel;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.kernel.mount.MountTable;
import java.util.List;

/**
 * Where facts about a host are read.
 *
 * @param files of the container
 * @param mounts of the container; empty where /proc has none
 * @param mountPoint of the host's root in the container
 */
public record HostFiles(Filesystem files, MountTable mounts, String mountPoint) {

  /** Returns the files and mounts of the container that this is. */
  public static HostFiles of(Kernel kernel, String mountPoint) {
    return new HostFiles(kernel.filesystem(), table(kernel), mountPoint);
  }

  private static MountTable table(Kernel kernel) {
    try {
      return kernel.mounts().table();
    } catch (ErrnoException noProc) {
      return new MountTable(List.of());
    }
  }
}
