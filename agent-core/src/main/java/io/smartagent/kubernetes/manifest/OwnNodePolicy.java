package io.smartagent.kubernetes.manifest;

import io.smartagent.kubernetes.ClusterFeature;
import io.smartagent.kubernetes.yaml.Yaml;
import java.util.List;

/**
 * What no role can express: an agent writes the AgentNode of its own node only. Since Kubernetes
 * 1.30 the token of a pod holds the name of its node (KEP-4193), and the server evaluates policies
 * by itself (KEP-3488).
 */
final class OwnNodePolicy {

  private static final String VERSION = "admissionregistration.k8s.io/v1";

  private static final String OWN_NODE =
      "request.userInfo.?extra['authentication.kubernetes.io/node-name'][?0].orValue('') =="
          + " object.metadata.name";

  private final ManifestOptions options;

  OwnNodePolicy(ManifestOptions options) {
    this.options = options;
  }

  /**
   * Returns the policy and its binding; nothing where no AgentNode is written or none is wanted.
   */
  List<Yaml.Mapping> objects() {
    boolean writes = options.features().contains(ClusterFeature.AGENT_NODE);
    return writes && options.admissionPolicy() ? List.of(policy(), binding()) : List.of();
  }

  private Yaml.Mapping policy() {
    return Yaml.map()
        .put("apiVersion", VERSION)
        .put("kind", "ValidatingAdmissionPolicy")
        .put("metadata", Labels.ofCluster(options))
        .put(
            "spec",
            Yaml.map()
                .put("failurePolicy", "Fail")
                .put("matchConstraints", constraints())
                .put(
                    "matchConditions",
                    Yaml.list().add(named("is-an-agent", "request.userInfo.username == " + user())))
                .put(
                    "validations",
                    Yaml.list()
                        .add(
                            Yaml.map()
                                .put("expression", OWN_NODE)
                                .put(
                                    "message",
                                    "An agent writes the AgentNode of its own node only."))));
  }

  private String user() {
    return "'system:serviceaccount:" + options.namespace() + ":" + options.name() + "'";
  }

  private static Yaml.Mapping named(String name, String expression) {
    return Yaml.map().put("name", name).put("expression", expression);
  }

  private static Yaml.Mapping constraints() {
    return Yaml.map()
        .put(
            "resourceRules",
            Yaml.list()
                .add(
                    Yaml.map()
                        .put("apiGroups", Yaml.texts(List.of("smartagent.io")))
                        .put("apiVersions", Yaml.texts(List.of("*")))
                        .put("operations", Yaml.texts(List.of("CREATE", "UPDATE")))
                        .put("resources", Yaml.texts(List.of("agentnodes", "agentnodes/status")))));
  }

  private Yaml.Mapping binding() {
    return Yaml.map()
        .put("apiVersion", VERSION)
        .put("kind", "ValidatingAdmissionPolicyBinding")
        .put("metadata", Labels.ofCluster(options))
        .put(
            "spec",
            Yaml.map()
                .put("policyName", options.clusterName())
                .put("validationActions", Yaml.texts(List.of("Deny"))));
  }
}
