package io.smartagent.kubernetes.manifest;

/**
 * A directory of the host in the container, below {@code /mnt/root}.
 *
 * @param name of the volume
 * @param path on the host
 * @param readOnly whether the container can only read it
 * @param create whether kubelet makes it where the host has none
 * @param reason who needs it for what, as a sentence
 */
public record HostMount(String name, String path, boolean readOnly, boolean create, String reason) {

  /** Where the launcher looks for the host's root. */
  static final String HOST_ROOT = "/mnt/root";

  /** Returns the same mount of another directory. */
  HostMount at(String directory, String why) {
    return new HostMount(name, directory, readOnly, create, why);
  }

  /** Returns where it is in the container. */
  public String mountPath() {
    return path.equals("/") ? HOST_ROOT : HOST_ROOT + path;
  }
}
