package io.smartagent.integration.machine;

import static io.smartagent.integration.machine.Programs.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file system in a file, on a loop device of this machine: one that may be broken. It is gone
 * when it is closed, whatever was done to it.
 */
public final class LoopFilesystem implements AutoCloseable {

  private final Path image;
  private final Path mountPoint;
  private final String device;
  private boolean frozen;

  private LoopFilesystem(Path image, Path mountPoint, String device) {
    this.image = image;
    this.mountPoint = mountPoint;
    this.device = device;
  }

  /**
   * Makes and mounts one.
   *
   * @param directory for the file and the mount point
   * @param options of mount(8); empty for none
   */
  public static LoopFilesystem make(Path directory, String type, String size, String options) {
    Path image = directory.resolve(type + ".img");
    Path mountPoint = HostRoot.makeDirectory(directory.resolve(type));
    run("truncate", "-s", size, image.toString()).orFail();
    run("mkfs." + type, "-q", image.toString()).orFail();
    String device = run("losetup", "-f", "--show", image.toString()).orFail().out().strip();
    LoopFilesystem filesystem = new LoopFilesystem(image, mountPoint, device);
    try {
      String with = options.isEmpty() ? "rw" : options;
      run("mount", "-o", with, device, mountPoint.toString()).orFail();
      return filesystem;
    } catch (IllegalStateException e) {
      filesystem.close();
      throw e;
    }
  }

  /** Returns where it is mounted. */
  public Path mountPoint() {
    return mountPoint;
  }

  /** Returns the device's name as the kernel writes it. */
  public String device() {
    return device.substring(device.lastIndexOf('/') + 1);
  }

  /** Lets everybody wait who wants to write. */
  public void freeze() {
    run("fsfreeze", "-f", mountPoint.toString()).orFail();
    frozen = true;
  }

  /** Lets them go on. */
  public void thaw() {
    if (frozen) {
      run("fsfreeze", "-u", mountPoint.toString());
      frozen = false;
    }
  }

  /** Has ext4 meet an error: Documentation/ABI/testing/sysfs-fs-ext4. */
  public void triggerExt4Error() {
    try {
      Files.writeString(Path.of("/sys/fs/ext4", device(), "trigger_fs_error"), "smartagent\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Has XFS shut itself down. */
  public void shutDownXfs() {
    run("xfs_io", "-x", "-c", "shutdown", mountPoint.toString()).orFail();
  }

  /** Takes the end of the device away, and writes what needs it. */
  public void truncateDevice(String size) {
    run("truncate", "-s", size, image.toString()).orFail();
    run("losetup", "-c", device).orFail();
    run("dd", "if=/dev/urandom", "of=" + mountPoint.resolve("file"), "bs=1M", "count=20");
    run("sync", "-f", mountPoint.toString());
  }

  @Override
  public void close() {
    thaw();
    run("umount", mountPoint.toString());
    run("losetup", "-d", device).orFail();
  }
}
