package io.smartagent.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.smartagent.integration.machine.ApiServer;
import io.smartagent.integration.machine.Completed;
import io.smartagent.integration.machine.Kubectl;
import io.smartagent.integration.machine.SharedApiServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The server that other tests ask is a real one: it refuses what a cluster would refuse. One after
 * the other, for one of them restarts it.
 */
@Execution(ExecutionMode.SAME_THREAD)
final class ApiServerIT {

  @RegisterExtension static final SharedApiServer SERVER = new SharedApiServer();

  private final ApiServer server = SERVER.get();

  private static String daemonSet(String field) {
    return """
    apiVersion: apps/v1
    kind: DaemonSet
    metadata: {name: checked, namespace: default}
    spec:
      selector: {matchLabels: {app: checked}}
      template:
        metadata: {labels: {app: checked}}
        spec:
          containers:
          - name: agent
            image: smartagent
            %s
    """
        .formatted(field);
  }

  @Test
  void knowsTheSchemaOfAManifest() {
    Completed good = server.kubectl().validate(daemonSet("securityContext: {privileged: false}"));
    Completed misspelt =
        server.kubectl().validate(daemonSet("securityContext: {priviledged: false}"));
    Completed wrongType =
        server.kubectl().validate(daemonSet("securityContext: {runAsUser: nobody}"));
    assertThat(good.exitCode()).as("%s", good).isZero();
    assertThat(misspelt.exitCode()).as("%s", misspelt).isNotZero();
    assertThat(misspelt.error()).contains("priviledged");
    assertThat(wrongType.exitCode()).as("%s", wrongType).isNotZero();
    assertThat(server.kubectl().json("get", "daemonsets").get("items")).isEmpty();
  }

  @Test
  void givesAServiceAccountOnlyWhatItsRoleSays() {
    server
        .kubectl()
        .apply(
            """
            apiVersion: v1
            kind: ServiceAccount
            metadata: {name: reader, namespace: default}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: reader}
            rules:
            - {apiGroups: [""], resources: [pods], verbs: [list]}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: reader}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}
            subjects: [{kind: ServiceAccount, name: reader, namespace: default}]
            """);
    Kubectl reader = server.kubectl().asServiceAccount("default", "reader");
    Completed pods = reader.run("get", "pods", "-A");
    Completed secrets = reader.run("get", "secrets", "-A");
    assertThat(pods.exitCode()).as("%s", pods).isZero();
    assertThat(secrets.exitCode()).as("%s", secrets).isNotZero();
    assertThat(secrets.error()).contains("Forbidden", "system:serviceaccount:default:reader");
  }

  @Test
  void acceptsTheTokensOfAnAccountUntilTheAccountIsDeleted() {
    server.kubectl().run("create", "serviceaccount", "short-lived").orFail();
    String token = server.token("default", "short-lived");
    // The server remembers for ten seconds that it has accepted a token.
    String unseen = server.token("default", "short-lived");
    JsonNode review = review(token);
    assertThat(review.path("authenticated").asBoolean()).isTrue();
    assertThat(review.get("user").get("username").asText())
        .isEqualTo("system:serviceaccount:default:short-lived");
    server.kubectl().run("delete", "serviceaccount", "short-lived").orFail();
    assertThat(review(unseen).path("authenticated").asBoolean()).isFalse();
  }

  private JsonNode review(String token) {
    return server
        .kubectl()
        .post(
            "/apis/authentication.k8s.io/v1/tokenreviews",
            """
            {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "spec": {"token": "%s"}}
            """
                .formatted(token))
        .get("status");
  }

  @Test
  void keepsWhatItHasThroughARestart() {
    server.kubectl().run("create", "namespace", "kept").orFail();
    String before = uid("kept");
    server.restart();
    assertThat(uid("kept")).isEqualTo(before);
  }

  private String uid(String namespace) {
    return server.kubectl().json("get", "namespace", namespace).get("metadata").get("uid").asText();
  }
}
