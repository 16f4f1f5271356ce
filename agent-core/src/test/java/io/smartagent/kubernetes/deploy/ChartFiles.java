package io.smartagent.kubernetes.deploy;

import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kubernetes.ApiPermission;
import io.smartagent.kubernetes.ApiPermission.Scope;
import io.smartagent.kubernetes.ClusterFeature;
import io.smartagent.kubernetes.yaml.Yaml;
import io.smartagent.kubernetes.yaml.YamlWriter;
import io.smartagent.module.ContainerRoots;
import io.smartagent.module.ModuleDescriptor;
import io.smartagent.needs.LaunchNeed;
import io.smartagent.needs.Source;
import io.smartagent.probe.Ability;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the Helm chart knows of the code: the parts of it that are made, not written. */
public final class ChartFiles {

  private ChartFiles() {}

  /** Returns files/needs.yaml: what the templates decide of. */
  public static String needs(List<? extends ModuleDescriptor> catalog) {
    Yaml.Mapping needs =
        Yaml.map()
            .put("launch", launch())
            .put("capabilities", capabilities(catalog))
            .put("modules", modules(catalog))
            .put("directories", directories())
            .put("crioDirectories", crioDirectories())
            .put("scopes", scopes())
            .put("permissions", permissions());
    return "# Made by mvn test -pl agent-core -am -Dreadme.update=true of what the code says.\n"
        + YamlWriter.yaml(List.of(needs)).replaceFirst("---\n", "");
  }

  private static Yaml.Mapping launch() {
    Yaml.Mapping launch = Yaml.map();
    for (LaunchNeed need : LaunchNeed.values()) {
      launch.put(
          camelCase(need.name()),
          Yaml.map()
              .put("purpose", need.purpose())
              .put("capabilities", Yaml.texts(need.capabilities().shortNames())));
    }
    return launch;
  }

  private static String camelCase(String constant) {
    String[] words = constant.toLowerCase(Locale.ROOT).split("_", -1);
    StringBuilder name = new StringBuilder(words[0]);
    for (int i = 1; i < words.length; i++) {
      name.append(words[i].substring(0, 1).toUpperCase(Locale.ROOT)).append(words[i].substring(1));
    }
    return name.toString();
  }

  private static Yaml.Sequence capabilities(List<? extends ModuleDescriptor> catalog) {
    CapabilitySet used = CapabilitySet.NONE;
    for (LaunchNeed need : LaunchNeed.values()) {
      used = used.union(need.capabilities());
    }
    for (ModuleDescriptor module : catalog) {
      for (Source source : module.needs().sources()) {
        used = used.union(source.capabilities());
      }
    }
    CapabilitySet all = used;
    return Yaml.texts(
        Stream.of(Capability.values()).filter(all::contains).map(Capability::shortName).toList());
  }

  private static Yaml.Sequence modules(List<? extends ModuleDescriptor> catalog) {
    Yaml.Sequence modules = Yaml.list();
    for (ModuleDescriptor module : catalog) {
      Yaml.Sequence sources = Yaml.list();
      module.needs().sources().forEach(source -> sources.add(source(source)));
      modules.add(
          Yaml.map()
              .put("id", module.id())
              .put("looksAtHost", module.needs().reachHost())
              .put("sources", sources));
    }
    return modules;
  }

  private static Yaml.Mapping source(Source source) {
    Yaml.Mapping map =
        Yaml.map()
            .put("name", source.name())
            .put("capabilities", Yaml.texts(source.capabilities().shortNames()))
            .put("device", source.abilities().contains(Ability.KMSG))
            .put("api", source.abilities().contains(Ability.SERVICE_ACCOUNT))
            .put("readsProcesses", source.abilities().contains(Ability.PTRACE_READ));
    String limitation = source.limitation();
    return limitation == null ? map : map.put("limitation", limitation);
  }

  private static Yaml.Sequence directories() {
    Yaml.Sequence directories = Yaml.list();
    for (HostDirectory directory : HostDirectory.values()) {
      directories.add(
          Yaml.map()
              .put("path", directory.path())
              .put("name", MountPlanner.nameOf(directory))
              .put("all", directory.isForAll())
              .put("modules", directory.isForModules())
              .put("content", directory.content()));
    }
    return directories;
  }

  private static Yaml.Sequence crioDirectories() {
    Yaml.Sequence directories = Yaml.list();
    MountPlanner.CRIO_DIRECTORIES.forEach(path ->
        directories.add(Yaml.map().put("path", path).put("name", MountPlanner.nameOfCrio(path))));
    return directories;
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
