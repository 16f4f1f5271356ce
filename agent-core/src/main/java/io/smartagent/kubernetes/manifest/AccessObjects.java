package io.smartagent.kubernetes.manifest;

import io.smartagent.kubernetes.ApiPermission;
import io.smartagent.kubernetes.ApiPermission.Scope;
import io.smartagent.kubernetes.ClusterFeature;
import io.smartagent.kubernetes.yaml.Yaml;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The agent's account, and the roles that allow it what its features ask of the API. */
final class AccessObjects {

  private static final String API_GROUP = "rbac.authorization.k8s.io";
  private static final String VERSION = API_GROUP + "/v1";

  private final ManifestOptions options;

  AccessObjects(ManifestOptions options) {
    this.options = options;
  }

  /** Returns the objects in the order in which they are to be made. */
  List<Yaml.Mapping> all() {
    List<Yaml.Mapping> objects = new ArrayList<>();
    objects.add(account());
    role(Scope.CLUSTER, "ClusterRole", options.clusterName(), Labels.ofCluster(options))
        .ifPresent(objects::addAll);
    role(Scope.NAMESPACE, "Role", options.name(), Labels.ofNamespace(options))
        .ifPresent(objects::addAll);
    return objects;
  }

  private Yaml.Mapping account() {
    return Yaml.map()
        .put("apiVersion", "v1")
        .put("kind", "ServiceAccount")
        .put("metadata", Labels.ofNamespace(options))
        .put(
            "No pod gets its token unasked; the agent's has a volume for it.",
            "automountServiceAccountToken",
            Yaml.flag(false));
  }

  private Optional<List<Yaml.Mapping>> role(
      Scope scope, String kind, String name, Yaml.Mapping metadata) {
    List<ApiPermission> permissions =
        Stream.of(ApiPermission.values())
            .filter(permission -> permission.scope() == scope)
            .filter(permission -> options.features().contains(permission.feature()))
            .toList();
    if (permissions.isEmpty()) {
      return Optional.empty();
    }
    Yaml.Sequence rules = Yaml.list();
    permissions.forEach(permission ->
        rules.add(permission.feature().id() + ": " + permission.purpose() + ".", rule(permission)));
    Yaml.Mapping role =
        Yaml.map()
            .put("apiVersion", VERSION)
            .put("kind", kind)
            .put("metadata", metadata)
            .put("rules", rules);
    return Optional.of(List.of(role, binding(kind, name, metadata)));
  }

  private Yaml.Mapping rule(ApiPermission permission) {
    Yaml.Mapping rule =
        Yaml.map()
            .put("apiGroups", Yaml.texts(List.of(permission.group())))
            .put("resources", Yaml.texts(permission.resources()));
    if (permission.feature() == ClusterFeature.CONFIG_MAP) {
      // A watch by name is one of that name only: kube-apiserver's RequestInfo takes it from there.
      rule.put("resourceNames", Yaml.texts(List.of(options.configMap())));
    }
    return rule.put("verbs", Yaml.texts(permission.verbs()));
  }

  private Yaml.Mapping binding(String kind, String name, Yaml.Mapping metadata) {
    return Yaml.map()
        .put("apiVersion", VERSION)
        .put("kind", kind + "Binding")
        .put("metadata", metadata)
        .put("roleRef", Yaml.map().put("apiGroup", API_GROUP).put("kind", kind).put("name", name))
        .put(
            "subjects",
            Yaml.list()
                .add(
                    Yaml.map()
                        .put("kind", "ServiceAccount")
                        .put("name", options.name())
                        .put("namespace", options.namespace())));
  }
}
