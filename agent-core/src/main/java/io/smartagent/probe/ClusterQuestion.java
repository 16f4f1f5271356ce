package io.smartagent.probe;

import java.util.Map;

/**
 * Where a pod's ServiceAccount is looked for.
 *
 * @param server of Kubernetes' API, {@code https://HOST:PORT}; empty outside of a pod
 * @param directory of the host that a projected volume of it is mounted at
 */
public record ClusterQuestion(String server, String directory) {

  /** Outside of a pod. */
  public static final ClusterQuestion NOWHERE = new ClusterQuestion("", "");

  /** Where kubelet mounts the account, unless automountServiceAccountToken is false. */
  public static final String AUTOMOUNTED = "/var/run/secrets/kubernetes.io/serviceaccount";

  /** The directory in the runtime data directory that a projected volume is mounted at. */
  public static final String DIRECTORY_NAME = "serviceaccount";

  /** The token's file in either directory. */
  public static final String TOKEN = "/token";

  /** The variable that kubelet sets in every container, unless the pod forbids it. */
  public static final String HOST_VARIABLE = "KUBERNETES_SERVICE_HOST";

  private static final String PORT_VARIABLE = "KUBERNETES_SERVICE_PORT";
  private static final String DEFAULT_PORT = "443";

  /**
   * Returns where to look.
   *
   * @param environment of the container
   * @param directory of the host that a projected volume is mounted at
   */
  public static ClusterQuestion of(Map<String, String> environment, String directory) {
    String host = environment.getOrDefault(HOST_VARIABLE, "").strip();
    String port = environment.getOrDefault(PORT_VARIABLE, "").strip();
    if (host.isEmpty()) {
      return NOWHERE;
    }
    String address = host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
    return new ClusterQuestion(
        "https://" + address + ":" + (port.isEmpty() ? DEFAULT_PORT : port), directory);
  }
}
