package io.smartagent.modules.kubernetesattributes;

import io.fabric8.kubernetes.api.model.OwnerReference;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What has made a pod, as its user knows it. A Deployment's pods belong to a ReplicaSet and a
 * CronJob's to a Job, whose names are made of the user's by rules that controllers keep: so no
 * other objects have to be asked for, and no role has to allow it.
 *
 * @param kind such as {@code Deployment}
 * @param name of the object
 */
record Workload(String kind, String name) {

  /** The number of a CronJob's minute: since 2001 it has had so many digits, or more. */
  private static final int DIGITS_OF_A_MINUTE = 8;

  /**
   * Returns what has made a pod; the pod itself where nothing has.
   *
   * @param owners {@code ownerReferences}; null where there are none
   */
  static Workload of(
      String pod, Map<String, String> labels, @Nullable List<OwnerReference> owners) {
    for (OwnerReference owner : owners == null ? List.<OwnerReference>of() : owners) {
      if (Boolean.TRUE.equals(owner.getController())) {
        return of(owner.getKind(), owner.getName(), labels);
      }
    }
    return new Workload("Pod", pod);
  }

  private static Workload of(String kind, String name, Map<String, String> labels) {
    return switch (kind) {
      case "ReplicaSet" -> ofReplicaSet(name, labels);
      case "Job" -> {
        String cronJob = withoutMinute(name);
        yield cronJob == null ? new Workload(kind, name) : new Workload("CronJob", cronJob);
      }
      default -> new Workload(kind, name);
    };
  }

  /** NAME-HASH, where the hash is also a label: of a Deployment, or of a Rollout of Argo's. */
  private static Workload ofReplicaSet(String name, Map<String, String> labels) {
    String deployment = withoutHash(name, labels.get("pod-template-hash"));
    if (deployment != null) {
      return new Workload("Deployment", deployment);
    }
    String rollout = withoutHash(name, labels.get("rollouts-pod-template-hash"));
    return rollout != null ? new Workload("Rollout", rollout) : new Workload("ReplicaSet", name);
  }

  private static @Nullable String withoutHash(String name, @Nullable String hash) {
    String ending = "-" + hash;
    boolean fits = hash != null && name.length() > ending.length() && name.endsWith(ending);
    return fits ? name.substring(0, name.length() - ending.length()) : null;
  }

  /** NAME-MINUTE: pkg/controller/cronjob/utils.go of Kubernetes. */
  private static @Nullable String withoutMinute(String name) {
    int dash = name.lastIndexOf('-');
    String minute = name.substring(dash + 1);
    boolean fits =
        dash > 0
            && minute.length() >= DIGITS_OF_A_MINUTE
            && minute.chars().allMatch(digit -> digit >= '0' && digit <= '9');
    return fits ? name.substring(0, dash) : null;
  }
}
