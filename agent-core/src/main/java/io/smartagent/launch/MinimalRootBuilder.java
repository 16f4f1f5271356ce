package io.smartagent.launch;

import io.smartagent.host.ShownEntry;
import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.Kernel;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.mount.TmpfsOptions;
import io.smartagent.plan.MountStep;
import java.util.Set;

/** Makes a root that shows only some of the host's directories. */
final class MinimalRootBuilder {

  /**
   * An empty directory of the image. Not below the runtime, which is shown in the virtual root with
   * all that is mounted below it.
   */
  static final String PLACE = "/virtual-root";

  /** It holds directories, and files to mount on: none of them has a byte. */
  private static final TmpfsOptions SMALL = new TmpfsOptions(64 << 10, 0755);

  private static final int DIRECTORY_MODE = 0755;
  private static final int FILE_MODE = 0444;

  private final Kernel kernel;
  private final HostView view;

  MinimalRootBuilder(Kernel kernel, HostView view) {
    this.kernel = kernel;
    this.view = view;
  }

  void build(MountStep.BuildMinimalRoot step) throws ErrnoException {
    try (Descriptor host = kernel.filesystem().openDirectory(view.root())) {
      kernel.mounts().mountTmpfs(PLACE, SMALL, Set.of());
      try (Descriptor top = kernel.filesystem().openDirectory(PLACE)) {
        for (ShownEntry entry : step.entries()) {
          show(host, top, entry);
        }
        for (String directory : step.emptyDirectories()) {
          makeDirectories(top, directory);
        }
      }
    }
    view.replacedBy(PLACE);
  }

  /** By descriptors, so that no link leads out of the host's root, or back into the container. */
  private void show(Descriptor host, Descriptor top, ShownEntry entry) throws ErrnoException {
    try (Descriptor source = kernel.filesystem().locateInRoot(host, entry.source())) {
      if (entry.directory()) {
        makeDirectories(top, entry.path());
      } else {
        makeFile(top, entry.path());
      }
      try (Descriptor target = kernel.filesystem().locateLinkInRoot(top, entry.path())) {
        kernel.mounts().bind(source, target, true);
      }
    }
  }

  private void makeDirectories(Descriptor top, String path) throws ErrnoException {
    int slash = 0;
    while (slash >= 0) {
      int next = path.indexOf('/', slash + 1);
      makeDirectory(top, path.substring(0, Math.max(1, slash)), name(path, slash, next));
      slash = next;
    }
  }

  private static String name(String path, int slash, int next) {
    return next < 0 ? path.substring(slash + 1) : path.substring(slash + 1, next);
  }

  private void makeDirectory(Descriptor top, String parent, String name) throws ErrnoException {
    try (Descriptor place = kernel.filesystem().locateLinkInRoot(top, parent)) {
      kernel.filesystem().makeDirectory(place, name, DIRECTORY_MODE);
    } catch (ErrnoException e) {
      if (e.errno() != Errno.EEXIST) {
        throw e;
      }
    }
  }

  private void makeFile(Descriptor top, String path) throws ErrnoException {
    int slash = path.lastIndexOf('/');
    String parent = path.substring(0, Math.max(1, slash));
    if (slash > 0) {
      makeDirectories(top, parent);
    }
    try (Descriptor place = kernel.filesystem().locateLinkInRoot(top, parent)) {
      kernel.filesystem().replace(place, path.substring(slash + 1), new byte[0], FILE_MODE);
    }
  }
}
