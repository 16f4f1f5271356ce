package io.smartagent.kubernetes.manifest;

import io.smartagent.kubernetes.ClusterFeature;
import io.smartagent.kubernetes.yaml.Yaml;
import io.smartagent.kubernetes.yaml.YamlWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The objects of a deployment, in the order in which they are to be made, as text. */
public final class Manifest {

  private Manifest() {}

  /**
   * Returns YAML with comments: who needs what.
   *
   * @param words that the plan was made of, to be repeated at its head
   */
  public static String yaml(DaemonSetPlan plan, List<String> words) {
    StringBuilder text = new StringBuilder();
    text.append("# smartagent manifest");
    words.forEach(word -> text.append(' ').append(YamlWriter.word(word)));
    text.append("\n#\n");
    for (PlannedModule module : plan.modules()) {
      text.append("# ").append(module.description()).append('\n');
    }
    if (plan.options().privileged()) {
      text.append(
          "# --unprivileged requests only the capabilities that these and the launch need.\n");
    }
    plan.notes().forEach(note -> text.append("# Note: ").append(note).append('\n'));
    if (keepsAgentNodes(plan)) {
      NodeResource.definition().ifPresent(definition -> text.append("---\n").append(definition));
    }
    return text.append(YamlWriter.yaml(objects(plan))).toString();
  }

  /** Returns a List of the same objects as JSON. */
  public static byte[] json(DaemonSetPlan plan) {
    Stream<Yaml.Mapping> definition =
        keepsAgentNodes(plan) ? NodeResource.object().stream() : Stream.empty();
    return YamlWriter.json(Stream.concat(definition, objects(plan).stream()).toList());
  }

  private static boolean keepsAgentNodes(DaemonSetPlan plan) {
    return plan.options().features().contains(ClusterFeature.AGENT_NODE);
  }

  private static List<Yaml.Mapping> objects(DaemonSetPlan plan) {
    ManifestOptions options = plan.options();
    List<Yaml.Mapping> objects = new ArrayList<>();
    if (options.createNamespace()) {
      objects.add(namespace(options));
    }
    objects.addAll(new AccessObjects(options).all());
    objects.addAll(new OwnNodePolicy(options).objects());
    objects.add(new DaemonSetObject(plan).object());
    return objects;
  }

  private static Yaml.Mapping namespace(ManifestOptions options) {
    Yaml.Mapping labels =
        Labels.all(options)
            .put(
                "A node agent needs hostPath, hostPID and hostNetwork, which no other level"
                    + " admits.",
                "pod-security.kubernetes.io/enforce",
                Yaml.text("privileged"));
    return Yaml.map()
        .put("apiVersion", "v1")
        .put("kind", "Namespace")
        .put("metadata", Yaml.map().put("name", options.namespace()).put("labels", labels));
  }
}
