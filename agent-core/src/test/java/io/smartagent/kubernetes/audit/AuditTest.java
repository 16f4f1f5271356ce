package io.smartagent.kubernetes.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.json.JsonTree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AuditTest {

  private static final String SPEC =
      "{containers: [{name: c, securityContext: {privileged: true}}]}";

  private static List<String> owners(String manifest) {
    return Audited.manifest(Level.EQUIVALENT, manifest).owners().keySet().stream()
        .map(Owner::toString)
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Pod                   | spec: %s
          PodTemplate           | template: {spec: %s}
          Deployment            | spec: {template: {spec: %s}}
          DaemonSet             | spec: {template: {spec: %s}}
          StatefulSet           | spec: {template: {spec: %s}}
          ReplicaSet            | spec: {template: {spec: %s}}
          ReplicationController | spec: {template: {spec: %s}}
          Job                   | spec: {template: {spec: %s}}
          CronJob               | spec: {jobTemplate: {spec: {template: {spec: %s}}}}
          Rollout               | spec: {template: {spec: %s}}
          """)
  void looksIntoEveryKindOfWorkload(String kind, String fields) {
    String manifest =
        "kind: " + kind + "\nmetadata: {name: w, namespace: n}\n" + fields.replace("%s", SPEC);
    assertThat(owners(manifest)).containsExactly("n/" + kind + "/w");
  }

  @Test
  void reportsClaimsThatTooManyWorkloadsWaitFor() {
    StringBuilder pods = new StringBuilder();
    for (int i = 0; i < 1002; i++) {
      pods.append(
          """
          kind: Pod
          metadata: {name: p%d}
          spec:
            volumes: [{name: v, persistentVolumeClaim: {claimName: data}}]
            containers: [{name: c, volumeMounts: [{name: v, mountPath: /v}]}]
          ---
          """
              .formatted(i));
    }
    String volume =
        """
        kind: PersistentVolume
        metadata: {name: pv}
        spec: {hostPath: {path: /etc}, claimRef: {namespace: default, name: data}}
        ---
        """;

    assertThat(Audited.manifest(Level.WEAKENED, pods + volume).notes())
        .containsExactly(
            "Paths behind the claims of 2 workloads are not known: put PersistentVolumes first.");
    assertThat(Audited.manifest(Level.WEAKENED, volume + pods).notes()).isEmpty();
  }

  @Test
  void skipsOtherKindsSilently() {
    AuditReport report =
        Audited.manifest(
            Level.WEAKENED,
            "kind: ConfigMap\n---\nkind: X\nspec: {containers: 3, template: x}\n---\nfoo: 1\n");
    assertThat(report.problems()).isEmpty();
    assertThat(report.counts().skipped()).isEqualTo(3);
    assertThat(report.counts().workloads()).isZero();
  }

  @Test
  void looksIntoContainersOfEveryType() {
    AuditReport report =
        Audited.manifest(
            Level.PRIVILEGED,
            """
            kind: Pod
            metadata: {name: p}
            spec:
              initContainers:
              - {name: i, securityContext: {privileged: true}}
              - {name: s, restartPolicy: Always, securityContext: {privileged: true}}
              containers: [{name: c, securityContext: {privileged: true}}]
              ephemeralContainers: [{name: e, securityContext: {privileged: true}}]
            """);
    assertThat(report.owners().values())
        .singleElement()
        .satisfies(containers ->
            assertThat(containers)
                .extracting(each -> each.type().id() + " " + each.name() + " " + each.location())
                .containsExactly(
                    "init i m.yaml:5",
                    "sidecar s m.yaml:6",
                    "container c m.yaml:7",
                    "ephemeral e m.yaml:8"));
  }

  private static String owned(String kind, String name, String owner, String more) {
    return "- {kind: "
        + kind
        + ", metadata: {namespace: n, name: "
        + name
        + ", ownerReferences: [{kind: "
        + owner.replace("/", ", name: ")
        + ", controller: true}]"
        + more
        + ", spec: "
        + (kind.equals("Pod") ? SPEC : "{replicas: 1, template: {spec: " + SPEC + "}}")
        + "}\n";
  }

  @Test
  void reportsThePodsOfOneControllerAsOne() {
    String label = ", labels: {pod-template-hash: 5d4f}}";
    AuditReport report =
        Audited.manifest(
            Level.PRIVILEGED,
            "kind: List\nitems:\n"
                + owned("Pod", "web-1", "ReplicaSet/web-5d4f", label)
                + owned("Pod", "web-2", "ReplicaSet/web-5d4f", label)
                + owned("Pod", "job-1-x", "Job/job-1", "}")
                + owned("Job", "job-1", "CronJob/job", "}")
                + owned("Pod", "static-node1", "Node/node1", "}"));
    assertThat(report.owners().keySet().stream().map(Owner::toString))
        .containsExactly("n/CronJob/job", "n/Deployment/web", "n/Pod/static-node1");
    assertThat(report.owners().values())
        .allMatch(containers -> containers.size() == 1)
        .extracting(containers -> containers.getFirst().pods())
        .containsExactly(1, 2, 1);
  }

  @Test
  void leavesFormerRevisionsOut() {
    AuditReport report =
        Audited.manifest(
            Level.PRIVILEGED,
            "kind: ReplicaSet\nmetadata: {name: w-1, ownerReferences: [{kind: Deployment, name: w,"
                + " controller: true}]}\nspec: {replicas: 0, template: {spec: "
                + SPEC
                + "}}\n");
    assertThat(report.foundAny()).isFalse();
    assertThat(report.counts().inactive()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"PRIVILEGED, 1", "EQUIVALENT, 2", "WEAKENED, 3"})
  void listsFromTheLevelThatIsAskedFor(Level level, int containers) {
    AuditReport report =
        Audited.manifest(
            level,
            """
            kind: Pod
            metadata: {name: p}
            spec:
              containers:
              - {name: a, securityContext: {privileged: true}}
              - {name: b, securityContext: {capabilities: {add: [SYS_ADMIN]}}}
              - {name: c, securityContext: {runAsUser: 0}}
              - {name: d}
            """);
    assertThat(report.owners().values())
        .singleElement()
        .satisfies(listed -> assertThat(listed).hasSize(containers));
  }

  private static AuditReport mixed() {
    return Audited.manifest(
        Level.EQUIVALENT,
        """
        kind: DaemonSet
        metadata: {name: "evil\\e[2Jname", namespace: kube-system}
        spec:
          template:
            spec:
              volumes: [{name: v, hostPath: {path: /var/lib/kubelet/pods}}]
              containers:
              - name: csi
                securityContext: {privileged: true}
                volumeMounts: [{name: v, mountPath: /pods, mountPropagation: Bidirectional}]
              - name: other
                securityContext: {privileged: true}
              - name: third
                securityContext: {capabilities: {add: [SYS_MODULE]}}
        ---
        kind: [
        """);
  }

  @Test
  void writesTheContractOfItsJson() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    AuditJson.write(mixed(), out);
    JsonTree json = JsonTree.parse(out.toByteArray());
    assertThat(json.names())
        .containsExactly("schemaVersion", "summary", "owners", "notes", "problems");
    assertThat(json.get("summary").get("privileged").number()).isEqualTo(2);
    assertThat(json.get("summary").get("equivalent").number()).isEqualTo(1);
    assertThat(json.get("summary").get("cannotBeDemoted").number()).isEqualTo(1);
    JsonTree owner = json.get("owners").items().getFirst();
    assertThat(owner.get("namespace").text()).isEqualTo("kube-system");
    JsonTree csi = owner.get("containers").items().getFirst();
    assertThat(csi.get("name").text()).isEqualTo("csi");
    assertThat(csi.get("location").get("line").number()).isEqualTo(8);
    assertThat(csi.get("demotion").get("possible").isTrue()).isFalse();
    assertThat(csi.get("demotion").get("obstacles").items().getFirst().get("id").text())
        .isEqualTo("bidirectional-propagation");
    JsonTree other = owner.get("containers").items().get(1);
    assertThat(other.get("demotion").get("securityContext").text())
        .startsWith("securityContext:\n  privileged: false\n");
    assertThat(json.get("problems").items()).hasSize(1);
  }

  @Test
  void writesSarifWithTheLineOfEachFinding() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    AuditSarif.write(mixed(), out);
    JsonTree log = JsonTree.parse(out.toByteArray());
    JsonTree run = log.get("runs").items().getFirst();
    assertThat(log.get("version").text()).isEqualTo("2.1.0");
    JsonTree first = run.get("results").items().getFirst();
    assertThat(first.get("ruleId").text()).isEqualTo("privileged");
    assertThat(first.get("level").text()).isEqualTo("error");
    assertThat(first.get("message").get("text").text()).contains("It cannot be demoted as it is.");
    JsonTree place = first.get("locations").items().getFirst().get("physicalLocation");
    assertThat(place.get("artifactLocation").get("uri").text()).isEqualTo("m.yaml");
    assertThat(place.get("region").get("startLine").number()).isEqualTo(9);
    assertThat(run.get("invocations").items().getFirst().get("executionSuccessful").isTrue())
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource({"80", "120", "60"})
  void fitsATerminalAndCommandsNone(int width) {
    String table = AuditTable.blocks(mixed(), width);
    assertThat(table)
        .contains("CANNOT be demoted as it is:")
        .contains("CAN be demoted.")
        .doesNotContain("\u001b");
    assertThat(table.lines().filter(line -> line.indexOf(' ', 30) > 0))
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(width));
  }

  @Test
  void hasALineForEachContainerWhereItIsWide() {
    assertThat(AuditTable.wide(mixed()).lines())
        .hasSize(4)
        .anySatisfy(line ->
            assertThat(line)
                .matches(
                    "kube-system +DaemonSet +evil\\?\\[2Jname +csi +container +privileged"
                        + " +impossible +bidirectional-propagation .*m\\.yaml:8"));
    assertThat(AuditTable.wide(mixed()).getBytes(StandardCharsets.UTF_8)).isNotEmpty();
  }
}
