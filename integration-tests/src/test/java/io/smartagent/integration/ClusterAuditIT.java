package io.smartagent.integration;

import static io.smartagent.integration.Launches.assertNoStackTrace;
import static io.smartagent.integration.Launches.succeeded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smartagent.integration.machine.ApiServer;
import io.smartagent.integration.machine.Completed;
import io.smartagent.integration.machine.Kubectl;
import io.smartagent.integration.machine.Launcher;
import io.smartagent.integration.machine.SharedApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Audits a cluster with the image, as a ServiceAccount and without capabilities. One after the
 * other, for each has the server's objects to itself.
 */
@Execution(ExecutionMode.SAME_THREAD)
final class ClusterAuditIT {

  @RegisterExtension static final SharedApiServer SERVER = new SharedApiServer();

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PRIVILEGED =
      "containers: [{name: c, image: i, securityContext: {privileged: true}}]";
  private static final String MOUNTING =
      "containers: [{name: c, image: i, volumeMounts: [{name: v, mountPath: /v}]}]";

  private static boolean prepared;

  private final ApiServer server = SERVER.get();

  @TempDir private Path directory;

  /** One account may list what the documentation says, the others less or nothing. */
  @BeforeEach
  void prepare() {
    if (prepared) {
      return;
    }
    server.kubectl().run("create", "namespace", "audited").orFail();
    for (String account : List.of("auditor", "partial", "narrow")) {
      server.kubectl().run("create", "serviceaccount", account).orFail();
    }
    String core = rule("", "pods, podtemplates, replicationcontrollers");
    String apps = rule("apps", "daemonsets, deployments, replicasets, statefulsets");
    String batch = rule("batch", "cronjobs, jobs");
    server
        .kubectl()
        .apply(
            Kubectl.clusterRole(
                "auditor", rule("", "persistentvolumes") + core + apps + batch, "auditor"));
    server.kubectl().apply(Kubectl.clusterRole("partial", core + apps, "partial"));
    server
        .kubectl()
        .apply(
            Kubectl.clusterRole("narrow", core + apps + batch, "narrow")
                .replace(
                    "kind: ClusterRole\nmetadata: {", "kind: Role\nmetadata: {namespace: audited, ")
                .replace("kind: ClusterRole,", "kind: Role,")
                .replace(
                    "kind: ClusterRoleBinding\nmetadata: {",
                    "kind: RoleBinding\nmetadata: {namespace: audited, "));
    server.kubectl().apply(workloads());
    prepared = true;
  }

  private static String rule(String group, String resources) {
    return "- {apiGroups: [\"" + group + "\"], resources: [" + resources + "], verbs: [list]}\n";
  }

  /** What controllers would have made is made here, for there are none. */
  private static String workloads() {
    String template = "template: {metadata: {labels: {a: b}}, spec: {%s}}";
    String selector = "selector: {matchLabels: {a: b}}, ";
    String once = "template: {spec: {restartPolicy: Never, " + PRIVILEGED + "}}";
    List<String> objects = new ArrayList<>();
    objects.add(
        object("apps/v1", "Deployment", "web", "", selector + template.formatted(PRIVILEGED)));
    for (int revision = 0; revision < 2; revision++) {
      objects.add(
          object(
              "apps/v1",
              "ReplicaSet",
              "web-" + revision,
              "apps/v1 Deployment web",
              "replicas: " + revision * 2 + ", " + selector + template.formatted(PRIVILEGED)));
    }
    objects.add(object("v1", "Pod", "web-1-a", "apps/v1 ReplicaSet web-1", PRIVILEGED));
    objects.add(object("v1", "Pod", "web-1-b", "apps/v1 ReplicaSet web-1", PRIVILEGED));
    objects.add(
        object(
            "apps/v1",
            "Deployment",
            "asleep",
            "",
            "replicas: 0, " + selector + template.formatted(PRIVILEGED)));
    objects.add(
        object(
            "batch/v1",
            "CronJob",
            "nightly",
            "",
            "schedule: \"0 0 * * *\", jobTemplate: {spec: {" + once + "}}"));
    objects.add(object("batch/v1", "Job", "nightly-1", "batch/v1 CronJob nightly", once));
    objects.add(
        object(
            "apps/v1", "DaemonSet", "everywhere", "", selector + template.formatted(PRIVILEGED)));
    objects.add(
        object(
            "apps/v1",
            "StatefulSet",
            "store",
            "",
            "serviceName: s, "
                + selector
                + template.formatted(MOUNTING)
                + ", volumeClaimTemplates: [{metadata: {name: v}, spec: {accessModes:"
                + " [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]"));
    objects.add(
        object(
            "v1",
            "Pod",
            "store-0",
            "apps/v1 StatefulSet store",
            "volumes: [{name: v, persistentVolumeClaim: {claimName: v-store-0}}], " + MOUNTING));
    objects.add(
        """
        apiVersion: v1
        kind: PersistentVolume
        metadata: {name: disk}
        spec:
          capacity: {storage: 1Gi}
          accessModes: [ReadWriteOnce]
          claimRef: {namespace: audited, name: v-store-0}
          hostPath: {path: /var/lib/kubelet/pods}
        """);
    objects.add(
        object(
            "v1",
            "ReplicationController",
            "old",
            "",
            "selector: {a: b}, " + template.formatted(PRIVILEGED)));
    objects.add(object("v1", "Pod", "static-node1", "v1 Node node1", PRIVILEGED));
    objects.add(object("v1", "Pod", "harmless", "", "containers: [{name: c, image: i}]"));
    return String.join("---\n", objects);
  }

  private static String object(
      String version, String kind, String name, String owner, String spec) {
    String[] words = owner.split(" ", -1);
    String reference =
        owner.isEmpty()
            ? ""
            : ", ownerReferences: [{controller: true, uid: u, apiVersion: "
                + words[0]
                + ", kind: "
                + words[1]
                + ", name: "
                + words[2]
                + "}]";
    return "apiVersion: %s\nkind: %s\nmetadata: {namespace: audited, name: %s%s}\nspec: {%s}\n"
        .formatted(version, kind, name, reference, spec);
  }

  /** The kubeconfig that people pass on: all is in the one file. */
  private Path kubeconfig(String url, String token) throws IOException {
    String authority =
        Base64.getEncoder().encodeToString(Files.readAllBytes(server.certificateAuthority()));
    Path file = directory.resolve("config");
    Files.writeString(
        file,
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: it, cluster: {server: "%s", certificate-authority-data: "%s"}}]
        users: [{name: it, user: {token: "%s"}}]
        contexts: [{name: it, context: {cluster: it, user: it}}]
        current-context: it
        """
            .formatted(url, authority, token));
    return file;
  }

  private Completed auditAs(String account, String... words) throws IOException {
    kubeconfig(server.url(), server.token("default", account));
    return audit(words);
  }

  private Completed audit(String... words) {
    List<String> command = new ArrayList<>(List.of("audit", "--cluster"));
    command.addAll(List.of(words));
    return Launcher.withoutHostRoot()
        .withoutAnyCapability()
        .withOwnProcesses()
        .option("--memory", "256m", "--security-opt", "no-new-privileges")
        .environment("KUBECONFIG", "/kube/config")
        .mounts(List.of("-v", directory + ":/kube:ro"))
        .invoke(command);
  }

  private static List<String> found(Completed completed) throws IOException {
    List<String> found = new ArrayList<>();
    for (JsonNode owner : JSON.readTree(completed.output()).get("owners")) {
      for (JsonNode container : owner.get("containers")) {
        found.add(
            owner.get("kind").asText()
                + "/"
                + owner.get("name").asText()
                + " "
                + container.get("type").asText()
                + " "
                + container.get("level").asText()
                + " "
                + container.get("pods").asInt());
      }
    }
    return found;
  }

  private void debug(String pod) throws IOException {
    Path file = directory.resolve("debug.json");
    Files.writeString(
        file,
        "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\""
            + pod
            + "\",\"namespace\":\"audited\"},\"spec\":{\"ephemeralContainers\":[{\"name\":\"debugger\","
            + "\"image\":\"i\",\"terminationMessagePolicy\":\"File\",\"imagePullPolicy\":\"Always\","
            + "\"securityContext\":{\"privileged\":true}}]}}");
    server
        .kubectl()
        .run(
            "patch",
            "pod",
            pod,
            "-n",
            "audited",
            "--subresource=ephemeralcontainers",
            "--patch-file",
            file.toString())
        .orFail();
  }

  @Test
  void listsEachWorkloadOnceBelowItsOwner() throws IOException {
    debug("harmless");
    Completed completed = auditAs("auditor", "--format", "json", "--fail");
    assertThat(completed.exitCode()).as("%s", completed).isEqualTo(1);
    assertThat(completed.error()).isEmpty();
    assertThat(found(completed))
        .containsExactly(
            "CronJob/nightly container privileged 0",
            "DaemonSet/everywhere container privileged 0",
            "Deployment/asleep container privileged 0",
            "Deployment/web container privileged 2",
            "Pod/harmless ephemeral privileged 1",
            "Pod/static-node1 container privileged 1",
            "ReplicationController/old container privileged 0",
            "StatefulSet/store container equivalent 1");
    JsonNode summary = JSON.readTree(completed.output()).get("summary");
    assertThat(summary.get("inactiveWorkloads").asInt()).isEqualTo(1);
  }

  @Test
  void readsListsThatAreLongerThanAChunk() throws IOException {
    int pods = 510;
    StringBuilder list = new StringBuilder();
    for (int i = 0; i < pods; i++) {
      list.append(
              object("v1", "Pod", "p" + i, "v1 Node node", PRIVILEGED).replace("audited", "many"))
          .append("---\n");
    }
    Path file = directory.resolve("many.yaml");
    Files.writeString(file, list);
    server.kubectl().run("create", "namespace", "many").orFail();
    server.kubectl().run("create", "-f", file.toString(), "--validate=false").orFail();
    Completed completed = auditAs("auditor", "--format=json", "--namespace=many");
    server
        .kubectl()
        .run("delete", "pods", "-n", "many", "--all", "--wait=false", "--force")
        .orFail();
    assertThat(found(succeeded(completed))).hasSize(pods);
  }

  @Test
  void namesTheRuleThatIsMissingAndThatRuleIsEnough() throws IOException {
    Completed refused = auditAs("partial", "--format", "json");
    assertThat(refused.exitCode()).as("%s", refused).isEqualTo(Launches.NOT_PERMITTED);
    assertNoStackTrace(refused);
    assertThat(refused.error())
        .contains("/apis/batch/v1/cronjobs, /apis/batch/v1/jobs: ")
        .contains("system:serviceaccount:default:partial");
    assertThat(found(refused))
        .contains("Deployment/web container privileged 2")
        .doesNotContain("CronJob/nightly container privileged 0");
    String rules =
        String.join("\n", refused.error().lines().filter(line -> line.matches("[- ] .*")).toList());
    server.kubectl().apply(Kubectl.clusterRole("missing", rules, "partial"));
    await("the new rule")
        .atMost(Duration.ofSeconds(20))
        .until(() -> auditAs("partial", "--format", "json").exitCode() == 0);
    Completed allowed = auditAs("partial", "--format", "json");
    assertThat(succeeded(allowed).error()).isEmpty();
    assertThat(found(allowed)).contains("CronJob/nightly container privileged 0");
  }

  @Test
  void needsARoleInOneNamespaceOnlyWhereItReadsThat() throws IOException {
    Completed completed = auditAs("narrow", "--namespace", "audited", "--format", "json");
    assertThat(found(succeeded(completed)))
        .contains("Deployment/web container privileged 2")
        .doesNotContain("StatefulSet/store container equivalent 1");
    assertThat(completed.error())
        .startsWith("Paths of the host behind PersistentVolumeClaims are not known.")
        .contains("resources: [\"persistentvolumes\"]");
  }

  @Test
  void readsItsOwnClusterInAPod() throws IOException {
    Files.writeString(directory.resolve("token"), server.token("default", "auditor"));
    Files.copy(server.certificateAuthority(), directory.resolve("ca.crt"));
    Completed completed =
        Launcher.withoutHostRoot()
            .withoutAnyCapability()
            .withOwnProcesses()
            .environment("KUBERNETES_SERVICE_HOST", "127.0.0.1")
            .environment("KUBERNETES_SERVICE_PORT", Integer.toString(server.port()))
            .environment("HOME", "/nonexistent")
            .mounts(List.of("-v", directory + ":/var/run/secrets/kubernetes.io/serviceaccount:ro"))
            .invoke(List.of("audit", "--cluster", "--format=json"));
    assertThat(found(succeeded(completed))).contains("Deployment/web container privileged 2");
  }

  @Test
  void saysWhatIsWrongWithTheClusterAndNeverTheToken() throws IOException {
    kubeconfig("https://127.0.0.1:1", "s3cr3t");
    refused(
        audit(), Launches.UNAVAILABLE, "The API server at https://127.0.0.1:1 cannot be reached");
    kubeconfig(server.url(), "s3cr3t");
    refused(audit("--fail"), Launches.NOT_PERMITTED, "(401 Unauthorized)");
    refused(
        audit("--context", "c"), Launches.CONFIGURATION, "The kubeconfig has no context \"c\".");
    refused(audit("--kubeconfig=/k"), Launches.CONFIGURATION, "\"/k\" cannot be read.");
    Files.writeString(directory.resolve("config"), "users: [{user: {token: s3cr3t}}");
    refused(audit(), Launches.CONFIGURATION, "\"/kube/config\" is no kubeconfig");
  }

  private static void refused(Completed completed, int exitCode, String fault) {
    assertThat(completed.exitCode()).as("%s", completed).isEqualTo(exitCode);
    assertNoStackTrace(completed);
    assertThat(completed.error()).startsWith("smartagent: ").contains(fault);
    assertThat(completed.everything()).doesNotContain("s3cr3t");
  }
}
