package io.smartagent.integration.machine;

import static io.smartagent.integration.machine.Programs.run;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Kubernetes' API as the project itself builds it: a kube-apiserver above an etcd, with RBAC, on
 * free ports of 127.0.0.1, with keys and certificates of their own. There is no controller, no
 * scheduler and no kubelet: nothing changes what a test puts there, and a pod is on the node that
 * the test says.
 */
public final class ApiServer implements AutoCloseable {

  /** A busy machine takes a multiple of the eight seconds that an idle one does. */
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  private static final Pattern VERSION = Pattern.compile("Kubernetes v(\\d+\\.\\d+)");

  private final Path directory;
  private final String url;
  private final String program;
  private final Certificates certificates;
  private final Daemon etcd;
  private final Daemon server;
  private final Kubectl kubectl;

  private ApiServer(String program, Path directory) {
    this.program = program;
    this.directory = directory;
    int port = Launcher.freePort();
    this.url = "https://127.0.0.1:" + port;
    this.certificates = new Certificates(directory);
    certificates.server("server");
    certificates.user("admin", "system:masters");
    certificates.keys("accounts");
    String store = "http://127.0.0.1:" + Launcher.freePort();
    this.etcd = etcd(store);
    this.server = server(store, port);
    this.kubectl = Kubectl.of(kubeconfig("admin"));
  }

  /**
   * Starts a server with nothing in it.
   *
   * @throws org.opentest4j.TestAbortedException where this machine cannot have one; it says why
   */
  static ApiServer start() {
    String program = ApiServerProgram.findOrAbort();
    ApiServer started = new ApiServer(program, HostRoot.newPrivateScratch());
    try {
      started.etcd.start();
      started.resumeAfterStop();
      return started;
    } catch (RuntimeException | Error e) {
      started.close();
      throw e;
    }
  }

  private Daemon etcd(String address) {
    String peers = "http://127.0.0.1:" + Launcher.freePort();
    return new Daemon(
        List.of(
            "etcd",
            "--name=it",
            "--data-dir=" + directory.resolve("etcd"),
            "--listen-client-urls=" + address,
            "--advertise-client-urls=" + address,
            "--listen-peer-urls=" + peers,
            "--initial-advertise-peer-urls=" + peers,
            "--initial-cluster=it=" + peers,
            "--logger=zap",
            "--log-outputs=stderr",
            "--log-level=warn"),
        // Debian's 3.4 asks for this on that machine.
        Map.of("ETCD_UNSUPPORTED_ARCH", "aarch64".equals(machine()) ? "arm64" : ""),
        directory.resolve("etcd.log"));
  }

  private Daemon server(String store, int port) {
    return new Daemon(
        List.of(
            program,
            "--etcd-servers=" + store,
            "--bind-address=127.0.0.1",
            "--secure-port=" + port,
            // It refuses to advertise a loopback address, and no client is to connect: RFC 5737.
            "--advertise-address=192.0.2.1",
            "--endpoint-reconciler-type=none",
            "--tls-cert-file=" + certificates.certificate("server"),
            "--tls-private-key-file=" + certificates.key("server"),
            "--client-ca-file=" + certificates.certificate("ca"),
            "--authorization-mode=Node,RBAC",
            "--service-account-issuer=https://kubernetes.default.svc",
            "--service-account-key-file=" + certificates.publicKey("accounts"),
            "--service-account-signing-key-file=" + certificates.key("accounts"),
            "--service-cluster-ip-range=10.96.0.0/16",
            // Without a controller no namespace has the account that pods have by default.
            "--disable-admission-plugins=ServiceAccount",
            "--cert-dir=" + directory.resolve("generated"),
            "--allow-privileged=true"),
        Map.of(),
        directory.resolve("kube-apiserver.log"));
  }

  private static String machine() {
    return run("uname", "-m").orFail().out().strip();
  }

  /**
   * Returns the command line of a ServiceAccount's pod on a node, by impersonation: with the claim
   * that the token of such a pod holds (KEP-4193).
   */
  public Kubectl asPodOf(String namespace, String account, String node) {
    Path file = directory.resolve("pod-of-" + account + "-" + node + ".kubeconfig");
    String pod = "system:serviceaccount:" + namespace + ":" + account;
    write(
        file,
        kubeconfigText("admin")
            .replace(
                "}\ncontexts:",
                ", as: \""
                    + pod
                    + "\", as-groups: [\"system:serviceaccounts\"],"
                    + " as-user-extra: {authentication.kubernetes.io/node-name: [\""
                    + node
                    + "\"]}}\ncontexts:"));
    return Kubectl.of(file);
  }

  /** Writes the kubeconfig of a user who has a certificate. */
  private Path kubeconfig(String user) {
    Path file = directory.resolve(user + ".kubeconfig");
    write(file, kubeconfigText(user));
    return file;
  }

  private String kubeconfigText(String user) {
    return """
    apiVersion: v1
    kind: Config
    clusters:
    - name: it
      cluster: {server: "%s", certificate-authority: "%s"}
    users:
    - name: it
      user: {client-certificate: "%s", client-key: "%s"}
    contexts:
    - name: it
      context: {cluster: it, user: it}
    current-context: it
    """
        .formatted(
            url,
            certificates.certificate("ca"),
            certificates.certificate(user),
            certificates.key(user));
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Starts a node of this cluster, and the controllers and the scheduler that put a DaemonSet's
   * pods on it; to be closed before this.
   *
   * @throws org.opentest4j.TestAbortedException where this machine cannot have one; it says why
   */
  public KubernetesNode startNode(String name) {
    certificates.user("system:node:" + name, "system:nodes");
    return KubernetesNode.start(
        name,
        new KubernetesNode.Credentials(
            kubeconfig("system:node:" + name),
            kubeconfig("admin"),
            certificateAuthority(),
            Path.of(certificates.key("accounts"))),
        kubectl);
  }

  /** Returns where it is: {@code https://127.0.0.1:PORT}. */
  public String url() {
    return url;
  }

  /** Returns the port of 127.0.0.1 that it is at. */
  public int port() {
    return Integer.parseInt(url.substring(url.lastIndexOf(':') + 1));
  }

  /** Returns the certificate of the authority that its own one is signed by. */
  public Path certificateAuthority() {
    return Path.of(certificates.certificate("ca"));
  }

  /** Returns a kubeconfig of a ServiceAccount with all in the one file, as people pass it on. */
  public String kubeconfigOf(String namespace, String account) {
    try {
      return """
      apiVersion: v1
      kind: Config
      clusters: [{name: it, cluster: {server: "%s", certificate-authority-data: "%s"}}]
      users: [{name: it, user: {token: "%s"}}]
      contexts: [{name: it, context: {cluster: it, user: it}}]
      current-context: it
      """
          .formatted(
              url,
              Base64.getEncoder().encodeToString(Files.readAllBytes(certificateAuthority())),
              token(namespace, account));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns its version as {@code 1.34}. */
  public String version() {
    String text = run(program, "--version").orFail().out();
    Matcher matcher = VERSION.matcher(text);
    if (!matcher.find()) {
      throw new AssertionError("no version in: " + text);
    }
    return matcher.group(1);
  }

  /** Returns the command line of a user who may do everything. */
  public Kubectl kubectl() {
    return kubectl;
  }

  /**
   * Returns a token of a ServiceAccount, as kubelet gets it for a projected volume. It holds for
   * ten minutes, the shortest time that the server gives, or until the account is deleted.
   */
  public String token(String namespace, String account) {
    JsonNode answer =
        kubectl.post(
            "/api/v1/namespaces/" + namespace + "/serviceaccounts/" + account + "/token",
            """
            {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest",
             "spec": {"expirationSeconds": 600}}
            """);
    return answer.get("status").get("token").asText();
  }

  /** Ends the server as a crash does; what it has stored stays. */
  public void stop() {
    server.kill();
  }

  /** Starts the server after {@link #stop} and returns when it is ready. */
  public void resumeAfterStop() {
    server.start();
    await("readiness of " + program)
        .atMost(TIMEOUT)
        .pollInterval(Duration.ofMillis(200))
        .until(this::isReady);
  }

  private boolean isReady() {
    if (!server.isRunning() || !etcd.isRunning()) {
      throw new IllegalStateException(
          "ended before it was ready.\netcd:\n" + etcd.tail() + "\nserver:\n" + server.tail());
    }
    return kubectl.run("get", "--raw", "/readyz").exitCode() == 0;
  }

  /** Ends and starts the server: it knows no version of an object but the last. */
  public void restart() {
    stop();
    resumeAfterStop();
  }

  /** Stops the server, with all connections open, until {@link #unfreeze}. */
  public void freeze() {
    server.signal("STOP");
  }

  /** Has the server go on. */
  public void unfreeze() {
    server.signal("CONT");
  }

  /** Ends it and removes all that it has stored. */
  @Override
  public void close() {
    server.kill();
    etcd.kill();
    run("rm", "-rf", "--one-file-system", directory.toString()).orFail();
  }
}
