package io.smartagent.integration.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * The volume that kubelet keeps a ServiceAccount's token in: each version of its files is a
 * directory, and a link to the newest is exchanged for another (Kubernetes
 * pkg/volume/util/atomic_writer.go).
 */
public final class ServiceAccountVolume implements AutoCloseable {

  /** Where kubelet mounts it by itself. */
  private static final String AUTOMOUNTED = "/var/run/secrets/kubernetes.io/serviceaccount";

  private final Path directory = HostRoot.newPrivateScratch();
  private final Path volume = HostRoot.makeDirectory(directory.resolve("volume"));
  private final String namespace;
  private int version;
  private String token = "";
  private String authorities = "";

  private ServiceAccountVolume(String namespace) {
    this.namespace = namespace;
  }

  /** Returns the volume of an account that no server knows. */
  public static ServiceAccountVolume holding(String token) {
    ServiceAccountVolume volume = new ServiceAccountVolume("default");
    volume.write(token, "");
    return volume;
  }

  /** Returns the volume of an account of a server. */
  public static ServiceAccountVolume of(ApiServer server, String namespace, String account) {
    ServiceAccountVolume volume = new ServiceAccountVolume(namespace);
    try {
      volume.write(
          server.token(namespace, account), Files.readString(server.certificateAuthority()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return volume;
  }

  /** Exchanges the token as kubelet does before it ends. */
  public void renew(String newToken) {
    write(newToken, authorities);
  }

  /** Exchanges the authorities' certificates. */
  public void replaceAuthorities(String pem) {
    write(token, pem);
  }

  private void write(String newToken, String newAuthorities) {
    token = newToken;
    authorities = newAuthorities;
    try {
      Path files = Files.createDirectory(volume.resolve("..version-" + ++version));
      Files.setPosixFilePermissions(files, PosixFilePermissions.fromString("rwxr-xr-x"));
      fill(files, newToken, newAuthorities, namespace);
      Path next = Files.createSymbolicLink(volume.resolve("..next"), files.getFileName());
      Files.move(next, volume.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
      for (String name : List.of("token", "ca.crt", "namespace")) {
        if (version == 1) {
          Files.createSymbolicLink(volume.resolve(name), Path.of("..data", name));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes the files of an account in a directory. */
  static void fill(Path directory, String token, String authorities, String namespace) {
    try {
      put(directory.resolve("token"), token);
      put(directory.resolve("ca.crt"), authorities);
      put(directory.resolve("namespace"), namespace);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void put(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
  }

  /** Returns the options of Docker that mount it where kubelet does by itself. */
  public String[] automounted() {
    return new String[] {"-v", volume + ":" + AUTOMOUNTED + ":ro"};
  }

  /** Returns the options of Docker that mount it where an agent on {@code root} will see it. */
  public String[] projected(HostRoot root) {
    return new String[] {"-v", volume + ":/mnt/root" + root.runtime() + "/serviceaccount:ro"};
  }

  @Override
  public void close() {
    Programs.run("rm", "-rf", "--one-file-system", directory.toString()).orFail();
  }
}
