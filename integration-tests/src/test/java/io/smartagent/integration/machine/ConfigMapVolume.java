package io.smartagent.integration.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A mounted ConfigMap as kubelet keeps it: each version of its files is a directory, and the link
 * {@code ..data} to the newest is exchanged for another (Kubernetes
 * pkg/volume/util/atomic_writer.go).
 */
public final class ConfigMapVolume implements AutoCloseable {

  private static final String DATA = "..data";

  private final Path directory = HostRoot.newPrivateScratch();
  private final Path volume = HostRoot.makeDirectory(directory.resolve("volume"));
  private int version;

  /** Writes the first version. */
  public ConfigMapVolume(Map<String, String> data) {
    update(data);
  }

  /** Exchanges all of it for another version, and returns its name. */
  public String update(Map<String, String> data) {
    try {
      String name = "..2026_11_22_10_15_30." + ++version;
      Path files = Files.createDirectory(volume.resolve(name));
      Files.setPosixFilePermissions(files, PosixFilePermissions.fromString("rwxr-xr-x"));
      for (Map.Entry<String, String> entry : data.entrySet()) {
        Path file = Files.writeString(files.resolve(entry.getKey()), entry.getValue());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
      }
      exchange(files);
      link(data);
      removeOthers(name);
      return name;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void exchange(Path files) throws IOException {
    Path next = Files.createSymbolicLink(volume.resolve("..data_tmp"), files.getFileName());
    Files.move(next, volume.resolve(DATA), StandardCopyOption.ATOMIC_MOVE);
  }

  private void link(Map<String, String> data) throws IOException {
    for (String name : data.keySet()) {
      if (!Files.exists(volume.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
        Files.createSymbolicLink(volume.resolve(name), Path.of(DATA, name));
      }
    }
  }

  /** The former version, and links that lead nowhere now. */
  private void removeOthers(String newest) throws IOException {
    try (Stream<Path> entries = Files.list(volume)) {
      for (Path entry : entries.toList()) {
        String name = entry.getFileName().toString();
        boolean stale = name.startsWith("..2026") ? !name.equals(newest) : !Files.exists(entry);
        if (stale) {
          Programs.run("rm", "-rf", entry.toString()).orFail();
        }
      }
    }
  }

  /** Returns the options of Docker that mount it where an agent on {@code root} looks for it. */
  public String[] mountedOn(HostRoot root) {
    return new String[] {"-v", volume + ":/mnt/root" + root.runtime() + "/config:ro"};
  }

  @Override
  public void close() {
    Programs.run("rm", "-rf", "--one-file-system", directory.toString()).orFail();
  }
}
