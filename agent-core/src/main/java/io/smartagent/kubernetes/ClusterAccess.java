package io.smartagent.kubernetes;

/**
 * How the agent reaches its cluster's API, from inside the virtual root.
 *
 * @param server {@code https://HOST:PORT}
 * @param directory that kubelet keeps {@code token} and {@code ca.crt} in, as a projected volume;
 *     it writes both anew before they end
 * @param namespace of the agent's pod
 * @param nodeName of this node; empty where it is not known
 */
public record ClusterAccess(String server, String directory, String namespace, String nodeName) {

  /** Returns the file that holds the token now: it is to be read anew for each use. */
  public String tokenFile() {
    return directory + "/token";
  }

  /** Returns the file with the certificates of the authorities that sign the server's, in PEM. */
  public String authorityFile() {
    return directory + "/ca.crt";
  }
}
