package io.smartagent.kubernetes.manifest;

import io.smartagent.kernel.capability.Capability;
import io.smartagent.kubernetes.ApiPermission;
import io.smartagent.kubernetes.ApiPermission.Scope;
import io.smartagent.kubernetes.ClusterFeature;
import io.smartagent.kubernetes.yaml.Yaml;
import io.smartagent.kubernetes.yaml.YamlWriter;
import io.smartagent.module.ContainerRoots;
import io.smartagent.module.ModuleDescriptor;
import io.smartagent.needs.Source;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the Helm chart knows of the code: the parts of it that are made, not written. */
public final class ChartFiles {

  private ChartFiles() {}

  /** Returns files/needs.yaml: what is part of a deployment, and when. */
  public static String needs(List<? extends ModuleDescriptor> catalog) {
    DeploymentRules rules = DeploymentRules.of(catalog);
    Yaml.Mapping needs =
        Yaml.map()
            .put("facts", facts(rules))
            .put("needs", needs(rules))
            .put("mounts", mounts(rules))
            .put("modules", modules(catalog))
            .put("scopes", scopes())
            .put("permissions", permissions());
    return "# Made by mvn test -pl agent-core -am -Dreadme.update=true of what the code says.\n"
        + YamlWriter.yaml(needs);
  }

  private static Yaml.Sequence facts(DeploymentRules rules) {
    Yaml.Sequence facts = Yaml.list();
    for (DeploymentRules.Rule rule : rules.facts()) {
      facts.add(
          Yaml.map().put("then", Yaml.texts(rule.then())).put("when", Yaml.texts(rule.when())));
    }
    return facts;
  }

  private static Yaml.Sequence needs(DeploymentRules rules) {
    Yaml.Sequence needs = Yaml.list();
    for (DeploymentRules.Need need : rules.needs()) {
      needs.add(
          Yaml.map()
              .put("reason", need.reason())
              .put("when", Yaml.texts(need.when()))
              .put("capabilities", Yaml.texts(need.capabilities().shortNames())));
    }
    return needs;
  }

  private static Yaml.Sequence mounts(DeploymentRules rules) {
    Yaml.Sequence mounts = Yaml.list();
    for (DeploymentRules.MountRule rule : rules.mounts()) {
      HostMount mount = rule.mount();
      mounts.add(
          Yaml.map()
              .put("name", mount.name())
              .put("path", mount.path())
              .put("readOnly", mount.readOnly())
              .put("create", mount.create())
              .put("reason", mount.reason())
              .put("when", Yaml.texts(rule.when())));
    }
    return mounts;
  }

  private static Yaml.Sequence modules(List<? extends ModuleDescriptor> catalog) {
    Yaml.Sequence modules = Yaml.list();
    for (ModuleDescriptor module : catalog) {
      Yaml.Sequence sources = Yaml.list();
      for (Source source : module.needs().sources()) {
        Yaml.Mapping map = Yaml.map().put("name", source.name());
        String limitation = source.limitation();
        sources.add(limitation == null ? map : map.put("limitation", limitation));
      }
      modules.add(
          Yaml.map()
              .put("id", module.id())
              .put("readsHost", module.needs().reachHost())
              .put("sources", sources));
    }
    return modules;
  }

  private static Yaml.Sequence scopes() {
    return Yaml.list()
        .add(
            Yaml.map()
                .put("name", Scope.CLUSTER.name())
                .put("kind", "ClusterRole")
                .put("namespaced", false))
        .add(
            Yaml.map()
                .put("name", Scope.NAMESPACE.name())
                .put("kind", "Role")
                .put("namespaced", true));
  }

  private static Yaml.Sequence permissions() {
    Yaml.Sequence permissions = Yaml.list();
    for (ApiPermission permission : ApiPermission.values()) {
      if (permission.feature().isOfAgent()) {
        permissions.add(
            Yaml.map()
                .put("feature", permission.feature().id())
                .put("scope", permission.scope().name())
                .put("group", permission.group())
                .put("resources", Yaml.texts(permission.resources()))
                .put("verbs", Yaml.texts(permission.verbs()))
                .put("purpose", permission.purpose()));
      }
    }
    return permissions;
  }

  /** Returns values.schema.json: what the chart accepts. */
  public static String schema(List<? extends ModuleDescriptor> catalog) throws IOException {
    try (InputStream stream =
        ChartFiles.class.getResourceAsStream("/helm/values.schema.template.json")) {
      if (stream == null) {
        throw new IOException("no template of the schema");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
          .replace(
              "@CAPABILITIES@", quoted(Stream.of(Capability.values()).map(Capability::shortName)))
          .replace(
              "@FEATURES@",
              quoted(
                  Stream.of(ClusterFeature.values())
                      .filter(ClusterFeature::isOfAgent)
                      .map(ClusterFeature::id)))
          .replace(
              "@MODULES@",
              catalog.stream().map(ModuleDescriptor::id).collect(Collectors.joining("|")))
          .replace(
              "@RUNTIMES@",
              ContainerRoots.RUNTIMES.stream()
                  .map(runtime -> '"' + runtime + "\": { \"$ref\": \"#/definitions/paths\" }")
                  .collect(Collectors.joining(",\n        ")));
    }
  }

  private static String quoted(Stream<String> words) {
    return words.map(word -> '"' + word + '"').collect(Collectors.joining(", "));
  }
}
