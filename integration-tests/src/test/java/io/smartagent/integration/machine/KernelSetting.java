package io.smartagent.integration.machine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A sysctl of this machine that a test changes; it is put back when this is closed. */
public final class KernelSetting implements AutoCloseable {

  private static final int MAX_LENGTH = 4096;

  private final Path file;
  private final String before;

  private KernelSetting(Path file, String before) {
    this.file = file;
    this.before = before;
  }

  /**
   * Changes a setting.
   *
   * @param name such as {@code kernel/hung_task_timeout_secs}
   */
  public static KernelSetting set(String name, String value) {
    Path file = Path.of("/proc/sys").resolve(name);
    try {
      KernelSetting setting = new KernelSetting(file, read(file));
      Files.writeString(file, value + "\n");
      return setting;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** In one read: the kernel shows a sysctl only to the first, however short that is. */
  private static String read(Path file) throws IOException {
    try (InputStream content = Files.newInputStream(file)) {
      return new String(content.readNBytes(MAX_LENGTH), StandardCharsets.US_ASCII);
    }
  }

  @Override
  public void close() {
    try {
      Files.writeString(file, before);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
