package io.smartagent.kubernetes.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.smartagent.config.ExitStatus;
import io.smartagent.kubernetes.audit.ApiLists.Page;
import io.smartagent.kubernetes.yaml.ManifestNode;
import io.smartagent.kubernetes.yaml.ManifestNode.Mapping;
import io.smartagent.kubernetes.yaml.ManifestProblem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ClusterAuditTest {

  private static final String PODS = "/api/v1/pods?status.phase!=Succeeded,status.phase!=Failed";
  private static final String PRIVILEGED =
      "{\"name\":\"c\",\"securityContext\":{\"privileged\":true}}";

  private final Server server = new Server();
  private final Audit audit = new Audit(Level.EQUIVALENT, (source, bytes, objects) -> {});
  private String namespace = "";

  /** Answers with empty lists where a test says nothing else. */
  private static final class Server implements ApiLists {

    final List<String> asked = new ArrayList<>();
    final Map<String, Page> answers = new HashMap<>();
    final Map<String, ListFailure> failures = new HashMap<>();

    @Override
    public Page page(Query query) throws ListFailure {
      String path =
          query.path()
              + (query.fieldSelector().isEmpty() ? "" : "?" + query.fieldSelector())
              + (query.continueToken().isEmpty() ? "" : " from " + query.continueToken());
      asked.add(path);
      ListFailure failure = failures.get(path);
      if (failure != null) {
        throw failure;
      }
      return answers.getOrDefault(path, list("X", ""));
    }
  }

  private static Page list(String kind, String next, String... items) {
    return new Page(kind, Stream.of(items).map(ClusterAuditTest::mapping), next);
  }

  private static Mapping mapping(String object) {
    return (Mapping) ManifestNode.of(Serialization.unmarshal(object, Map.class));
  }

  private static String object(String name, String owner, String spec) {
    String reference =
        owner.isEmpty()
            ? ""
            : ",\"ownerReferences\":[{\"controller\":true,\"kind\":\""
                + owner.replace("/", "\",\"name\":\"")
                + "\"}]";
    return "{\"metadata\":{\"namespace\":\"n\",\"name\":\""
        + name
        + "\""
        + reference
        + "},\"spec\":{"
        + spec
        + "}}";
  }

  private static String pod(String name, String owner, String... containers) {
    return object(name, owner, "\"containers\":[" + String.join(",", containers) + "]");
  }

  private static String template(String name, String owner, int replicas) {
    String pod = "{\"spec\":{\"containers\":[" + PRIVILEGED + "]}}";
    return object(name, owner, "\"replicas\":" + replicas + ",\"template\":" + pod);
  }

  private ExitStatus read() {
    return new ClusterAudit(audit, server, namespace).read();
  }

  private List<String> found() {
    List<String> found = new ArrayList<>();
    audit
        .report()
        .owners()
        .forEach((owner, containers) ->
            containers.forEach(each ->
                found.add(
                    owner + " " + each.level().id() + " " + each.pods() + " " + each.location())));
    return found;
  }

  private List<String> problems() {
    return audit.report().problems().stream().map(ManifestProblem::text).toList();
  }

  private static ListFailure failure(ListFailure.Kind kind, String token) {
    return new ListFailure(kind, "It is " + kind + ".", "Do.", token);
  }

  @Test
  void asksForEveryKindOfWorkloadInChunksAndForVolumesFirst() {
    assertThat(read()).isEqualTo(ExitStatus.OK);
    assertThat(server.asked)
        .containsExactly(
            "/api/v1/persistentvolumes",
            "/apis/apps/v1/daemonsets",
            "/apis/apps/v1/deployments",
            "/apis/apps/v1/replicasets",
            "/apis/apps/v1/statefulsets",
            "/apis/batch/v1/cronjobs",
            "/apis/batch/v1/jobs",
            PODS,
            "/api/v1/podtemplates",
            "/api/v1/replicationcontrollers");
    assertThat(audit.report().problems()).isEmpty();
    assertThat(audit.report().counts().sources()).isEqualTo(10);
  }

  @Test
  void asksForOneNamespaceAndAllVolumes() {
    namespace = "kube-system";
    read();
    assertThat(server.asked)
        .contains("/api/v1/persistentvolumes", "/apis/apps/v1/namespaces/kube-system/daemonsets");
  }

  @Test
  void reportsPodsBelowTheirControllerAndEachOnce() {
    server.answers.put(
        PODS,
        list(
            "Pod",
            "",
            pod("web-1-a", "ReplicaSet/web-1", PRIVILEGED),
            pod("web-1-b", "ReplicaSet/web-1", PRIVILEGED),
            pod("bare", "", PRIVILEGED),
            pod("etcd-node1", "Node/node1", PRIVILEGED)));
    server.answers.put(
        "/apis/apps/v1/replicasets",
        list(
            "ReplicaSet",
            "",
            template("web-0", "Deployment/web", 0),
            template("web-1", "Deployment/web", 2)));
    server.answers.put(
        "/apis/apps/v1/deployments",
        list("Deployment", "", template("web", "", 2), template("asleep", "", 0)));
    assertThat(read()).isEqualTo(ExitStatus.OK);
    assertThat(found())
        .containsExactly(
            "n/Deployment/asleep privileged 0 /apis/apps/v1/namespaces/n/deployments/asleep",
            "n/Deployment/web privileged 2 /apis/apps/v1/namespaces/n/deployments/web",
            "n/Pod/bare privileged 1 /api/v1/namespaces/n/pods/bare",
            "n/Pod/etcd-node1 privileged 1 /api/v1/namespaces/n/pods/etcd-node1");
    assertThat(audit.report().counts().inactive()).isEqualTo(1);
  }

  @Test
  void reportsOfATemplateOnlyWhatItsPodsDoNotShow() {
    server.answers.put(
        "/api/v1/persistentvolumes",
        list(
            "PersistentVolume",
            "",
            "{\"metadata\":{\"name\":\"pv\"},\"spec\":{\"hostPath\":{\"path\":\"/etc\"},"
                + "\"claimRef\":{\"namespace\":\"n\",\"name\":\"data-0\"}}}"));
    server.answers.put(
        "/apis/apps/v1/statefulsets", list("StatefulSet", "", template("db", "", 1)));
    String mounting =
        "{\"name\":\"c\",\"securityContext\":{\"privileged\":true},"
            + "\"volumeMounts\":[{\"name\":\"v\",\"mountPath\":\"/v\"}]}";
    String volumes =
        "\"volumes\":[{\"name\":\"v\",\"persistentVolumeClaim\":{\"claimName\":\"data-0\"}}],";
    server.answers.put(
        PODS,
        list(
            "Pod",
            "",
            object("db-0", "StatefulSet/db", volumes + "\"containers\":[" + mounting + "]")));
    read();
    assertThat(audit.report().owners().values())
        .singleElement()
        .satisfies(containers ->
            assertThat(containers)
                .singleElement()
                .satisfies(container ->
                    assertThat(Audited.findings(container))
                        .containsExactly(
                            "privileged privileged: privileged: true",
                            "equivalent host-path-as-root: hostPath /etc (writable)",
                            "weakened host-path-secrets: hostPath /etc (writable)")));
  }

  @Test
  void followsAListThroughItsChunks() {
    server.answers.put(PODS, list("Pod", "a b/+=", pod("p1", "", PRIVILEGED)));
    server.answers.put(PODS + " from a b/+=", list("Pod", "", pod("p2", "", PRIVILEGED)));
    assertThat(read()).isEqualTo(ExitStatus.OK);
    assertThat(found()).hasSize(2);
  }

  @Test
  void goesOnWithAListThatHasExpiredAndSaysSo() {
    server.answers.put(PODS, list("Pod", "one", pod("p1", "", PRIVILEGED)));
    server.failures.put(PODS + " from one", failure(ListFailure.Kind.EXPIRED, "two"));
    server.answers.put(PODS + " from two", list("Pod", "", pod("p2", "", PRIVILEGED)));
    assertThat(read()).isEqualTo(ExitStatus.OK);
    assertThat(found()).hasSize(2);
    assertThat(audit.report().notes())
        .singleElement()
        .asString()
        .startsWith("The list /api/v1/pods expired after 1 objects.");
  }

  @Test
  void reportsAListThatCannotBeContinued() {
    server.answers.put(PODS, list("Pod", "one", pod("p1", "", PRIVILEGED)));
    server.failures.put(PODS + " from one", failure(ListFailure.Kind.EXPIRED, ""));
    assertThat(read()).isEqualTo(ExitStatus.UNAVAILABLE);
    assertThat(problems()).containsExactly("/api/v1/pods: It is EXPIRED. Do.");
    assertThat(found()).hasSize(1);
  }

  @Test
  void namesOnceWhatOneMissingRuleHidesAndReadsTheRest() {
    server.failures.put(PODS, failure(ListFailure.Kind.FORBIDDEN, ""));
    server.failures.put("/api/v1/podtemplates", failure(ListFailure.Kind.FORBIDDEN, ""));
    server.answers.put("/apis/apps/v1/daemonsets", list("DaemonSet", "", template("d", "", 1)));
    assertThat(read()).isEqualTo(ExitStatus.NOT_PERMITTED);
    assertThat(problems())
        .containsExactly("/api/v1/pods, /api/v1/podtemplates: It is FORBIDDEN. Do.");
    assertThat(found()).hasSize(1);
  }

  @Test
  void canDoWithoutVolumesAndSaysSo() {
    server.failures.put("/api/v1/persistentvolumes", failure(ListFailure.Kind.FORBIDDEN, ""));
    assertThat(read()).isEqualTo(ExitStatus.OK);
    assertThat(problems()).isEmpty();
    assertThat(audit.report().notes()).singleElement().asString().endsWith("It is FORBIDDEN. Do.");
  }

  @ParameterizedTest
  @CsvSource({
    "UNAUTHORIZED, NOT_PERMITTED, 1",
    "NO_SERVER, UNAVAILABLE, 1",
    "OTHER, UNAVAILABLE, 10"
  })
  void asksNoFurtherWhereThatIsOfNoUse(ListFailure.Kind kind, ExitStatus status, int asked) {
    server.failures.put("/api/v1/persistentvolumes", failure(kind, ""));
    assertThat(read()).isEqualTo(status);
    assertThat(server.asked).hasSize(asked);
    assertThat(problems()).hasSize(1);
    assertThat(audit.report().notes()).isEmpty();
  }

  @Test
  void namesTheListsThatWereNotAskedFor() {
    server.failures.put(PODS, failure(ListFailure.Kind.NO_SERVER, ""));
    assertThat(read()).isEqualTo(ExitStatus.UNAVAILABLE);
    assertThat(problems()).containsExactly("The cluster: It is NO_SERVER. Do.");
    assertThat(audit.report().notes())
        .containsExactly(
            "So these were not asked for: /api/v1/podtemplates, /api/v1/replicationcontrollers.");
  }

  @Test
  void endsWhereAServerGivesTheSameChunkForever() {
    server.answers.put(PODS, list("Pod", "one"));
    server.answers.put(PODS + " from one", list("Pod", "one"));
    assertThat(read()).isEqualTo(ExitStatus.UNAVAILABLE);
  }
}
