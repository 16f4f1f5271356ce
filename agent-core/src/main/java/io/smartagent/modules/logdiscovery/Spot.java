package io.smartagent.modules.logdiscovery;

/** A way to a file. Only {@link CarefulFiles} goes it. */
sealed interface Spot {

  /** The file that a process has open, whatever its path leads to by now. */
  record Held(int pid, int descriptor) implements Spot {}

  /**
   * A path within a directory of the host: links on the way do not lead out of it.
   *
   * @param directory empty for the host's root
   */
  record InHost(String directory, String path) implements Spot {
    @Override
    public String toString() {
      return directory + path;
    }
  }

  /** A path of the host that may end with a link: what it leads to, within the host's root. */
  record Linked(String path) implements Spot {}

  /** A path within the root of a process. */
  record InProcess(int pid, String path) implements Spot {}
}
