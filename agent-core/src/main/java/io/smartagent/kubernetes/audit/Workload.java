package io.smartagent.kubernetes.audit;

import io.smartagent.kubernetes.yaml.ManifestNode;
import io.smartagent.kubernetes.yaml.ManifestNode.Mapping;
import io.smartagent.kubernetes.yaml.ManifestNode.Scalar;
import io.smartagent.kubernetes.yaml.ManifestNode.Sequence;
import io.smartagent.kubernetes.yaml.ManifestObject;
import io.smartagent.kubernetes.yaml.ManifestProblem;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An object that pods come from, or a pod.
 *
 * @param self what it is called
 * @param owner of it, where a controller made it
 * @param ownersOwner of that, where it is known here
 * @param replicas that it asks for, 1 where it asks for none
 * @param metadata of its pods
 * @param spec of its pods
 */
record Workload(
    Owner self,
    Optional<Owner> owner,
    Optional<Owner> ownersOwner,
    long replicas,
    Field metadata,
    Field spec) {

  private static final String HASH_LABEL = "pod-template-hash";

  /** Returns the workload that {@code object} is, nothing where no pods come from it. */
  static Optional<Workload> of(ManifestObject object, Consumer<ManifestProblem> problems) {
    Field root = Field.of(object.source(), object.fields(), problems);
    return template(object, root).map(template -> of(object, root, template));
  }

  /** The field that holds metadata and spec of the pods. */
  private static Optional<Field> template(ManifestObject object, Field root) {
    Field spec = root.get("spec");
    return switch (object.kind()) {
      case "Pod" -> Optional.of(root);
      case "PodTemplate" -> Optional.of(root.get("template"));
      case "CronJob" -> Optional.of(spec.get("jobTemplate").get("spec").get("template"));
      case "Deployment", "DaemonSet", "StatefulSet", "ReplicaSet", "ReplicationController", "Job" ->
          Optional.of(spec.get("template"));
      default -> ofUnknownKind(object, root);
    };
  }

  /** Of a kind that is not known, whatever looks like a pod's template is one. */
  private static Optional<Field> ofUnknownKind(ManifestObject object, Field root) {
    if (hasList(object.fields(), "spec", "template", "spec", "containers")) {
      return Optional.of(root.get("spec").get("template"));
    }
    boolean pod = object.kind().isEmpty() && hasList(object.fields(), "spec", "containers");
    return pod ? Optional.of(root) : Optional.empty();
  }

  private static boolean hasList(ManifestNode from, String... names) {
    @Nullable ManifestNode node = from;
    for (String name : names) {
      node = node instanceof Mapping mapping ? mapping.fields().get(name) : null;
    }
    return node instanceof Sequence;
  }

  private static Workload of(ManifestObject object, Field root, Field template) {
    Field metadata = root.get("metadata");
    String namespace = metadata.get("namespace").text().orElse("");
    String kind = object.kind().isEmpty() ? "Pod" : object.kind();
    String name =
        metadata.get("name").text().or(() -> metadata.get("generateName").text()).orElse("-");
    Optional<Owner> owner =
        metadata.get("ownerReferences").maps().stream()
            .filter(reference -> reference.get("controller").isTrue())
            .findFirst()
            .map(reference ->
                new Owner(
                    namespace,
                    reference.get("kind").text().orElse(""),
                    reference.get("name").text().orElse("")))
            // The kubelet's own pods are owned by their node.
            .filter(controller -> !controller.kind().equals("Node"));
    return new Workload(
        new Owner(namespace, kind, name),
        owner,
        owner.flatMap(controller -> deployment(controller, metadata)),
        hasReplicas(object) ? root.get("spec").get("replicas").number().orElse(1) : 1,
        template.get("metadata"),
        template.get("spec"));
  }

  private static boolean hasReplicas(ManifestObject object) {
    return object.fields().fields().get("spec") instanceof Mapping spec
        && spec.fields().get("replicas") instanceof Scalar;
  }

  /**
   * A Deployment calls its ReplicaSets after itself and the hash that their pods are labelled with.
   */
  private static Optional<Owner> deployment(Owner controller, Field metadata) {
    return metadata
        .get("labels")
        .get(HASH_LABEL)
        .text()
        .map(hash -> "-" + hash)
        .filter(end -> controller.kind().equals("ReplicaSet") && controller.name().endsWith(end))
        .map(end ->
            new Owner(
                controller.namespace(),
                "Deployment",
                controller.name().substring(0, controller.name().length() - end.length())));
  }

  /** Returns whether it is what is left of a former revision. */
  boolean isInactive() {
    return owner.isPresent() && replicas == 0;
  }

  /** Returns whether it is a pod itself, and not what pods come from. */
  boolean isPod() {
    return self.kind().equals("Pod");
  }

  /** Returns the names of the claims that its pods have as volumes. */
  List<String> claims() {
    return spec.get("volumes").maps().stream().map(this::claim).flatMap(Optional::stream).toList();
  }

  /** The claim of a volume that lives as long as its pod is called after both. */
  private Optional<String> claim(Field volume) {
    if (volume.get("ephemeral").isPresent()) {
      return volume.get("name").text().map(name -> self.name() + "-" + name).filter(any -> isPod());
    }
    return volume.get("persistentVolumeClaim").get("claimName").text();
  }

  /** Returns its pod, with what {@code volumes} says of its claims. */
  Pod pod(PersistentVolumes volumes) {
    return PodReader.read(
        metadata,
        spec,
        volume -> claim(volume).map(claim -> volumes.hostPath(self.namespace(), claim)));
  }
}
